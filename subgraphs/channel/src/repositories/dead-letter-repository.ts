// The list of everybody's dead letters, and the marks on those of this subgraph.
import type { DeadLettered } from '@taskgraph/shared/dead-letters';
import { selectRows } from '@taskgraph/shared/database';
import type { Connection, PageRequest } from '@taskgraph/shared/pagination';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';

export interface ListedDeadLetter {
  id: string;
  owner: string;
  queue: string;
  name: string;
  reason: string;
  attempts: number;
  failedAt: Date;
  /** Ids by name. */
  payload: Record<string, string>;
}

export type DeadLetterPage = Connection<ListedDeadLetter>;

/** A letter that is heard of again, as after a restore, stays as it is. */
export async function listDeadLetter(tx: Pick<WriteTransaction, 'query'>, owner: string, letter: DeadLettered): Promise<void> {
  const { deadLetterId, queue, name, reason, attempts, failedAt } = letter;
  await tx.query(
    `insert into listed_dead_letters (id, owner, queue, name, reason, attempts, failed_at, ids) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do nothing`,
    [deadLetterId, owner, queue, name, reason, attempts, failedAt, JSON.stringify(Object.fromEntries(letter.ids.map(({ name: key, id }) => [key, id])))],
  );
}

/** Newest first, of one queue or of all. */
export function findDeadLetters(database: DataSource, queue: string | null, { size, after }: PageRequest): Promise<ListedDeadLetter[]> {
  // One text for each question, so that each has its index.
  const conditions = [...(queue === null ? [] : ['queue = $4']), ...(after ? ['(failed_at, id) < ($2::timestamptz, $3::uuid)'] : ['$2::text is null', '$3::text is null'])];
  return selectRows<ListedDeadLetter & Record<string, unknown>>(
    database,
    `select id, owner, queue, name, reason, attempts, failed_at as "failedAt", ids as payload from listed_dead_letters
     where ${conditions.join(' and ')} order by failed_at desc, id desc limit $1`,
    [size + 1, after?.[0] ?? null, after?.[1] ?? null, ...(queue === null ? [] : [queue])],
  );
}

export async function countDeadLetters(database: DataSource, queue: string | null): Promise<number> {
  const [row] = await selectRows<{ n: number }>(database, 'select count(*)::int as n from listed_dead_letters where $1::text is null or queue = $1', [queue]);
  return row?.n ?? 0;
}

/** Takes letters from the list, by id or the oldest of a queue, and answers whose they were. */
export function takeListed(tx: WriteTransaction, wanted: { ids: string[] } | { queue: string }, limit: number): Promise<{ id: string; owner: string }[]> {
  if ('ids' in wanted) return tx.query('delete from listed_dead_letters where id = any($1::uuid[]) returning id, owner', [wanted.ids]);
  return tx.query(
    `delete from listed_dead_letters where id in (select id from listed_dead_letters where queue = $1 order by failed_at, id limit $2) returning id, owner`,
    [wanted.queue, limit],
  );
}

/** Marks letters of this subgraph to be run again; its own worker looks for them. */
export const markOwn = (tx: WriteTransaction, ids: string[]): Promise<unknown> =>
  tx.query('update dead_letters set redrive_at = clock_timestamp() where id = any($1::uuid[])', [ids]);
