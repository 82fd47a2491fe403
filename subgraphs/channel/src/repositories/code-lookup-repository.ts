// How often codes were looked up in vain, by a person and from an address.
import { selectRows } from '@taskgraph/shared/database';
import type { DataSource } from 'typeorm';

/** Length of the window in which misses are counted, in minutes. */
const windowMinutes = 15;

/** Whose look-ups are counted. */
export type Looker = { userId: string } | { address: string };

const tableOf = (looker: Looker) =>
  'userId' in looker ? { table: 'code_lookups', column: 'user_id', key: looker.userId } : { table: 'address_lookups', column: 'address', key: looker.address };

/** Counts one look-up before it is made, as if it missed, and answers how many misses the running window holds, and the seconds it has left. */
export async function countLookup(database: DataSource, looker: Looker): Promise<{ misses: number; secondsLeft: number }> {
  const { table, column, key } = tableOf(looker);
  const [row] = await selectRows<{ misses: number; secondsLeft: number }>(
    database,
    `insert into ${table} as c (${column}, since, misses) values ($1, now(), 1)
     on conflict (${column}) do update set
       misses = case when c.since < now() - make_interval(mins => $2) then 1 else c.misses + 1 end,
       since = case when c.since < now() - make_interval(mins => $2) then now() else c.since end
     returning misses, ceil(extract(epoch from c.since + make_interval(mins => $2) - now()))::int as "secondsLeft"`,
    [key, windowMinutes],
  );
  return row ?? { misses: 1, secondsLeft: 0 };
}

/** Takes one back: the look-up found something. */
export function giveBackLookup(database: DataSource, looker: Looker): Promise<unknown> {
  const { table, column, key } = tableOf(looker);
  return database.query(`update ${table} set misses = greatest(misses - 1, 0) where ${column} = $1`, [key]);
}

/** Rows of one statement: each stays short, however many there are. */
const batchSize = 1_000;

/** Deletes counts whose window is over. */
export async function deleteOldLookups(database: DataSource): Promise<void> {
  for (const table of ['code_lookups', 'address_lookups']) {
    for (let count = batchSize; count === batchSize; ) {
      [, count] = (await database.query(
        `delete from ${table} where ctid = any (array(select ctid from ${table} where since < now() - make_interval(mins => $1) limit $2))`,
        [windowMinutes, batchSize],
      )) as [unknown, number];
    }
  }
}
