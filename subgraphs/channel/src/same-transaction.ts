// What the events of one batch ask is looked up together: a batch is read and written in one transaction.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import DataLoader from 'dataloader';

type Loader<K, V> = DataLoader<K, V, string>;

/** What was asked in a transaction; its connection answers one question after the other. */
interface Asked {
  loaders: Map<string, Loader<unknown, unknown>>;
  last: Promise<unknown>;
}

const kept = new WeakMap<WriteTransaction, Asked>();

/**
 * What `find` answers of `key` in this transaction. Keys that are asked of side by side are looked up with one call, and each
 * once; the answers come in their order. Only for what the transaction itself does not write. `question` names the look-up.
 */
export function askTogether<K, V>(tx: WriteTransaction, question: string, key: K, find: (keys: readonly K[]) => Promise<V[]>): Promise<V> {
  const asked = kept.get(tx) ?? { loaders: new Map(), last: Promise.resolve() };
  kept.set(tx, asked);
  const inTurn = (keys: readonly K[]): Promise<V[]> => {
    const found = asked.last.then(() => find(keys));
    asked.last = found.catch(() => undefined);
    return found;
  };
  const loader = (asked.loaders.get(question) as Loader<K, V> | undefined) ?? new DataLoader<K, V, string>(inTurn, { cacheKeyFn: (one) => JSON.stringify(one) });
  asked.loaders.set(question, loader as Loader<unknown, unknown>);
  return loader.load(key);
}

/**
 * Waits until all have ended, also where one fails: what the others still ask must not come after the end of the transaction.
 * The failure of the first in their order is thrown.
 */
export async function allEnded<T>(work: readonly Promise<T>[]): Promise<T[]> {
  return (await Promise.allSettled(work)).map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
