import { badInput } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { TaskRow } from '../entities/task.js';
import type { UpdateTaskInput } from '../generated/resolver-types.js';
import { patchRecurrence } from '../recurrence/check-recurrence.js';
import type { TaskFields } from './change-task.js';
import { checkLabels, preloadLabels } from './check-label.js';
import { checkAssignees, checkDescription, checkPriority, checkTitle, preloadPeople } from './check-task.js';
import { patchTask } from './patch-task.js';
import type { WrittenTask } from './write-task.js';

/** Applies a patch: absent keeps, null clears what can be null. Emits the most specific event of what happened, or none. */
export async function updateTask(context: Context, input: UpdateTaskInput): Promise<WrittenTask> {
  await preloadLabels(context, input.id, input.labelIds);
  if (input.assigneeIds) await preloadPeople(context, await context.tasks.load(input.id), input.assigneeIds);
  return patchTask(context, input.id, input.expectedVersion ?? null, (task) => readPatch(context, task, input));
}

async function readPatch(context: Context, task: TaskRow, input: UpdateTaskInput): Promise<TaskFields> {
  const patch: TaskFields = {};
  for (const field of ['title', 'status', 'priority'] as const) if (input[field] === null) throw badInput(`input.${field}`, 'must not be null');
  if (input.title != null) patch.title = checkTitle(input.title);
  if (input.status != null) patch.status = input.status;
  if (input.priority != null) patch.priority = checkPriority(input.priority);
  if (input.description !== undefined) patch.description = input.description === null ? null : checkDescription(input.description);
  if (input.startAt !== undefined) patch.startAt = input.startAt;
  if (input.dueAt !== undefined) patch.dueAt = input.dueAt;
  if (input.assigneeIds !== undefined) patch.assigneeIds = await checkAssignees(context, task, input.assigneeIds ?? []);
  if (input.labelIds !== undefined) patch.labelIds = await checkLabels(context, task, input.labelIds ?? []);
  if (input.parentId !== undefined) patch.parentId = input.parentId?.toLowerCase() ?? null;
  Object.assign(patch, patchRecurrence(task, input));
  return patch;
}
