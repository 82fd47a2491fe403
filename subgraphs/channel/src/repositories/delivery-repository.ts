// Deliveries: the record of each e-mail; a job on the queue is only its hand.
import { selectRows } from '@taskgraph/shared/database';
import { newId } from '@taskgraph/shared/ids';
import { writeTransaction, type WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import type { Departure } from '../delivery-plan.js';
import type { Sighted } from '../entities/notification.js';

export interface NewDelivery extends Departure {
  id: string;
  notificationId: string;
  userId: string;
  eventId: string;
}

/**
 * A notification has at most one delivery that is still to be sent: what joins the notification meanwhile goes along. `queued`:
 * whether the caller hands them to the queue; else the sweep does. Answers the ids that were made.
 */
export async function insertDeliveries(tx: WriteTransaction, deliveries: readonly NewDelivery[], queued: boolean): Promise<Set<string>> {
  if (deliveries.length === 0) return new Set();
  const rows = await tx.query<{ id: string }>(
    `insert into deliveries (id, notification_id, user_id, event_id, state, hold, next_attempt_at, queued_at)
     select id, notification_id, user_id, event_id, 'PENDING', hold, case when hold is null then now() else at end, case when $2 then now() else '-infinity' end from jsonb_to_recordset($1::jsonb) as r
       (id uuid, notification_id uuid, user_id uuid, event_id uuid, hold text, at timestamptz)
     on conflict (notification_id) where state = 'PENDING' and notification_id is not null do nothing returning id`,
    [JSON.stringify(deliveries.map(({ id, notificationId, userId, eventId, hold, at }) => ({ id, notification_id: notificationId, user_id: userId, event_id: eventId, hold, at }))), queued],
  );
  return new Set(rows.map((row) => row.id));
}

/** One piece of news in an e-mail. */
export interface MailedNews extends Sighted {
  id: string;
  title: string;
  body: string | null;
  /** Whether it was read or put away in the app. */
  seen: boolean;
}

/** A delivery with all that is needed to judge it. */
export interface DueDelivery {
  id: string;
  userId: string;
  /** Null for a digest. */
  eventId: string | null;
  /** Whether it has waited for others. */
  grouped: boolean;
  createdAt: Date;
  /** What it carries; several for a digest, newest first. */
  news: MailedNews[];
  /** Null while the user log has not told of the person. */
  contact: { email: string; emailVerified: boolean; active: boolean; role: string } | null;
}

const newsColumns = `n.id, n.user_id as "userId", n.kind, n.title, n.body, n.project_id as "projectId", n.channel_id as "channelId", n.owner_id as "ownerId", n.trashed,
  (n.read_at is not null or n.archived_at is not null) as seen`;

/** Those that are still to be sent and whose time has come. */
export async function findDueDeliveries(database: DataSource, ids: readonly string[]): Promise<Map<string, DueDelivery>> {
  const rows = await selectRows<Omit<DueDelivery, 'contact'> & { email: string | null; emailVerified: boolean; active: boolean; role: string }>(
    database,
    `select d.id, d.user_id as "userId", d.event_id as "eventId", d.hold is not null as grouped, d.created_at as "createdAt",
            c.email, c.email_verified as "emailVerified", c.active, c.role,
            (select coalesce(json_agg(p), '[]') from (
               select ${newsColumns} from deliveries o join notifications n on n.id = o.notification_id
               where o.id = d.id or o.digest_id = d.id order by n.listed_at desc, n.id desc
             ) p) as news
     from deliveries d left join contacts c on c.user_id = d.user_id
     where d.id = any($1::uuid[]) and d.state = 'PENDING' and d.hold is distinct from 'DIGEST' and d.next_attempt_at <= clock_timestamp()`,
    [ids],
  );
  return new Map(rows.map(({ email, emailVerified, active, role, ...delivery }) => [delivery.id, { ...delivery, contact: email === null ? null : { email, emailVerified, active, role } }]));
}

/** How long a try may go on without word from its process, in seconds: then the process is taken for dead, and another one tries. */
const leaseSeconds = 10;
export const renewMs = 3_000;

/** Rows of several deliveries are locked in one order, so that two workers do not wait for each other. */
const heldInOrder = `select id from deliveries where id = any($1::uuid[]) and state = 'PENDING' order by id for update`;

/**
 * Counts a try before it is made, in its own transaction, so that the count survives the death of the process, and keeps others
 * from it meanwhile. Answers the tries; those are absent that another one has, or that have ended.
 */
export async function claimDeliveries(database: DataSource, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await selectRows<{ id: string; attempts: number }>(
    database,
    `update deliveries set attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => $2)
     where id in (${heldInOrder}) and state = 'PENDING' and next_attempt_at <= clock_timestamp() returning id, attempts`,
    [ids, leaseSeconds],
  );
  return new Map(rows.map(({ id, attempts }) => [id, attempts]));
}

/** Says that the try goes on. */
export const renewClaim = (database: DataSource, id: string): Promise<unknown> =>
  database.query(`update deliveries set next_attempt_at = clock_timestamp() + make_interval(secs => $2) where id = $1 and state = 'PENDING'`, [id, leaseSeconds]);

/** How a delivery ended. */
export interface Ending {
  id: string;
  state: 'DELIVERED' | 'SKIPPED';
  reason: string | null;
}

/** Ends deliveries; nothing is said of those that have ended. */
export const finishDeliveries = (database: DataSource, endings: readonly Ending[]): Promise<unknown> =>
  database.query(
    `update deliveries d set state = e.state, last_error = e.reason
     from unnest($1::uuid[], $2::text[], $3::text[]) e (id, state, reason) where d.id = e.id and d.id in (${heldInOrder}) and d.state = 'PENDING'`,
    [endings.map(({ id }) => id), endings.map(({ state }) => state), endings.map(({ reason }) => reason)],
  );

/** Puts a delivery off; the sweep queues it when its time has come. */
export const postponeDelivery = (database: DataSource, id: string, delayMs: number, reason: string): Promise<unknown> =>
  database.query(
    `update deliveries set next_attempt_at = clock_timestamp() + make_interval(secs => $2), last_error = $3 where id = $1 and state = 'PENDING'`,
    [id, delayMs / 1_000, reason],
  );

/** Gives a delivery up, with a dead letter of ids only. */
export async function buryDelivery(database: DataSource, delivery: DueDelivery, attempts: number, reason: string): Promise<void> {
  await writeTransaction(database, { lock: [`delivery:${delivery.id}`] }, async (tx) => {
    const buried = await tx.query(`update deliveries set state = 'DEAD', last_error = $2 where id = $1 and state = 'PENDING' returning 1`, [delivery.id, reason]);
    if (buried.length === 0) return;
    const payload = { deliveryId: delivery.id, notificationId: delivery.eventId === null ? null : (delivery.news[0]?.id ?? null), userId: delivery.userId };
    await tx.query(
      `insert into dead_letters (id, queue, name, reason, attempts, payload) values ($1, 'deliveries', 'deliver-email', $2, $3, $4)`,
      [newId(), reason, attempts, JSON.stringify(payload)],
    );
  });
}

/**
 * Takes deliveries whose time has come and which were not queued since, or so long ago (5 s) that their job may be lost.
 * Queueing one whose job still lives does nothing. At most 500, so that a sweep stays short.
 */
export async function takeForQueue(database: DataSource): Promise<string[]> {
  const rows = await selectRows<{ id: string }>(
    database,
    `update deliveries set queued_at = clock_timestamp() where id in (
       select id from deliveries
       where state = 'PENDING' and hold is distinct from 'DIGEST' and next_attempt_at <= clock_timestamp()
         and (queued_at < next_attempt_at or queued_at < clock_timestamp() - interval '5 seconds')
       order by next_attempt_at limit 500 for update skip locked
     ) returning id`,
  );
  return rows.map((row) => row.id);
}

/** People whose digest is due; at most 100, so that a sweep stays short. */
export async function findDueDigests(database: DataSource): Promise<string[]> {
  const rows = await selectRows<{ id: string }>(
    database,
    `select distinct user_id as id from (
       select user_id from deliveries where state = 'PENDING' and hold = 'DIGEST' and next_attempt_at <= clock_timestamp() order by next_attempt_at limit 500
     ) d limit 100`,
  );
  return rows.map((row) => row.id);
}

/** Makes one delivery of all that waits for a person's digest and is due. Two workers at once make one. */
export async function gatherDigest(database: DataSource, userId: string): Promise<void> {
  await writeTransaction(database, { lock: [`digest:${userId}`] }, async (tx) => {
    const due = await tx.query<{ id: string }>(
      `select id from deliveries where user_id = $1 and state = 'PENDING' and hold = 'DIGEST' and next_attempt_at <= clock_timestamp() for update`,
      [userId],
    );
    if (due.length === 0) return;
    const id = newId();
    await tx.query(`insert into deliveries (id, user_id, state, next_attempt_at, queued_at) values ($1, $2, 'PENDING', now(), '-infinity')`, [id, userId]);
    await tx.query(`update deliveries set state = 'GATHERED', digest_id = $1 where id = any($2::uuid[])`, [id, due.map((row) => row.id)]);
  });
}

/** What waits because of settings that are no longer so is judged anew: quiet hours at once, the digest at `digestAt`. */
export async function replanDeliveries(tx: WriteTransaction, userId: string, digestAt: Date): Promise<void> {
  await tx.query(`update deliveries set next_attempt_at = now() where user_id = $1 and state = 'PENDING' and hold is null and attempts = 0 and next_attempt_at > now()`, [userId]);
  await tx.query(`update deliveries set next_attempt_at = $2 where user_id = $1 and state = 'PENDING' and hold = 'DIGEST'`, [userId, digestAt]);
}

/** Rows of one statement: each stays short, however many there are. */
const batchSize = 1_000;

/** Deletes what ended long ago; the notifications stay. What an ADMIN can still have run again is kept as long as it is listed. */
export async function deleteOldDeliveries(database: DataSource, days: number): Promise<void> {
  const listed = `state = 'DEAD' and exists (select from dead_letters l where l.queue = 'deliveries' and l.payload ->> 'deliveryId' = deliveries.id::text)`;
  // What a digest is made of stays as long as the digest.
  const gathered = `state = 'GATHERED' and exists (select from deliveries digest where digest.id = deliveries.digest_id)`;
  for (let count = batchSize; count === batchSize; ) {
    [, count] = (await database.query(
      `delete from deliveries where id = any (array(
         select id from deliveries where state <> 'PENDING' and created_at < now() - make_interval(days => $1) and not (${listed}) and not (${gathered}) order by created_at limit $2))`,
      [days, batchSize],
    )) as [unknown, number];
  }
}

/** All e-mails that wait to be sent, for the metrics of the worker; digests and quiet hours let some of them wait for hours. */
export const waitingDeliveries = `select next_attempt_at as due_at, created_at from deliveries where state = 'PENDING'`;
