import type { TaskChangeResolvers } from '../generated/resolver-types.js';

export const TaskChange: TaskChangeResolvers = {
  /** As it is now, for this viewer; null when it is no longer visible. */
  task: async (change, _args, context) => (change.taskId ? context.tasks.load(change.taskId) : null),
  actor: (change) => (change.actorId ? { id: change.actorId } : null),
};
