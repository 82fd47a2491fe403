// What a change of one task means beyond its own row. Called around every write of `changeTask`.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { TaskRow } from '../entities/task.js';
import { takeOccurrence } from '../repositories/occurrence-repository.js';
import { subtreesOf } from '../repositories/subtask-repository.js';
import { blocksOthers, locksOfDependents, recountDependents, refuseBlocked } from './blocking.js';
import { checkParent } from './check-parent.js';
import { locksOfSeries, occurrenceOf, spawnOccurrence } from './spawn-occurrence.js';
import type { UndoEntry } from './undo-token.js';
import type { Author } from './write-task.js';

const completes = (before: TaskRow, after: TaskRow): boolean => before.status !== after.status && after.status === 'COMPLETED';

/** Before the first write: refuses what must not be, and locks whatever else will be written. */
export async function beforeChange(tx: WriteTransaction, before: TaskRow, after: TaskRow): Promise<void> {
  await refuseBlocked(tx, before, after);
  const turns = blocksOthers(before) !== blocksOthers(after);
  const locks = [...(turns ? await locksOfDependents(tx, [before.id]) : []), ...(completes(before, after) ? locksOfSeries(after) : [])];
  if (locks.length > 0) tx.alsoLock(locks);
  if (before.parentId !== after.parentId) await checkParent(tx, after);
}

/** Locks of everything that opening, closing or trashing these tasks may write. Many writes take them at once: one by one each would start the transaction anew. */
export async function locksOfMany(tx: WriteTransaction, ids: string[]): Promise<string[]> {
  const trees = await subtreesOf(tx, ids);
  const series = trees.filter((task) => ids.includes(task.id)).flatMap(locksOfSeries);
  return [...trees.map((task) => `task:${task.id}`), ...(await locksOfDependents(tx, trees.map((task) => task.id))), ...series];
}

/** After the write: tells the tasks that wait for this one, and makes the next instance of a series. Answers what undo has to know. */
export async function afterChange(author: Author, tx: WriteTransaction, before: TaskRow, after: TaskRow): Promise<UndoEntry[]> {
  if (blocksOthers(before) !== blocksOthers(after)) await recountDependents(author, tx, [after.id]);
  // What undo had taken away and a second undo brings back is made already.
  const occurrence = before.deletedAt && !after.deletedAt ? occurrenceOf(after) : null;
  if (occurrence) await takeOccurrence(tx, occurrence.seriesId, occurrence.dueAt, after.id);
  return completes(before, after) ? spawnOccurrence(author, tx, after) : [];
}
