// How often a person looked up codes in vain: one budget for all look-ups by code of this subgraph.
import { selectRows } from '@taskgraph/shared/database';
import type { DataSource } from 'typeorm';

/** Length of the window in which misses are counted, in minutes. */
const windowMinutes = 15;

/** Counts one look-up before it is made, as if it missed, and answers how many misses the running window holds, and the seconds it has left. */
export async function countLookup(database: DataSource, userId: string): Promise<{ misses: number; secondsLeft: number }> {
  const [row] = await selectRows<{ misses: number; secondsLeft: number }>(
    database,
    `insert into code_lookups as c (user_id, since, misses) values ($1, now(), 1)
     on conflict (user_id) do update set
       misses = case when c.since < now() - make_interval(mins => $2) then 1 else c.misses + 1 end,
       since = case when c.since < now() - make_interval(mins => $2) then now() else c.since end
     returning misses, ceil(extract(epoch from c.since + make_interval(mins => $2) - now()))::int as "secondsLeft"`,
    [userId, windowMinutes],
  );
  return row ?? { misses: 1, secondsLeft: 0 };
}

/** Takes one back: the look-up found something. */
export const giveBackLookup = (database: DataSource, userId: string): Promise<unknown> =>
  database.query('update code_lookups set misses = greatest(misses - 1, 0) where user_id = $1', [userId]);

/** Deletes up to 1,000 counts whose window is over; answers how many. */
export async function deleteOldLookups(database: DataSource): Promise<number> {
  const [, count] = (await database.query(
    `delete from code_lookups where user_id in (select user_id from code_lookups where since < now() - interval '1 day' limit 1000)`,
  )) as [unknown, number];
  return count;
}
