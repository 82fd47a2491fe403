import { once } from '@taskgraph/shared/once';
import { addTaskDependency } from '../commands/add-task-dependency.js';
import { assignTask } from '../commands/assign-task.js';
import { bulkUpdateTasks, outcomeOf } from '../commands/bulk-update-tasks.js';
import { completeTask } from '../commands/complete-task.js';
import { createTask } from '../commands/create-task.js';
import { deleteTask } from '../commands/delete-task.js';
import { moveTask } from '../commands/move-task.js';
import { removeTaskDependency } from '../commands/remove-task-dependency.js';
import { reopenTask } from '../commands/reopen-task.js';
import { restoreTask } from '../commands/restore-task.js';
import { toggleTaskCompletion } from '../commands/toggle-task-completion.js';
import { replayUndo, undo } from '../commands/undo.js';
import { updateTask } from '../commands/update-task.js';
import { unwatchTask, watchTask } from '../commands/watch-task.js';
import { replayTask, type TaskRecord, type WrittenTask } from '../commands/write-task.js';
import type { Context } from '../context.js';
import { commentMutations } from './comment-mutations.js';
import { importMutations } from './import-mutations.js';
import { templateMutations } from './task-templates.js';
import { labelMutations } from './label-mutations.js';
import type { MutationResolvers } from '../generated/resolver-types.js';
import type { GraphQLResolveInfo } from 'graphql';

/** A mutation of one task, resendable under its Idempotency-Key. */
const taskMutation =
  <Input>(command: (context: Context, input: Input) => Promise<WrittenTask>) =>
  (_root: unknown, { input }: { input: Input }, context: Context, info: GraphQLResolveInfo): Promise<WrittenTask> =>
    once(context, info, input, () => command(context, input), (record: TaskRecord) => replayTask(context, record));

export const Mutation: MutationResolvers = {
  ...labelMutations,
  ...commentMutations,
  ...importMutations,
  ...templateMutations,
  watchTask: taskMutation(watchTask),
  unwatchTask: taskMutation(unwatchTask),
  createTask: taskMutation(createTask),
  updateTask: taskMutation(updateTask),
  completeTask: taskMutation(completeTask),
  reopenTask: taskMutation(reopenTask),
  toggleTaskCompletion: taskMutation(toggleTaskCompletion),
  assignTask: taskMutation(assignTask),
  addTaskDependency: taskMutation(addTaskDependency),
  removeTaskDependency: taskMutation(removeTaskDependency),
  moveTask: taskMutation(moveTask),
  deleteTask: taskMutation(deleteTask),
  restoreTask: taskMutation(restoreTask),
  undo: (_root, { input }, context, info) => once(context, info, input, () => undo(context, input), (record: never) => replayUndo(context, record)),
  bulkUpdateTasks: (_root, { input }, context, info) =>
    once(context, info, input, () => bulkUpdateTasks(context, input), async (record: never) => outcomeOf(context, [record])),
};
