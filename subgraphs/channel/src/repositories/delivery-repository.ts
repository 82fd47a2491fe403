import { selectRows } from '@taskgraph/shared/database';
import { newId } from '@taskgraph/shared/ids';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';

/** A delivery with all that is needed to send it. */
export interface DueDelivery {
  id: string;
  notificationId: string;
  userId: string;
  title: string;
  body: string | null;
  projectId: string | null;
  channelId: string | null;
  createdAt: Date;
  /** Null while the user log has not told of the person. */
  contact: { email: string; emailVerified: boolean; active: boolean } | null;
}

/** The delivery, when it is still to be sent and its time has come. */
export async function findDueDelivery(database: DataSource, id: string): Promise<DueDelivery | null> {
  const [row] = await selectRows<Omit<DueDelivery, 'contact'> & { email: string | null; emailVerified: boolean; active: boolean }>(
    database,
    `select d.id, d.created_at as "createdAt", n.id as "notificationId", n.user_id as "userId", n.title, n.body,
            n.project_id as "projectId", n.channel_id as "channelId", c.email, c.email_verified as "emailVerified", c.active
     from deliveries d join notifications n on n.id = d.notification_id left join contacts c on c.user_id = n.user_id
     where d.id = $1 and d.state = 'PENDING' and d.next_attempt_at <= clock_timestamp()`,
    [id],
  );
  if (!row) return null;
  const { email, emailVerified, active, ...delivery } = row;
  return { ...delivery, contact: email === null ? null : { email, emailVerified, active } };
}

/** Counts a try before it is made, in its own transaction, so that the count survives the death of the process. */
export async function countDeliveryAttempt(database: DataSource, id: string): Promise<number> {
  const [row] = await selectRows<{ attempts: number }>(
    database,
    `update deliveries set attempts = attempts + 1 where id = $1 and state = 'PENDING' returning attempts`,
    [id],
  );
  return row?.attempts ?? 0;
}

/** Ends a delivery. */
export const finishDelivery = (database: DataSource, id: string, state: 'DELIVERED' | 'SKIPPED', reason: string | null): Promise<unknown> =>
  database.query(`update deliveries set state = $2, last_error = $3 where id = $1 and state = 'PENDING'`, [id, state, reason]);

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
    const payload = { deliveryId: delivery.id, notificationId: delivery.notificationId, userId: delivery.userId };
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
       where state = 'PENDING' and next_attempt_at <= clock_timestamp()
         and (queued_at < next_attempt_at or queued_at < clock_timestamp() - interval '5 seconds')
       order by next_attempt_at limit 500 for update skip locked
     ) returning id`,
  );
  return rows.map((row) => row.id);
}

export async function isChannelMember(database: DataSource, channelId: string, userId: string): Promise<boolean> {
  const rows = await selectRows(database, 'select 1 from channel_members where channel_id = $1 and user_id = $2', [channelId, userId]);
  return rows.length > 0;
}
