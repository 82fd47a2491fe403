// Reads of templates, each inside `readAs`: row level security is on.
import { selectRows } from '@taskgraph/shared/database';
import { isUuid } from '@taskgraph/shared/ids';
import type { DataSource } from 'typeorm';
import type { Rows } from '../database.js';
import type { TaskTemplateRow } from '../entities/task-template.js';

const columns = `t.id, t.project_id as "projectId", t.scope_id as "scopeId", t.owner_id as "ownerId", t.name, t.tasks, t.created_as as "createdAs",
  t.created_at as "createdAt"`;

/** By name; the same name may occur twice. */
export const listTemplates = (rows: Rows, scopeId: string): Promise<TaskTemplateRow[]> =>
  rows(`select ${columns} from task_templates t where t.scope_id = $1 order by t.name, t.id`, [scopeId]);

export async function findTemplate(rows: Rows, id: string): Promise<TaskTemplateRow | null> {
  const [row] = await rows<TaskTemplateRow>(`select ${columns} from task_templates t where t.id = $1`, [id]);
  return row ?? null;
}

/** Whose a template is, seen without row level security: only for asking whether the viewer may see it. */
export async function findTemplatePlace(database: DataSource, id: string): Promise<{ projectId: string | null; ownerId: string } | null> {
  if (!isUuid(id)) return null;
  const [row] = await selectRows<{ projectId: string | null; ownerId: string }>(
    database,
    'select project_id as "projectId", owner_id as "ownerId" from template_places(array[$1::uuid])',
    [id],
  );
  return row ?? null;
}
