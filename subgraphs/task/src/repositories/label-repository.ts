// Reads of labels, each inside `readAs`: row level security is on and hides labels that are being taken off their tasks.
import { selectRows } from '@taskgraph/shared/database';
import { isUuid } from '@taskgraph/shared/ids';
import type { DataSource } from 'typeorm';
import type { Rows } from '../database.js';
import type { LabelRow } from '../entities/label.js';

const columns = `l.id, l.scope_id as "scopeId", l.project_id as "projectId", l.name, l.name_key as "nameKey", l.color, l.created_as as "createdAs"`;

export const findLabels = (rows: Rows, ids: readonly string[]): Promise<LabelRow[]> =>
  rows(`select ${columns} from labels l where l.id = any ($1::uuid[])`, [ids.filter(isUuid)]);

/** Labels of several projects, each project's by name. */
export const listLabels = (rows: Rows, scopes: readonly string[]): Promise<LabelRow[]> =>
  rows(`select ${columns} from labels l where l.scope_id = any ($1::uuid[]) order by l.name_key`, [scopes]);

/** The project of a label, seen without row level security: only for asking whether the viewer may see it. */
export async function findLabelProject(database: DataSource, id: string): Promise<string | null> {
  if (!isUuid(id)) return null;
  const [row] = await selectRows<{ project_id: string }>(database, 'select project_id from label_places(array[$1::uuid])', [id]);
  return row?.project_id ?? null;
}
