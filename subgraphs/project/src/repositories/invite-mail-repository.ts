// The e-mails of invites: written by the API, sent by the worker.
import type { ProjectRole } from '@taskgraph/shared/contracts/project-events';
import { selectRows } from '@taskgraph/shared/database';
import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';

/** An e-mail with all that is needed to write it. */
export interface DueMail {
  inviteId: string;
  email: string;
  role: ProjectRole;
  expiresAt: Date;
  /** Whether the invite was revoked, used or ran out meanwhile. */
  over: boolean;
  projectName: string;
  projectKey: string;
}

/** All that wait to be sent, for the metrics of the worker. */
export const waitingInviteMails = `select m.next_attempt_at as due_at, i.created_at from invite_mails m join project_invites i on i.id = m.invite_id where m.state = 'PENDING'`;

/** The e-mail, when it is still to be sent and its time has come. */
export async function findDueMail(database: DataSource, inviteId: string): Promise<DueMail | null> {
  const [row] = await selectRows<DueMail>(
    database,
    `select i.id as "inviteId", i.email, i.role, i.expires_at as "expiresAt", p.name as "projectName", p.key as "projectKey",
            i.revoked_at is not null or i.expires_at <= clock_timestamp() or i.uses >= i.max_uses as over
     from invite_mails m join project_invites i on i.id = m.invite_id join projects p on p.id = i.project_id
     where m.invite_id = $1 and m.state = 'PENDING' and m.next_attempt_at <= clock_timestamp()`,
    [inviteId],
  );
  return row ?? null;
}

/** Keeps what the code is found by. Answers false when another invite has this code. */
export async function saveCodeHash(database: DataSource, inviteId: string, codeHash: string): Promise<boolean> {
  const rows = await selectRows(
    database,
    `update project_invites set code_hash = $2
     where id = $1 and not exists (select from project_invites where code_hash = $2 and id <> $1) returning 1`,
    [inviteId, codeHash],
  );
  return rows.length > 0;
}

/** Counts a try before it is made, in its own transaction, so that the count survives the death of the process; 0 when there is nothing to send any more. */
export async function countMailAttempt(database: DataSource, inviteId: string): Promise<number> {
  const [row] = await selectRows<{ attempts: number }>(
    database,
    `update invite_mails set attempts = attempts + 1 where invite_id = $1 and state = 'PENDING' returning attempts`,
    [inviteId],
  );
  return row?.attempts ?? 0;
}

/** Ends an e-mail. */
export const finishMail = (database: DataSource, inviteId: string, state: 'SENT' | 'SKIPPED', reason: string | null): Promise<unknown> =>
  database.query(
    `update invite_mails set state = $2, last_error = $3, sent_at = case when $2 = 'SENT' then clock_timestamp() end
     where invite_id = $1 and state = 'PENDING'`,
    [inviteId, state, reason],
  );

/** Gives an e-mail up, with a dead letter of ids only. */
export const buryMail = (database: DataSource, inviteId: string, reason: string): Promise<unknown> =>
  database.query(
    `with dead as (update invite_mails set state = 'DEAD', last_error = $2 where invite_id = $1 and state = 'PENDING' returning invite_id, attempts)
     insert into dead_letters (id, queue, name, reason, attempts, payload)
     select $3, 'invite-mails', 'mail-invite', $2, attempts, jsonb_build_object('inviteId', invite_id) from dead`,
    [inviteId, reason, newId()],
  );

/** Puts an e-mail that was given up among those to be sent, with all its tries. */
export const reviveMail = (tx: WriteTransaction, inviteId: string): Promise<unknown> =>
  tx.query(
    `update invite_mails set state = 'PENDING', attempts = 0, next_attempt_at = clock_timestamp(), queued_at = '-infinity', last_error = null
     where invite_id = $1 and state = 'DEAD'`,
    [inviteId],
  );

/** Puts an e-mail off; the sweep queues it when its time has come. */
export const postponeMail = (database: DataSource, inviteId: string, delayMs: number, reason: string): Promise<unknown> =>
  database.query(
    `update invite_mails set next_attempt_at = clock_timestamp() + make_interval(secs => $2), last_error = $3
     where invite_id = $1 and state = 'PENDING'`,
    [inviteId, delayMs / 1_000, reason],
  );

/**
 * Takes e-mails whose time has come and which were not queued since, or so long ago (5 s) that their job may be lost.
 * Queueing one whose job still lives does nothing. At most 500, so that a sweep stays short.
 */
export async function takeMailsForQueue(database: DataSource): Promise<string[]> {
  const rows = await selectRows<{ id: string }>(
    database,
    `update invite_mails set queued_at = clock_timestamp() where invite_id in (
       select invite_id from invite_mails
       where state = 'PENDING' and next_attempt_at <= clock_timestamp()
         and (queued_at < next_attempt_at or queued_at < clock_timestamp() - interval '5 seconds')
       order by next_attempt_at limit 500 for update skip locked
     ) returning invite_id as id`,
  );
  return rows.map((row) => row.id);
}
