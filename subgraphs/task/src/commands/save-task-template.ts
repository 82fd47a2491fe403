import { createHash } from 'node:crypto';
import { badInput, conflict, notFound, unauthenticated } from '@taskgraph/shared/errors';
import { isUuid, isUuidV7, newId } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import { checkText } from '@taskgraph/shared/text';
import { sqlState } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import { readAs } from '../database.js';
import { TaskTemplateEntity, type TaskTemplateRow } from '../entities/task-template.js';
import type { SaveTaskTemplateInput } from '../generated/resolver-types.js';
import { findTemplate } from '../repositories/template-repository.js';
import { checkTemplateTasks } from './check-template.js';
import { requireManager } from './create-label.js';
import { templateOfTask } from './template-of-task.js';
import { writeAs } from './write-task.js';

/** Most templates of one project or person. */
const templatesPerPlace = 100;

/**
 * Keeps a list of tasks, or a task with its subtasks, as a template. With a known `id`: the same person and the same input
 * answers the template as it is now, anything else is CONFLICT.
 */
export async function saveTaskTemplate(context: Context, input: SaveTaskTemplateInput): Promise<{ template: TaskTemplateRow }> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  if (input.id != null && !isUuidV7(input.id)) throw badInput('input.id', 'must be a UUIDv7');
  const id = input.id?.toLowerCase() ?? newId();
  if ((input.fromTaskId == null) === (input.tasks == null)) throw badInput('input.tasks', 'or fromTaskId is needed, exactly one of them');
  if (input.projectId != null && !isUuid(input.projectId)) throw notFound('project');
  if (input.projectId != null) await requireManager(context, viewerId, input.projectId, 'project');
  const name = checkText('input.name', input.name, { min: 1, max: 100 });
  const given = input.tasks == null ? null : checkTemplateTasks(input.tasks);
  const createdAs = createHash('sha256').update(JSON.stringify([viewerId, id, input.projectId, name, input.fromTaskId, given])).digest('base64url');
  const repeated = await repeatedTemplate(context, viewerId, id, createdAs);
  if (repeated) return repeated;

  const projectId = input.projectId?.toLowerCase() ?? null;
  const template: TaskTemplateRow = {
    id, projectId, scopeId: projectId ? scopeId('project', projectId) : scopeId('user', viewerId), ownerId: viewerId, name,
    tasks: given ?? (await templateOfTask(context, viewerId, input.fromTaskId as string)), createdAs, createdAt: new Date(),
  };
  try {
    await writeAs(context, viewerId, [`templates:${template.scopeId}`, `template:${id}`], async (tx) => {
      const [counted] = await tx.query<{ count: number }>('select count(*)::int as count from task_templates where scope_id = $1', [template.scopeId]);
      if ((counted?.count ?? 0) >= templatesPerPlace) throw conflict(`There are ${templatesPerPlace} templates here already.`);
      await tx.manager.insert(TaskTemplateEntity, template);
      tx.remember({ templateId: id });
    });
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    // A twin of this request was faster, or somebody else's template, which row level security hides, has this id.
    const twin = await repeatedTemplate(context, viewerId, id, createdAs);
    if (twin) return twin;
    throw conflict('This id is taken.', { fields: ['id'] });
  }
  return { template };
}

async function repeatedTemplate(context: Context, viewerId: string, id: string, createdAs: string): Promise<{ template: TaskTemplateRow } | null> {
  const template = await readAs(context.database, viewerId, (rows) => findTemplate(rows, id));
  if (!template) return null;
  if (template.createdAs !== createdAs) throw conflict('This id is taken.', { fields: ['id'] });
  return { template };
}
