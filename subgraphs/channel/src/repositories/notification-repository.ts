import { selectRows } from '@taskgraph/shared/database';
import type { PageRequest } from '@taskgraph/shared/pagination';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource, EntityManager } from 'typeorm';
import type { NotificationKind, NotificationRow, Sighted } from '../entities/notification.js';

export interface Wanted {
  userId: string;
  /** true: only unread; false: only read; null: both. */
  unread: boolean | null;
  /** Null: every kind; empty: none. */
  kinds: readonly NotificationKind[] | null;
  /** true: only snoozed; else only what is not. */
  snoozed: boolean | null;
  /** true: only archived; else only what is not. */
  archived: boolean | null;
}

const columns = `id, user_id as "userId", kind, title, body, task_id as "taskId", project_id as "projectId", channel_id as "channelId", actor_id as "actorId",
  event_id as "eventId", created_at as "createdAt", listed_at as "listedAt", place, read_at as "readAt", snoozed_until as "snoozedUntil", archived_at as "archivedAt"`;

/** In the words of the partial indexes. */
const inbox = 'in_app and archived_at is null and snoozed_until is null';

function stateOf({ unread, snoozed, archived }: Wanted): string {
  // Archiving ends a snooze, so that nothing is both.
  const place = archived === true ? `in_app and archived_at is not null${snoozed === true ? ' and snoozed_until is not null' : ''}` : snoozed === true ? 'in_app and snoozed_until is not null' : inbox;
  return unread === null ? place : `${place} and read_at is ${unread ? '' : 'not '}null`;
}

/** Sorts before everything: the list goes from new to old. */
const first = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

/** Newest first. Of each wanted kind at most a page is read, from an index of its own. */
export function listNotifications(manager: EntityManager, wanted: Wanted, page: PageRequest): Promise<NotificationRow[]> {
  const [at, id] = page.after ?? first;
  const newest = (kind: string) =>
    `select * from notifications n where user_id = $1 and ${stateOf(wanted)}${kind} and (listed_at, id) < ($2::timestamptz, $3::uuid) order by listed_at desc, id desc limit $4`;
  const parameters = [wanted.userId, at, id, page.size + 1];
  if (wanted.kinds === null) return manager.query(`select ${columns} from (${newest('')}) n order by listed_at desc, id desc`, parameters);
  return manager.query(
    `select ${columns} from (select n.* from unnest($5::text[]) q (name) cross join lateral (${newest(' and kind = q.name')}) n) n order by listed_at desc, id desc limit $4`,
    [...parameters, [...new Set(wanted.kinds)]],
  );
}

export async function countNotifications(manager: EntityManager, wanted: Wanted): Promise<number> {
  const [row] = await manager.query<{ n: number }[]>(
    `select count(*)::int as n from notifications where user_id = $1 and ${stateOf(wanted)} and ($2::text[] is null or kind = any($2))`,
    [wanted.userId, wanted.kinds],
  );
  return row?.n ?? 0;
}

/** What is in the inbox and was not read. */
export const countUnread = (manager: EntityManager, userId: string): Promise<number> =>
  countNotifications(manager, { userId, unread: true, kinds: null, snoozed: null, archived: null });

/** Answers the rows that were unread until now, newest first. */
export const markRead = (tx: WriteTransaction, userId: string, ids: string[], now: Date): Promise<NotificationRow[]> =>
  changing(tx, 'read_at = $3', 'read_at is null', [userId, ids, now]);

/** Answers the rows that were not archived until now, newest first. An archived one does not come back from snooze. */
export const archiveRows = (tx: WriteTransaction, userId: string, ids: string[], now: Date): Promise<NotificationRow[]> =>
  changing(tx, 'archived_at = $3, snoozed_until = null', 'archived_at is null', [userId, ids, now]);

/** Takes one out of inbox or archive until then; empty where the person has no such notification. */
export const snoozeRow = (tx: WriteTransaction, userId: string, id: string, until: Date): Promise<NotificationRow[]> =>
  changing(tx, 'snoozed_until = $3, archived_at = null', 'true', [userId, [id], until]);

function changing(tx: WriteTransaction, change: string, where: string, parameters: [userId: string, ids: string[], value: Date]): Promise<NotificationRow[]> {
  return tx.query<NotificationRow>(
    `with changed as (update notifications set ${change} where user_id = $1 and id = any($2::uuid[]) and in_app and ${where} returning *)
     select ${columns} from changed order by listed_at desc, id desc`,
    parameters,
  );
}

/** What is unread in the inbox and not newer than `until`, newest first: up to `size` rows behind the first `skip`. */
export async function findUnreadIds(database: DataSource, userId: string, until: Date, { skip, size }: { skip: number; size: number }): Promise<string[]> {
  const rows = await selectRows<{ id: string }>(
    database,
    `select id from notifications where user_id = $1 and ${inbox} and read_at is null and listed_at <= $2 order by listed_at desc, id desc offset $3 limit $4`,
    [userId, until, skip, size],
  );
  return rows.map((row) => row.id);
}

/** Those of a person's notifications, newest first. */
export const findNotifications = (manager: EntityManager, userId: string, ids: string[]): Promise<NotificationRow[]> =>
  manager.query(`select ${columns} from notifications where user_id = $1 and id = any($2::uuid[]) and in_app order by listed_at desc, id desc`, [userId, ids]);

/** Snoozed ones whose time has come; at most 500, so that a round stays short. */
export const findDueSnoozed = (database: DataSource): Promise<(Sighted & { id: string })[]> =>
  selectRows(
    database,
    `select id, user_id as "userId", kind, project_id as "projectId", channel_id as "channelId", owner_id as "ownerId", trashed
     from notifications where snoozed_until <= clock_timestamp() order by snoozed_until limit 500`,
  );

/** The caller holds the lock for places. Rows that came back meanwhile, or were snoozed again, stay as they are. */
export const wakeSnoozedRows = (tx: WriteTransaction, ids: string[]): Promise<unknown> =>
  tx.query(
    `update notifications set snoozed_until = null, read_at = null, listed_at = date_trunc('milliseconds', clock_timestamp()), place = nextval('notification_places')
     where id = any($1::uuid[]) and snoozed_until <= clock_timestamp()`,
    [ids],
  );

/** What its person can no longer see does not come back. */
export const putAwaySnoozed = (tx: WriteTransaction, ids: string[]): Promise<unknown> =>
  tx.query('update notifications set snoozed_until = null, archived_at = now() where id = any($1::uuid[]) and snoozed_until <= clock_timestamp()', [ids]);
