// Counts the SQL statements that something sends.
import pg from 'pg';

/** How often it is counted: sweeps and looks at feeds in the same process send some too now and then, and the least is what `work` needs. */
const rounds = 3;

/** `work` only reads: it runs several times. Answers its last value and the fewest statements of a round. */
export async function countStatements<T>(work: () => Promise<T>): Promise<{ value: T; statements: number }> {
  const prototype = pg.Client.prototype as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  let sent = 0;
  prototype.query = function counted(this: unknown, ...args: unknown[]) {
    sent += 1;
    return query.apply(this, args);
  };
  try {
    let fewest = Infinity;
    for (let round = 1; ; round += 1) {
      sent = 0;
      const value = await work();
      fewest = Math.min(fewest, sent);
      if (round === rounds) return { value, statements: fewest };
    }
  } finally {
    prototype.query = query;
  }
}
