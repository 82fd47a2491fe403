import { selectRows } from '@taskgraph/shared/database';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';

/** Keeps what the user subgraph says of a person's time zone; an older statement loses. */
export async function saveTimeZone(tx: Pick<WriteTransaction, 'query'>, person: { userId: string; timeZone: string; version: number }): Promise<void> {
  await tx.query(
    `insert into people as p (user_id, time_zone, version) values ($1, $2, $3)
     on conflict (user_id) do update set time_zone = excluded.time_zone, version = excluded.version where p.version < excluded.version`,
    [person.userId, person.timeZone, person.version],
  );
}

/** UTC for somebody whose registration was not heard of yet, as for somebody who named none. */
export async function findTimeZone(database: DataSource, userId: string): Promise<string> {
  const [row] = await selectRows<{ timeZone: string }>(database, 'select time_zone as "timeZone" from people where user_id = $1', [userId]);
  return row?.timeZone ?? 'UTC';
}

/** Empties the copy, for a rebuild from the start of the user log. */
export async function forgetPeople(tx: Pick<WriteTransaction, 'query'>): Promise<void> {
  await tx.query('truncate people');
}
