// Who is told of an event of a task (RULES §7). Pure: whether somebody can still see the task is asked elsewhere.
import type { TaskChanged, TaskCommented } from '@taskgraph/shared/contracts/task-events';
import type { TaskKind } from './notification-text.js';

export const tellingTypes = [
  'task.created', 'task.updated', 'task.assigned', 'task.completed', 'task.reopened', 'task.moved', 'task.commented', 'task.due-soon', 'task.overdue',
] as const;
export type TellingType = (typeof tellingTypes)[number];

export interface TaskEvent {
  type: TellingType;
  actorId: string | null;
  task: Pick<TaskChanged, 'creatorId' | 'state' | 'before'>;
  /** Owner and maintainers of the task's project; empty for tasks elsewhere. */
  projectWatcherIds: readonly string[];
  /** Of task.commented. */
  comment?: Pick<TaskCommented, 'action' | 'newMentionIds'> | undefined;
}

export interface Recipient {
  userId: string;
  kind: TaskKind;
}

/** Kinds that everybody tied to the task hears of. */
const tiedKinds: Partial<Record<TellingType, TaskKind>> = { 'task.completed': 'TASK_COMPLETED', 'task.reopened': 'TASK_REOPENED' };

/** One entry per person, with the most specific kind: who is newly assigned hears that, whatever else happened. Nobody is told of their own action. */
export function recipients({ type, actorId, task, projectWatcherIds, comment }: TaskEvent): Recipient[] {
  const { creatorId, state, before } = task;
  const { assigneeIds, watcherIds = [] } = state;
  const formerIds = new Set(before?.assigneeIds);
  const told = new Map<string, TaskKind>();
  // Most specific first: the first kind that a person gets stays.
  const tell = (userIds: readonly string[], kind: TaskKind) => {
    for (const userId of userIds) if (userId !== actorId && !told.has(userId)) told.set(userId, kind);
  };
  tell(comment?.newMentionIds ?? [], 'MENTIONED');
  tell(assigneeIds.filter((userId) => !formerIds.has(userId)), 'TASK_ASSIGNED');
  const tiedKind = comment?.action === 'added' ? 'TASK_COMMENTED' : tiedKinds[type];
  if (tiedKind) tell([creatorId, ...assigneeIds, ...watcherIds], tiedKind);
  if (type === 'task.created') tell(projectWatcherIds, 'TASK_CREATED');
  if (type === 'task.due-soon') tell(assigneeIds.length > 0 ? assigneeIds : [creatorId], 'TASK_DUE_SOON');
  if (type === 'task.overdue') tell(assigneeIds.length > 0 ? assigneeIds : [creatorId], 'TASK_OVERDUE');
  if (type === 'task.updated' || type === 'task.assigned' || (type === 'task.moved' && changedPlace(task))) tell([...assigneeIds, ...watcherIds], 'TASK_UPDATED');
  return [...told].map(([userId, kind]) => ({ userId, kind }));
}

/** Whether it went to another project, channel or person; another place in the manual order is no news. */
export function changedPlace({ before, state }: Pick<TaskChanged, 'before' | 'state'>): boolean {
  return before !== null && (['projectId', 'channelId', 'ownerId'] as const).some((field) => (before[field] ?? null) !== (state[field] ?? null));
}
