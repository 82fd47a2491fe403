// Who is told of a change of a task (RULES §7). Pure: whether somebody can still see the task is asked elsewhere.
import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import type { TaskKind } from './notification-text.js';

export const taskEventTypes = ['task.created', 'task.updated', 'task.assigned', 'task.completed', 'task.reopened'] as const;
export type TaskEventType = (typeof taskEventTypes)[number];

export interface TaskEvent {
  type: TaskEventType;
  actorId: string | null;
  task: Pick<TaskChanged, 'creatorId' | 'state' | 'before'>;
  /** Owner and maintainers of the task's project; empty for tasks elsewhere. */
  watcherIds: readonly string[];
}

export interface Recipient {
  userId: string;
  kind: TaskKind;
}

/** One entry per person, with the most specific kind: who is newly assigned hears that, whatever else happened. Nobody is told of their own action. */
export function recipients({ type, actorId, task, watcherIds }: TaskEvent): Recipient[] {
  const { assigneeIds } = task.state;
  const formerIds = new Set(task.before?.assigneeIds);
  const told = new Map<string, TaskKind>();
  // Most specific first: the first kind that a person gets stays.
  const tell = (userIds: readonly string[], kind: TaskKind) => {
    for (const userId of userIds) if (userId !== actorId && !told.has(userId)) told.set(userId, kind);
  };
  tell(assigneeIds.filter((userId) => !formerIds.has(userId)), 'TASK_ASSIGNED');
  if (type === 'task.completed') tell([task.creatorId, ...assigneeIds], 'TASK_COMPLETED');
  if (type === 'task.reopened') tell([task.creatorId, ...assigneeIds], 'TASK_REOPENED');
  if (type === 'task.created') tell(watcherIds, 'TASK_CREATED');
  if (type === 'task.updated' || type === 'task.assigned') tell(assigneeIds, 'TASK_UPDATED');
  return [...told].map(([userId, kind]) => ({ userId, kind }));
}

/** Kinds that are mailed at once; the rest is in-app only. */
export const isMailed = (kind: string): boolean => kind === 'TASK_ASSIGNED' || kind === 'PROJECT_ADDED';
