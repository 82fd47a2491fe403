// Which documents are executed most: what is planned again before a new supergraph takes over.
export interface HotDocument {
  source: string;
  operationName: string | undefined;
}

export interface HotDocuments {
  /** Called for each operation that is executed: costs one look-up. */
  count(queryHash: string, document: HotDocument): void;
  /** The most executed ones, hottest first. */
  hottest(limit: number): HotDocument[];
}

/** Most documents that are remembered; beyond it the colder half goes. */
const mostDocuments = 400;
/** Longer ones are nobody's everyday query: with them this would hold many megabytes. In characters. */
const longest = 16_384;

export function createHotDocuments(): HotDocuments {
  let counts = new Map<string, { document: HotDocument; times: number }>();
  const byHeat = () => [...counts].toSorted(([, a], [, b]) => b.times - a.times);

  return {
    count(queryHash, { source, operationName }) {
      const key = operationName === undefined ? queryHash : `${queryHash} ${operationName}`;
      const known = counts.get(key);
      if (known) return void (known.times += 1);
      if (source.length > longest) return;
      if (counts.size >= mostDocuments) {
        counts = new Map(byHeat().slice(0, mostDocuments / 2));
        // What was hot long ago gives way to what is hot now.
        for (const entry of counts.values()) entry.times /= 2;
      }
      counts.set(key, { document: { source, operationName }, times: 1 });
    },
    hottest: (limit) => byHeat().slice(0, limit).map(([, { document }]) => document),
  };
}
