// What the events of one batch ask alike is looked up once: a batch is read and written in one transaction.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';

const kept = new WeakMap<WriteTransaction, Map<string, Promise<unknown>>>();

/** What `find` answered in this transaction. Only for what the transaction itself does not write. `key` names the question and what it is about. */
export function onceIn<T>(tx: WriteTransaction, key: string, find: () => Promise<T>): Promise<T> {
  const answers = kept.get(tx) ?? new Map<string, Promise<unknown>>();
  kept.set(tx, answers);
  const known = (answers.get(key) as Promise<T> | undefined) ?? find();
  answers.set(key, known);
  return known;
}

/** The same for many at once: those that are not known yet are looked up together. What `find` leaves out has no answer. */
export async function eachOnceIn<T>(tx: WriteTransaction, key: string, ids: readonly string[], find: (ids: string[]) => Promise<ReadonlyMap<string, T>>): Promise<Map<string, T>> {
  const known = await onceIn(tx, key, async () => new Map<string, T | undefined>());
  const missing = ids.filter((id) => !known.has(id));
  const found = missing.length > 0 ? await find(missing) : null;
  for (const id of missing) known.set(id, found?.get(id));
  return new Map(ids.flatMap((id) => {
    const answer = known.get(id);
    return answer === undefined ? [] : [[id, answer] as const];
  }));
}
