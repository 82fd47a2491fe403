// The patch of a bulk: what it does to one task.
import { badInput } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { TaskRow } from '../entities/task.js';
import type { TaskPatch } from '../generated/resolver-types.js';
import type { TaskFields } from './change-task.js';
import { checkLabels, withLabels } from './check-label.js';
import { checkAssignees, checkPriority } from './check-task.js';

/** What can be refused before any task is looked at. */
export function checkBulkPatch(patch: TaskPatch): void {
  const { delete: trash, ...fields } = patch;
  if (trash && Object.values(fields).some((value) => value !== undefined)) throw badInput('input.patch.delete', 'must stand alone');
  for (const field of ['status', 'priority'] as const) if (patch[field] === null) throw badInput(`input.patch.${field}`, 'must not be null');
  if (patch.priority != null) checkPriority(patch.priority, 'input.patch.priority');
}

export async function bulkPatch(context: Context, task: TaskRow, patch: TaskPatch): Promise<TaskFields> {
  const fields: TaskFields = {};
  if (patch.status != null) fields.status = patch.status;
  if (patch.priority != null) fields.priority = patch.priority;
  if (patch.dueAt !== undefined) fields.dueAt = patch.dueAt;
  if (patch.addAssigneeIds ?? patch.removeAssigneeIds) {
    const added = await checkAssignees(context, task, patch.addAssigneeIds ?? [], 'input.patch.addAssigneeIds');
    fields.assigneeIds = without([...new Set([...task.assigneeIds, ...added])], patch.removeAssigneeIds);
  }
  if (patch.addLabelIds ?? patch.removeLabelIds) {
    const added = await checkLabels(context, task, patch.addLabelIds ?? [], 'input.patch.addLabelIds');
    fields.labelIds = withLabels(task.labelIds, added, patch.removeLabelIds ?? []);
  }
  return fields;
}

export const without = (ids: string[], removed: readonly string[] | null | undefined): string[] => {
  const gone = new Set((removed ?? []).map((id) => id.toLowerCase()));
  return ids.filter((id) => !gone.has(id));
};
