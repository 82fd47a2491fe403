// Counts the SQL statements that this process sends while something runs.
import pg from 'pg';

export async function countStatements<T>(work: () => Promise<T>): Promise<{ value: T; statements: number }> {
  const prototype = pg.Client.prototype as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  let statements = 0;
  prototype.query = function counted(this: unknown, ...args: unknown[]) {
    statements += 1;
    return query.apply(this, args);
  };
  try {
    return { value: await work(), statements };
  } finally {
    prototype.query = query;
  }
}
