// What a task means for the figures, and which counts move when it changes. Pure.
import type { TaskChanged, TaskStatus } from '@taskgraph/shared/contracts/task-events';

export type SubjectKind = 'user' | 'project' | 'channel';

export interface TaskFact {
  taskId: string;
  /** Number of the task's event that said so. */
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
}

export interface CounterMove {
  kind: SubjectKind;
  subjectId: string;
  status: TaskStatus;
  priority: number;
  by: number;
}

export interface DueTask {
  kind: SubjectKind;
  subjectId: string;
  dueAt: Date;
}

export interface Moves {
  counters: CounterMove[];
  /** Subjects that count the task among those with a due date from now on, or under another date. */
  due: DueTask[];
  /** Subjects that no longer do. */
  notDue: Omit<DueTask, 'dueAt'>[];
}

export function toFact(payload: TaskChanged, seq: number): TaskFact {
  const { taskId, projectId, channelId, ownerId, state } = payload;
  const { assigneeIds, status, priority, dueAt, deletedAt = null } = state;
  return {
    taskId, seq, projectId, channelId, ownerId, assigneeIds, status, priority,
    dueAt: dueAt === null ? null : new Date(dueAt),
    trashed: deletedAt !== null,
  };
}

/** Whose figures count this task: its place, each assignee, and the owner of a personal task; nobody twice, and nobody's when it is in the trash. */
export function subjectsOf(fact: TaskFact): { kind: SubjectKind; subjectId: string }[] {
  if (fact.trashed) return [];
  const people = new Set(fact.ownerId === null ? fact.assigneeIds : [...fact.assigneeIds, fact.ownerId]);
  const subjects = [...people].map((subjectId) => ({ kind: 'user' as SubjectKind, subjectId }));
  if (fact.projectId !== null) subjects.push({ kind: 'project', subjectId: fact.projectId });
  if (fact.channelId !== null) subjects.push({ kind: 'channel', subjectId: fact.channelId });
  return subjects;
}

/** Takes the task out of the counts of what it was and puts it into those of what it is. */
export function movesBetween(before: TaskFact | null, after: TaskFact): Moves {
  const counters = new Map<string, CounterMove>();
  const count = (fact: TaskFact, by: number) => {
    for (const subject of subjectsOf(fact)) {
      const key = `${subject.kind} ${subject.subjectId} ${fact.status} ${fact.priority}`;
      const move = counters.get(key) ?? { ...subject, status: fact.status, priority: fact.priority, by: 0 };
      counters.set(key, { ...move, by: move.by + by });
    }
  };
  if (before) count(before, -1);
  count(after, 1);

  const were = before ? dueTasksOf(before) : new Map<string, DueTask>();
  const are = dueTasksOf(after);
  return {
    counters: [...counters.values()].filter((move) => move.by !== 0),
    due: [...are].filter(([key, { dueAt }]) => were.get(key)?.dueAt.getTime() !== dueAt.getTime()).map(([, due]) => due),
    notDue: [...were].filter(([key]) => !are.has(key)).map(([, { kind, subjectId }]) => ({ kind, subjectId })),
  };
}

const isOpen = (status: TaskStatus) => status === 'PENDING' || status === 'IN_PROGRESS';

function dueTasksOf(fact: TaskFact): Map<string, DueTask> {
  const { dueAt } = fact;
  if (dueAt === null || !isOpen(fact.status)) return new Map();
  return new Map(subjectsOf(fact).map((subject) => [`${subject.kind} ${subject.subjectId}`, { ...subject, dueAt }]));
}
