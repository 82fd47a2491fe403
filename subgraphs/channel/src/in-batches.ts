// One statement for many callers, where each job alone would make its own.

/** Calls that come while a batch is under way go together in the next one: at rest nobody waits, under load a batch is large. */
export function inBatches<K, V>(work: (keys: K[]) => Promise<V[]>, most = 100): (key: K) => Promise<V> {
  let waiting: { key: K; done: (value: V) => void; failed: (error: unknown) => void }[] = [];
  let running = false;
  async function runAll(): Promise<void> {
    running = true;
    // Whoever else calls in this turn goes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const values = await work(batch.map(({ key }) => key));
        for (const [index, { done }] of batch.entries()) done(values[index] as V);
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    running = false;
  }
  return (key) =>
    new Promise((done, failed) => {
      waiting.push({ key, done, failed });
      if (!running) void runAll();
    });
}

/** For claims: of those that claim one row in one batch the first gets the answer, and the others what whoever comes later gets. */
export const claimedTogether = (claim: (ids: string[]) => Promise<Map<string, number>>): ((id: string) => Promise<number>) =>
  inBatches(async (ids) => {
    const claimed = await claim([...new Set(ids)]);
    return ids.map((id) => {
      const attempt = claimed.get(id) ?? 0;
      claimed.delete(id);
      return attempt;
    });
  });

/** The same for look-ups by id; what is not found is undefined. */
export const foundTogether = <V>(find: (ids: string[]) => Promise<Map<string, V>>): ((id: string) => Promise<V | undefined>) =>
  inBatches<string, V | undefined>(async (ids) => {
    const found = await find(ids);
    return ids.map((id) => found.get(id));
  });
