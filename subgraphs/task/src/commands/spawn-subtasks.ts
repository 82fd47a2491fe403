// The subtasks of a recurring task come along with its next instance: as they are, but open, unblocked and with their dates moved.
import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { TaskRow } from '../entities/task.js';
import { spreadRanks } from '../rank.js';
import { noRecurrence, type RecurrenceFields } from '../recurrence/check-recurrence.js';
import { insertTasks, takeNumbers } from '../repositories/bulk-insert-repository.js';
import { keyOfScope } from '../repositories/occurrence-repository.js';
import { findTasks } from '../repositories/task-repository.js';
import { subtreeIds } from '../repositories/write-repository.js';
import { diff, taskEvent, type Author } from './write-task.js';

/** Most subtasks that come along, the topmost ones first: the transaction must end within two seconds (RULES §4). */
const subtaskLimit = 500;

/** Makes them below `next`, whose rank is the last of its scope; answers their ids. The caller holds the locks of the order and of the numbers. */
export async function spawnSubtasks(author: Author, tx: WriteTransaction, completed: TaskRow, next: TaskRow): Promise<string[]> {
  const [, ...ids] = await subtreeIds(tx, completed.id);
  if (ids.length === 0) return [];
  const place = new Map(ids.map((id, index) => [id, index]));
  const found = (await findTasks(tx.query, ids)).toSorted((a, b) => (place.get(a.id) as number) - (place.get(b.id) as number));
  const copies = copiesOf(found, completed, next).slice(0, subtaskLimit);
  if (copies.length === 0) return [];

  const ranks = spreadRanks(next.rank, null, copies.length);
  if (!ranks) throw new Error(`scope ${next.scopeId} has no ranks left at its end`);
  const inOrder = copies.toSorted((a, b) => (a.rank < b.rank || (a.rank === b.rank && a.id < b.id) ? -1 : 1));
  const key = next.projectId ? await keyOfScope(tx, next.scopeId) : '';
  const first = next.projectId ? await takeNumbers(tx, next.scopeId, copies.length) : 0;
  for (const [index, task] of inOrder.entries()) {
    task.rank = ranks[index] as string;
    if (next.projectId) task.ref = `${key}-${first + index}`;
  }
  await insertTasks(tx, copies);
  await tx.emitAll(copies.map((task) => taskEvent(author, null, task, diff(null, task))));
  return copies.map((task) => task.id);
}

/** Parents before their subtasks, without refs and still with the old ranks. */
function copiesOf(tasks: readonly TaskRow[], completed: TaskRow, next: TaskRow): TaskRow[] {
  const newIds = new Map([[completed.id, next.id]]);
  const newest = newestOfSeries(tasks);
  const shift = completed.dueAt && next.dueAt ? next.dueAt.getTime() - completed.dueAt.getTime() : null;
  const copies: TaskRow[] = [];
  for (const task of tasks) {
    const parentId = newIds.get(task.parentId as string);
    if (parentId === undefined || (task.seriesId !== null && newest.get(task.seriesId) !== task)) continue;
    const id = newId();
    newIds.set(task.id, id);
    const dueAt = moved(task.dueAt, shift, next.createdAt);
    copies.push({
      ...task, id, parentId, status: 'PENDING', blocked: false, completedAt: null, dueAt, startAt: moved(task.startAt, shift, next.createdAt), ref: null,
      ...ownSeries(task, dueAt ?? next.createdAt), createdAs: JSON.stringify(['series subtask', completed.seriesId, next.dueAt]),
      createdAt: next.createdAt, updatedAt: next.createdAt, version: 1, eventSeq: 1,
    });
  }
  return copies;
}

/** The distance to the due date of the topmost task is kept; what would lie in the past, or had no such distance, is left out. */
function moved(date: Date | null, shift: number | null, now: Date): Date | null {
  if (date === null || shift === null) return null;
  const later = new Date(date.getTime() + shift);
  return later > now && later.getUTCFullYear() <= 9_999 ? later : null;
}

/** Of several instances of one series only the one that is due last comes along. */
function newestOfSeries(tasks: readonly TaskRow[]): Map<string, TaskRow> {
  const newest = new Map<string, TaskRow>();
  for (const task of tasks) {
    const known = task.seriesId === null ? undefined : newest.get(task.seriesId);
    if (task.seriesId !== null && (!known || (task.dueAt?.getTime() ?? 0) > (known.dueAt?.getTime() ?? 0))) newest.set(task.seriesId, task);
  }
  return newest;
}

/** A subtask that repeats by itself begins a series of its own: the old one goes on where it was. */
const ownSeries = ({ recurrenceRule, recurrenceTimeZone }: TaskRow, start: Date): RecurrenceFields =>
  recurrenceRule === null ? noRecurrence : { recurrenceRule, recurrenceTimeZone, recurrenceStart: start, seriesId: newId() };
