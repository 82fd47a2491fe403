// What a task's state means for the tasks that wait for it. `tasks.blocked` is true exactly while an open blocker exists: every
// write that opens or closes a task holds the locks of all that wait for it, and every change of a dependency holds both of its
// ends, so nothing can turn between the count and the commit.
import { conflict } from '@taskgraph/shared/errors';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { TaskRow } from '../entities/task.js';
import { dependentsOf, namesOf, openBlockers, tasksToRecount, writeBlocked } from '../repositories/dependency-repository.js';
import { taskEvent, type Author } from './write-task.js';

/** COMPLETED, CANCELLED and trashed tasks do not block. */
export const blocksOthers = ({ status, deletedAt }: Pick<TaskRow, 'status' | 'deletedAt'>): boolean =>
  deletedAt === null && status !== 'COMPLETED' && status !== 'CANCELLED';

/** Locks of the tasks that wait for any of these. Take them at once before many writes: one by one each would start the transaction anew. */
export async function locksOfDependents(tx: Pick<WriteTransaction, 'query'>, ids: readonly string[]): Promise<string[]> {
  return (await dependentsOf(tx.query, ids)).map((row) => `task:${row.taskId}`);
}

/** Completing a blocked task is CONFLICT that names the blockers one can see and counts the others; cancelling is allowed. */
export async function refuseBlocked(tx: WriteTransaction, before: TaskRow, after: TaskRow): Promise<void> {
  if (!before.blocked || before.status === after.status || after.status !== 'COMPLETED') return;
  const open = (await openBlockers(tx, before.id)).map((row) => row.blockedById);
  const blockedBy = (await namesOf(tx, open)).map(({ id, ref, title }) => ({ id, ref, title }));
  const hiddenBlockers = open.length - blockedBy.length;
  const named = blockedBy.map(({ ref, title }) => ref ?? `“${title}”`);
  const others = hiddenBlockers === 0 ? [] : [`${hiddenBlockers} that you cannot see`];
  throw conflict(`The task waits for ${[...named, ...others].join(', ')}.`, {
    fields: ['status'],
    current: { version: before.version, status: before.status, blockedBy, hiddenBlockers },
  });
}

/** Sets `blocked` anew where it has turned: for each such task a version and an UPDATED, in this transaction. */
export async function recountDependents(author: Author, tx: WriteTransaction, blockerIds: readonly string[]): Promise<void> {
  for (const before of await tasksToRecount(tx, blockerIds)) {
    const after = { ...before, blocked: !before.blocked, version: before.version + 1, eventSeq: before.eventSeq + 1, updatedAt: new Date() };
    await writeBlocked(tx, after);
    await tx.emit(taskEvent(author, before, after, [{ field: 'blocked', before: before.blocked, after: after.blocked }]));
  }
}
