// What is known of a task for the figures, and how events add to it. Pure. Facts are the same whatever the order in which a
// task's events are heard and however often each is: state follows the newest event, the first start is a minimum, and closing
// and blockers follow the newest event that tells of them.
import type { TaskChanged, TaskStatus } from '@taskgraph/shared/contracts/task-events';

export interface TaskFact {
  taskId: string;
  /** Number of the task's newest event heard. */
  seq: number;
  projectId: string | null;
  channelId: string | null;
  /** The person whose personal task it is. */
  ownerId: string | null;
  assigneeIds: string[];
  status: TaskStatus;
  priority: number;
  dueAt: Date | null;
  /** In the trash: known, and counted nowhere (RULES §9). */
  trashed: boolean;
  /** Waits for another task. */
  blocked: boolean;
  createdAt: Date;
  updatedAt: Date;
  /** Set exactly while the status is COMPLETED. */
  completedAt: Date | null;
  /** When it was first IN_PROGRESS. */
  startedAt: Date | null;
  /** Number of the newest event heard by which it became COMPLETED or CANCELLED, when that was, and by whom; 0 where none was. */
  closedSeq: number;
  closedAt: Date | null;
  closedBy: string | null;
  /** Tasks of its own place that it waits for, as of the event of this number. */
  blockerIds: string[];
  blockersSeq: number;
}

export type SubjectKind = 'user' | 'project' | 'channel';

export interface SubjectOf {
  kind: SubjectKind;
  subjectId: string;
}

interface Heard {
  seq: number;
  actorId: string | null;
  payload: TaskChanged;
}

export const isOpen = (status: TaskStatus): boolean => status === 'PENDING' || status === 'IN_PROGRESS';

/** What is known of a task after one more of its events, which may be older than what is known, or known. */
export function learn(known: TaskFact | null, { seq, actorId, payload }: Heard): TaskFact {
  const { state, before } = payload;
  const updatedAt = new Date(state.updatedAt);
  const fact = known && known.seq >= seq ? { ...known } : { ...unknown, ...known, ...stateOf(payload), seq };
  if (state.status === 'IN_PROGRESS' && (!fact.startedAt || updatedAt < fact.startedAt)) fact.startedAt = updatedAt;
  if (!isOpen(state.status) && before?.status !== state.status && seq > fact.closedSeq) {
    Object.assign(fact, { closedSeq: seq, closedAt: instant(state.completedAt) ?? updatedAt, closedBy: actorId });
  }
  const blockers = payload.changes.find((change) => change.field === 'blockedBy')?.after;
  if (Array.isArray(blockers) && seq > fact.blockersSeq) {
    // A blocker of another place stands there as null: who sees this task may not see that one.
    Object.assign(fact, { blockersSeq: seq, blockerIds: [...new Set(blockers.filter((id) => typeof id === 'string'))] });
  }
  return fact;
}

const unknown = { startedAt: null, closedSeq: 0, closedAt: null, closedBy: null, blockerIds: [], blockersSeq: 0 };

const instant = (text: string | null | undefined): Date | null => (text == null ? null : new Date(text));

function stateOf({ taskId, projectId, channelId, ownerId, state }: TaskChanged) {
  const { assigneeIds, status, priority, dueAt, deletedAt, blocked = false, createdAt, updatedAt, completedAt } = state;
  return {
    taskId, projectId, channelId, ownerId, assigneeIds, status, priority, blocked,
    dueAt: instant(dueAt), trashed: deletedAt != null, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt), completedAt: instant(completedAt),
  };
}

/** When a task that is COMPLETED or CANCELLED became so; null for an open one. */
export function closedAt(fact: TaskFact): Date | null {
  if (isOpen(fact.status)) return null;
  return (fact.status === 'COMPLETED' ? fact.completedAt : fact.closedAt) ?? fact.closedAt ?? fact.updatedAt;
}

/** Whose figures count this task: its place, each assignee, and the owner of a personal task; nobody twice, and nobody's when it is in the trash. */
export function subjectsOf(fact: TaskFact): SubjectOf[] {
  if (fact.trashed) return [];
  const people = new Set(fact.ownerId === null ? fact.assigneeIds : [...fact.assigneeIds, fact.ownerId]);
  const subjects: SubjectOf[] = [...people].map((subjectId) => ({ kind: 'user', subjectId }));
  if (fact.projectId !== null) subjects.push({ kind: 'project', subjectId: fact.projectId });
  if (fact.channelId !== null) subjects.push({ kind: 'channel', subjectId: fact.channelId });
  return subjects;
}
