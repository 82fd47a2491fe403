// Mails are rows first: the API writes one, the worker makes and sends it. The tokens in them are kept as hashes.
import { selectRows } from '@taskgraph/shared/database';
import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource, EntityManager } from 'typeorm';

export type MailKind = 'VERIFY' | 'RESET';

export interface MailRow {
  id: string;
  kind: MailKind;
  /** Null for RESET. */
  userId: string | null;
  /** As typed. */
  email: string;
  emailKey: string;
  attempts: number;
}

export interface MailToken {
  userId: string;
  email: string;
  emailKey: string;
}

/** All that wait to be sent, for the metrics of the worker. */
export const waitingMails = `select next_attempt_at as due_at, created_at from mails where state = 'PENDING'`;

export const insertMail = (manager: EntityManager, { kind, userId, email }: Pick<MailRow, 'kind' | 'userId' | 'email'>): Promise<unknown> =>
  manager.query('insert into mails (id, kind, user_id, email, email_key) values ($1, $2, $3, $4, $5)', [newId(), kind, userId, email, email.toLowerCase()]);

const tokenColumns = 'user_id as "userId", email, email_key as "emailKey"';

/** Whose token it is, if it can still be used. */
export async function findMailToken(database: DataSource, kind: MailKind, hash: string): Promise<MailToken | null> {
  const [row] = await selectRows<MailToken & Record<string, unknown>>(
    database,
    `select ${tokenColumns} from mail_tokens where token_hash = $1 and kind = $2 and expires_at > now()`,
    [hash, kind],
  );
  return row ?? null;
}

/** Uses the token up; null when it is gone or too old. */
export async function takeMailToken(tx: WriteTransaction, kind: MailKind, hash: string): Promise<MailToken | null> {
  const [row] = await tx.query<MailToken & Record<string, unknown>>(
    `delete from mail_tokens where token_hash = $1 and kind = $2 and expires_at > now() returning ${tokenColumns}`,
    [hash, kind],
  );
  return row ?? null;
}

/** Every token mailed to the account is void, and so is a verification that still waits to be mailed. */
export async function voidMails(tx: WriteTransaction, userId: string): Promise<void> {
  await tx.query('delete from mail_tokens where user_id = $1', [userId]);
  await tx.query(`update mails set state = 'SKIPPED', last_error = 'void' where user_id = $1 and state = 'PENDING'`, [userId]);
}

/** The mail, when it is still to be sent and its time has come. */
export async function findDueMail(tx: WriteTransaction, id: string): Promise<MailRow | null> {
  const [row] = await tx.query<MailRow & Record<string, unknown>>(
    `select id, kind, user_id as "userId", email, email_key as "emailKey", attempts from mails
     where id = $1 and state = 'PENDING' and next_attempt_at <= clock_timestamp()`,
    [id],
  );
  return row ?? null;
}

export const countMailAttempt = (tx: WriteTransaction, id: string): Promise<unknown> => tx.query('update mails set attempts = attempts + 1 where id = $1', [id]);

/** The same mail has the same token however often it is tried; its time begins anew. */
export const saveMailToken = (tx: WriteTransaction, kind: MailKind, hash: string, token: MailToken, minutes: number): Promise<unknown> =>
  tx.query(
    `insert into mail_tokens (token_hash, kind, user_id, email, email_key, expires_at) values ($1, $2, $3, $4, $5, now() + make_interval(mins => $6))
     on conflict (token_hash) do update set expires_at = excluded.expires_at`,
    [hash, kind, token.userId, token.email, token.emailKey, minutes],
  );

type Runs = { query: (sql: string, parameters?: unknown[]) => Promise<unknown> };

export const finishMail = (runs: Runs, id: string, state: 'SENT' | 'SKIPPED', reason: string | null): Promise<unknown> =>
  runs.query(`update mails set state = $2, last_error = $3 where id = $1 and state = 'PENDING'`, [id, state, reason]);

/** Gives a mail up, with a dead letter of ids only. */
export const buryMail = (runs: Runs, id: string, reason: string): Promise<unknown> =>
  runs.query(
    `with dead as (update mails set state = 'DEAD', last_error = $2 where id = $1 and state = 'PENDING' returning id, user_id, attempts)
     insert into dead_letters (id, queue, name, reason, attempts, payload)
     select $3, 'mails', 'send-mail', $2, attempts, jsonb_build_object('mailId', id, 'userId', user_id) from dead`,
    [id, reason, newId()],
  );

/** Puts a mail that was given up among those to be sent, with all its tries. One that was cleaned up meanwhile stays away. */
export const reviveMail = (tx: WriteTransaction, id: string): Promise<unknown> =>
  tx.query(
    `update mails set state = 'PENDING', attempts = 0, next_attempt_at = clock_timestamp(), queued_at = null, last_error = null where id = $1 and state = 'DEAD'`,
    [id],
  );

/** Puts a mail off; the sweep queues it when its time has come. */
export const postponeMail = (database: DataSource, id: string, delayMs: number, reason: string): Promise<unknown> =>
  database.query(
    `update mails set next_attempt_at = clock_timestamp() + make_interval(secs => $2), last_error = $3 where id = $1 and state = 'PENDING'`,
    [id, delayMs / 1_000, reason],
  );

/** Takes mails whose time has come and which were not queued since, or so long ago (5 s) that their job may be lost. At most 100 at once. */
export async function takeForQueue(database: DataSource): Promise<string[]> {
  const rows = await selectRows<{ id: string }>(
    database,
    `update mails set queued_at = clock_timestamp() where id in (
       select id from mails
       where state = 'PENDING' and next_attempt_at <= clock_timestamp()
         and (queued_at is null or queued_at < next_attempt_at or queued_at < clock_timestamp() - interval '5 seconds')
       order by next_attempt_at limit 100 for update skip locked
     ) returning id`,
  );
  return rows.map((row) => row.id);
}
