// Finds the rank for a task at a place in its scope's order; spreads the neighbourhood out where it has become too tight.
import { badInput } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { firstWindow, rankBetween, spreadAround } from '../rank.js';
import { lastRank, rowsAfter, rowsBefore, type Ranked } from '../repositories/rank-repository.js';
import { findTasks } from '../repositories/task-repository.js';
import { loadTask, saveRanks } from '../repositories/write-repository.js';
import { taskEvent, type Author } from './write-task.js';

/** Rank at the end of a scope. */
export async function rankAtEnd(context: Author, tx: WriteTransaction, scopeId: string, taskId: string): Promise<string> {
  const last = await lastRank(tx, scopeId, taskId);
  return rankBetween(last, null) ?? makeRoom(context, tx, scopeId, taskId, null, null);
}

/** Rank right behind `after`, or right before `before`; both must lie in the scope and follow each other that way. */
export async function rankAt(
  context: Author,
  tx: WriteTransaction,
  scopeId: string,
  taskId: string,
  neighbours: { after?: string | null | undefined; before?: string | null | undefined },
): Promise<string> {
  const after = neighbours.after == null ? null : await neighbour(tx, scopeId, taskId, neighbours.after, 'input.after');
  const before = neighbours.before == null ? null : await neighbour(tx, scopeId, taskId, neighbours.before, 'input.before');
  if (after && before && !(after.rank < before.rank || (after.rank === before.rank && after.id < before.id))) {
    throw badInput('input.before', 'must come behind after');
  }
  const previous = after ?? (await rowsBefore(tx, scopeId, before, taskId, 1))[0] ?? null;
  const next = after ? ((await rowsAfter(tx, scopeId, after, taskId, 1))[0] ?? null) : before;
  return rankBetween(previous?.rank ?? null, next?.rank ?? null) ?? makeRoom(context, tx, scopeId, taskId, previous, next);
}

async function neighbour(tx: WriteTransaction, scopeId: string, taskId: string, id: string, path: string): Promise<Ranked> {
  const task = isUuid(id) ? await loadTask(tx, id) : null;
  if (!task || task.scopeId !== scopeId || task.deletedAt || task.id === taskId) throw badInput(path, 'must be another task of the same list');
  return task;
}

/** Gives new ranks to the neighbourhood and answers the one left free between `previous` and `next`. */
async function makeRoom(context: Author, tx: WriteTransaction, scopeId: string, taskId: string, previous: Ranked | null, next: Ranked | null): Promise<string> {
  for (let window = firstWindow; ; window *= 2) {
    // One row more on each side is the bound that stays as it is.
    const left = previous ? [...(await rowsBefore(tx, scopeId, previous, taskId, window)), previous] : next ? [] : await rowsBefore(tx, scopeId, null, taskId, window + 1);
    const right = next ? [next, ...(await rowsAfter(tx, scopeId, next, taskId, window))] : [];
    const room = spreadAround(left.map((row) => row.rank), right.map((row) => row.rank), window);
    if (!room) continue;
    const rewritten = [...left.slice(left.length - room.left.length), ...right.slice(0, room.right.length)];
    tx.alsoLock(rewritten.map((row) => `task:${row.id}`));
    const ranks = [...room.left, ...room.right];
    await rerank(context, tx, new Map(rewritten.map((row, index) => [row.id, ranks[index] as string])));
    return room.free;
  }
}

/** New ranks without new versions: one event each that tells of the rank alone. A few statements for all of them, since they may be many. */
async function rerank(context: Author, tx: WriteTransaction, ranks: ReadonlyMap<string, string>): Promise<void> {
  const present = await findTasks(tx.query, [...ranks.keys()]);
  const changed = present.flatMap((before) => {
    const rank = ranks.get(before.id) as string;
    return before.rank === rank ? [] : [{ before, after: { ...before, rank, eventSeq: before.eventSeq + 1 } }];
  });
  await saveRanks(tx, changed.map(({ after }) => after));
  await tx.emitAll(changed.map(({ before, after }) => taskEvent(context, before, after, [{ field: 'rank', before: before.rank, after: after.rank }])));
}
