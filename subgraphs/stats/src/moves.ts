// Which counts a task is in, and which of them move when it changes. Pure.
import type { TaskStatus } from '@taskgraph/shared/contracts/task-events';
import { quarterOf } from './days.js';
import { bucketOf } from './durations.js';
import { closedAt, isOpen, subjectsOf, type SubjectKind, type SubjectOf, type TaskFact } from './facts.js';

/**
 * What is counted. `status`: by status and priority. `created`, `completed`, `closed` (COMPLETED or CANCELLED): by quarter of an
 * hour. `cycle`, `lead`: by bucket of duration.
 */
export type Figure = 'status' | 'created' | 'completed' | 'closed' | 'cycle' | 'lead';

/** What is kept for whom: nothing that the graph does not show. */
const figuresOf: Record<SubjectKind, ReadonlySet<Figure>> = {
  user: new Set(['status', 'created', 'completed']),
  project: new Set(['status', 'created', 'completed', 'closed', 'cycle', 'lead']),
  channel: new Set(['status']),
};

const statuses: readonly TaskStatus[] = ['PENDING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED'];
/** More than there are priorities. */
const perStatus = 16;

/** Status and priority as the key of a count. */
export const statusKey = (status: TaskStatus, priority: number): number => statuses.indexOf(status) * perStatus + priority;
export const statusOf = (key: number): { status: TaskStatus; priority: number } => ({
  status: statuses[Math.floor(key / perStatus)] as TaskStatus, priority: key % perStatus,
});
/** Keys from this one on are those of tasks that are COMPLETED or CANCELLED. */
export const firstClosedKey = statusKey('COMPLETED', 0);

export interface CounterMove extends SubjectOf {
  figure: Figure;
  key: number;
  by: number;
}

/** Tasks of one person in a project or channel. */
export interface WorkloadMove extends SubjectOf {
  userId: string;
  open: number;
  completed: number;
}

/** An open task with a due date, once per subject. */
export interface DueTask extends SubjectOf {
  taskId: string;
  dueAt: Date;
}

/** An open task of a person: what may be recommended to them. */
export interface OpenTask {
  userId: string;
  taskId: string;
  priority: number;
  dueAt: Date | null;
  updatedAt: Date;
}

export interface Dependency {
  taskId: string;
  blockerId: string;
}

/** Rows to write, and rows to delete. */
export interface Difference<T, Key> {
  set: T[];
  drop: Key[];
}

export interface Moves {
  counters: CounterMove[];
  workloads: WorkloadMove[];
  due: Difference<DueTask, Omit<DueTask, 'dueAt'>>;
  open: Difference<OpenTask, Pick<OpenTask, 'userId' | 'taskId'>>;
  dependencies: Difference<Dependency, Dependency>;
}

/** What a task was known as, and what it is; null is not known, or no longer. */
export type Change = [before: TaskFact | null, after: TaskFact | null];

/** Takes tasks out of the counts of what they were and puts them into those of what they are; at most one change of each task. */
export function movesOf(changes: readonly Change[]): Moves {
  const counters = new Map<string, CounterMove>();
  const workloads = new Map<string, WorkloadMove>();
  const count = (fact: TaskFact | null, by: number) => {
    if (!fact) return;
    for (const subject of subjectsOf(fact)) {
      for (const { figure, key } of talliesOf(fact)) {
        if (figuresOf[subject.kind].has(figure)) add(counters, `${subject.kind} ${subject.subjectId} ${figure} ${key}`, { ...subject, figure, key, by: 0 }).by += by;
      }
      for (const { userId, open, completed } of workOf(fact, subject.kind)) {
        const move = add(workloads, `${subject.kind} ${subject.subjectId} ${userId}`, { ...subject, userId, open: 0, completed: 0 });
        move.open += open * by;
        move.completed += completed * by;
      }
    }
  };
  for (const [before, after] of changes) {
    count(before, -1);
    count(after, 1);
  }
  return {
    counters: [...counters.values()].filter((move) => move.by !== 0),
    workloads: [...workloads.values()].filter((move) => move.open !== 0 || move.completed !== 0),
    due: difference(changes, dueOf),
    open: difference(changes, openOf),
    dependencies: difference(changes, dependenciesOf),
  };
}

function add<T>(moves: Map<string, T>, key: string, fresh: T): T {
  const move = moves.get(key) ?? fresh;
  moves.set(key, move);
  return move;
}

function talliesOf(fact: TaskFact): { figure: Figure; key: number }[] {
  const { status, priority, createdAt, startedAt } = fact;
  const tallies: { figure: Figure; key: number }[] = [
    { figure: 'status', key: statusKey(status, priority) },
    { figure: 'created', key: quarterOf(createdAt) },
  ];
  const closed = closedAt(fact);
  if (closed) tallies.push({ figure: 'closed', key: quarterOf(closed) });
  if (closed && status === 'COMPLETED') {
    tallies.push({ figure: 'completed', key: quarterOf(closed) }, { figure: 'lead', key: bucketOf(closed.getTime() - createdAt.getTime()) });
    if (startedAt) tallies.push({ figure: 'cycle', key: bucketOf(closed.getTime() - startedAt.getTime()) });
  }
  return tallies;
}

/** Whose work a task is: its assignees'; a completed one of a channel that has none is that of whoever completed it. */
function workOf({ status, assigneeIds, closedBy }: TaskFact, kind: SubjectKind): { userId: string; open: number; completed: number }[] {
  if (kind === 'user' || status === 'CANCELLED') return [];
  const completed = status === 'COMPLETED' ? 1 : 0;
  const byHand = kind === 'channel' && completed === 1 && assigneeIds.length === 0 && closedBy !== null;
  return [...new Set(byHand ? [closedBy] : assigneeIds)].map((userId) => ({ userId, open: 1 - completed, completed }));
}

type Rows<T> = Map<string, T>;

function dueOf(fact: TaskFact): Rows<DueTask> {
  const { taskId, dueAt } = fact;
  if (dueAt === null || !isOpen(fact.status)) return new Map();
  return new Map(subjectsOf(fact).map((subject) => [`${subject.kind} ${subject.subjectId} ${taskId}`, { ...subject, taskId, dueAt }]));
}

function openOf(fact: TaskFact): Rows<OpenTask> {
  if (!isOpen(fact.status)) return new Map();
  const { taskId, priority, dueAt, updatedAt } = fact;
  const people = subjectsOf(fact).filter((subject) => subject.kind === 'user');
  return new Map(people.map(({ subjectId: userId }) => [`${userId} ${taskId}`, { userId, taskId, priority, dueAt, updatedAt }]));
}

const dependenciesOf = ({ taskId, blockerIds }: TaskFact): Rows<Dependency> => new Map(blockerIds.map((blockerId) => [`${taskId} ${blockerId}`, { taskId, blockerId }]));

function difference<T>(changes: readonly Change[], rowsOf: (fact: TaskFact) => Rows<T>): Difference<T, T> {
  const found: Difference<T, T> = { set: [], drop: [] };
  for (const [before, after] of changes) {
    const [were, are] = [before, after].map((fact) => (fact ? rowsOf(fact) : new Map<string, T>())) as [Rows<T>, Rows<T>];
    for (const [key, row] of are) if (JSON.stringify(were.get(key)) !== JSON.stringify(row)) found.set.push(row);
    for (const [key, row] of were) if (!are.has(key)) found.drop.push(row);
  }
  return found;
}
