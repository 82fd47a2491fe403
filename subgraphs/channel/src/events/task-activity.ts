import type { TaskChanged, TaskCommented } from '@taskgraph/shared/contracts/task-events';
import type { TailedEvent } from '@taskgraph/shared/event-tail';
import { taskSummary, type TaskDeed } from '../notification-text.js';
import { changedPlace } from '../recipients.js';
import type { NewActivity } from '../repositories/activity-repository.js';

const deeds: Partial<Record<string, TaskDeed>> = {
  'task.created': 'TASK_CREATED', 'task.assigned': 'TASK_ASSIGNED', 'task.completed': 'TASK_COMPLETED', 'task.reopened': 'TASK_REOPENED',
  'task.commented': 'TASK_COMMENTED', 'task.moved': 'TASK_MOVED',
};

/** The line of the feed. Personal tasks are nobody's news; a place in the manual order is none. */
export function taskActivity(event: TailedEvent, task: TaskChanged, actor: string | null): NewActivity[] {
  const kind = deeds[event.type];
  const { projectId, channelId, taskId } = task;
  if (!kind || (!projectId && !channelId)) return [];
  if (kind === 'TASK_MOVED' && !changedPlace(task)) return [];
  if (kind === 'TASK_COMMENTED' && (task as TaskCommented).action !== 'added') return [];
  const summary = taskSummary(kind, actor, task);
  return [{ id: event.id, kind, actorId: event.actorId, taskId, projectId, channelId, summary, at: event.at }];
}
