import type { TaskChanged, TaskCommented } from '@taskgraph/shared/contracts/task-events';
import type { Reaction } from '@taskgraph/shared/event-tail';
import { taskSummary, type TaskDeed } from '../notification-text.js';
import { changedPlace } from '../recipients.js';
import { insertActivity } from '../repositories/activity-repository.js';
import { findContactName } from '../repositories/contact-repository.js';
import { onceIn } from '../same-transaction.js';

const deeds: Partial<Record<string, TaskDeed>> = {
  'task.created': 'TASK_CREATED', 'task.assigned': 'TASK_ASSIGNED', 'task.completed': 'TASK_COMPLETED', 'task.reopened': 'TASK_REOPENED',
  'task.commented': 'TASK_COMMENTED', 'task.moved': 'TASK_MOVED',
};

/** Writes a line of the feed. Personal tasks and what is imported are nobody's news; a place in the manual order is none. */
export const onTaskActivity: Reaction = async (tx, event) => {
  const task = event.payload as TaskChanged;
  const kind = deeds[event.type];
  const { projectId, channelId, taskId } = task;
  if (!kind || task.imported || (!projectId && !channelId)) return;
  if (kind === 'TASK_MOVED' && !changedPlace(task)) return;
  if (kind === 'TASK_COMMENTED' && (task as TaskCommented).action !== 'added') return;
  const summary = taskSummary(kind, await onceIn(tx, `name ${event.actorId}`, () => findContactName(tx, event.actorId)), task);
  await insertActivity(tx, event, { kind, actorId: event.actorId, taskId, projectId, channelId, summary });
};
