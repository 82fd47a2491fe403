// Templates: their list, their mutations, their project.
import { unauthenticated } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { once } from '@taskgraph/shared/once';
import { scopeId } from '@taskgraph/shared/scope';
import { createTasksFromTemplate, replayMadeTasks, requireTemplate, type MadeRecord } from '../commands/create-tasks-from-template.js';
import { saveTaskTemplate } from '../commands/save-task-template.js';
import type { Context } from '../context.js';
import { readAs } from '../database.js';
import type { TaskTemplateRow } from '../entities/task-template.js';
import type { MutationResolvers, TaskTemplateResolvers } from '../generated/resolver-types.js';
import { canSee } from '../policies.js';
import { listTemplates } from '../repositories/template-repository.js';

export const TaskTemplate: TaskTemplateResolvers = {
  project: (template) => (template.projectId ? { id: template.projectId } : null),
};

/** Those of a project, or the viewer's own; null without an error for a project the viewer does not belong to. */
export async function taskTemplates(projectId: string | null, context: Context): Promise<TaskTemplateRow[] | null> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  if (projectId !== null && (!isUuid(projectId) || !canSee(await context.memberships.load({ kind: 'project', id: projectId })))) return null;
  const scope = projectId === null ? scopeId('user', viewerId) : scopeId('project', projectId);
  return readAs(context.database, viewerId, (rows) => listTemplates(rows, scope));
}

export const templateMutations: Pick<MutationResolvers, 'saveTaskTemplate' | 'createTasksFromTemplate'> = {
  saveTaskTemplate: (_root, { input }, context, info) =>
    once(context, info, input, () => saveTaskTemplate(context, input), async ({ templateId }: { templateId: string }) => ({
      template: await requireTemplate(context, context.viewer?.id ?? '', templateId),
    })),
  createTasksFromTemplate: (_root, { input }, context, info) =>
    once(context, info, input, () => createTasksFromTemplate(context, input), (record: MadeRecord) => replayMadeTasks(context, record)),
};
