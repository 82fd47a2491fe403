// Removes what nobody can use any more, in small batches, so that no statement holds the log's horizon for long.
import { selectRows } from '@taskgraph/shared/database';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { repeat } from './repeat.js';

const cleanUpMs = 10 * 60_000;
const batch = 1_000;

/** Table, key and what is over. Spent refresh tokens betray a thief for as long as a session of theirs could have lived. */
const leftovers = (sessionDays: number) =>
  [
    ['sessions', 'id', `expires_at < now() - interval '1 day' or revoked_at < now() - interval '1 day'`],
    ['spent_refresh_tokens', 'token_hash', `spent_at < now() - make_interval(days => ${sessionDays})`],
    ['password_checks', 'account', `since < now() - interval '1 day'`],
    ['mail_tokens', 'token_hash', `expires_at < now()`],
    // What an ADMIN can still have run again is kept as long as it is listed.
    ['mails', 'id', `state <> 'PENDING' and created_at < now() - interval '7 days' and not exists (select from dead_letters l where l.queue = 'mails' and l.payload ->> 'mailId' = mails.id::text)`],
    ['idempotency', 'ctid', `created_at < now() - interval '24 hours'`],
  ] as const;

export async function cleanUp(database: DataSource, sessionDays: number): Promise<number> {
  let removed = 0;
  for (const [table, key, over] of leftovers(sessionDays)) {
    for (;;) {
      const rows = await selectRows(database, `delete from ${table} where ${key} in (select ${key} from ${table} where ${over} limit ${batch}) returning 1`);
      removed += rows.length;
      if (rows.length < batch) break;
    }
  }
  return removed;
}

export const startCleanUp = (database: DataSource, sessionDays: number, log: Logger): { stop: () => Promise<void> } =>
  repeat(
    cleanUpMs,
    async () => void (await cleanUp(database, sessionDays)),
    (error) => log.warn({ err: error }, 'cleaning up failed; trying again'),
  );
