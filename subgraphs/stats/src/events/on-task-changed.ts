import type { TailedEvent } from '@taskgraph/shared/event-tail';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { countTasks } from '../commands/count-tasks.js';
import { holdServing } from '../repositories/generation-repository.js';

type Transaction = Pick<WriteTransaction, 'query'>;

/** A transaction that has found out what is served need not look again for its next event: it holds it. */
const held = new WeakMap<Transaction, Promise<number>>();

/**
 * Counts a task as it is after the event in the figures that are served. An erased one counts nowhere: it lay in the trash, but
 * the purge takes its earlier events out of the log, so whoever was away for long hears of the purge alone.
 */
export async function onTaskChanged(tx: Transaction, event: TailedEvent): Promise<void> {
  const generation = held.get(tx) ?? holdServing(tx);
  held.set(tx, generation);
  await countTasks(tx, await generation, [event]);
}
