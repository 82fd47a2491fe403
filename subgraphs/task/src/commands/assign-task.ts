import type { Context } from '../context.js';
import type { AssignTaskInput } from '../generated/resolver-types.js';
import { checkAssignees, preloadPeople } from './check-task.js';
import { patchTask } from './patch-task.js';
import type { WrittenTask } from './write-task.js';

/** Adds and removes assignees; those added must be able to see the task. Emits task.assigned. */
export async function assignTask(context: Context, input: AssignTaskInput): Promise<WrittenTask> {
  await preloadPeople(context, await context.tasks.load(input.id), input.add ?? []);
  return patchTask(context, input.id, input.expectedVersion ?? null, async (task) => {
    const added = await checkAssignees(context, task, input.add ?? [], 'input.add');
    const removed = new Set((input.remove ?? []).map((id) => id.toLowerCase()));
    return { assigneeIds: [...new Set([...task.assigneeIds, ...added])].filter((id) => !removed.has(id)) };
  });
}
