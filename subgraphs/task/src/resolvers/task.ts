import type { TaskResolvers } from '../generated/resolver-types.js';
import { taskComments, taskLabels } from './task-attachments.js';
import { taskHistory } from './task-history.js';
import { subtaskProgress, subtasks, visible } from './task-links.js';

export const Task: TaskResolvers = {
  // Async, because a synchronous throw would null the whole batch.
  __resolveReference: async (reference, context) => context.tasks.load(reference.id),
  overdue: (task) => task.dueAt !== null && task.dueAt < new Date() && task.status !== 'COMPLETED' && task.status !== 'CANCELLED',
  watchers: (task) => task.watcherIds.map((id) => ({ id })),
  comments: (task, args, context) => taskComments(task, args, context),
  labels: (task, _args, context) => taskLabels(task, context),
  parent: async (task, _args, context) => (task.parentId ? context.tasks.load(task.parentId) : null),
  subtasks: (task, args, context) => subtasks(task, args, context),
  subtaskProgress: (task, _args, context) => subtaskProgress(task, context),
  blockedBy: async (task, _args, context) => visible(await context.blockerIds.load(task.id), context),
  blocks: async (task, _args, context) => visible(await context.dependentIds.load(task.id), context),
  recurrence: (task) => (task.recurrenceRule === null ? null : task),
  creator: (task) => ({ id: task.creatorId }),
  assignees: (task) => task.assigneeIds.map((id) => ({ id })),
  project: (task) => (task.projectId ? { id: task.projectId } : null),
  history: taskHistory,
  channel: (task) => (task.channelId ? { id: task.channelId } : null),
};
