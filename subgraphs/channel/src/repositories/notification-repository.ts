import { selectRows } from '@taskgraph/shared/database';
import type { PageRequest } from '@taskgraph/shared/pagination';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource, EntityManager } from 'typeorm';
import { NotificationEntity, type NotificationKind, type NotificationRow } from '../entities/notification.js';

export interface Wanted {
  userId: string;
  /** true: only unread; false: only read; null: both. */
  unread: boolean | null;
  /** Null: every kind; empty: none. */
  kinds: readonly NotificationKind[] | null;
}

/** Newest first. */
export async function listNotifications(manager: EntityManager, wanted: Wanted, page: PageRequest): Promise<NotificationRow[]> {
  const query = matching(manager, wanted).orderBy('n.createdAt', 'DESC').addOrderBy('n.id', 'DESC').limit(page.size + 1);
  if (page.after) query.andWhere('(n.created_at, n.id) < (:at::timestamptz, :id::uuid)', { at: page.after[0], id: page.after[1] });
  return query.getMany();
}

export const countNotifications = (manager: EntityManager, wanted: Wanted): Promise<number> => matching(manager, wanted).getCount();

export const countUnread = (manager: EntityManager, userId: string): Promise<number> =>
  matching(manager, { userId, unread: true, kinds: null }).getCount();

function matching(manager: EntityManager, { userId, unread, kinds }: Wanted) {
  const query = manager.createQueryBuilder(NotificationEntity, 'n').where('n.userId = :userId', { userId });
  if (unread !== null) query.andWhere(unread ? 'n.read_at is null' : 'n.read_at is not null');
  if (kinds !== null) query.andWhere('n.kind = any(:kinds::text[])', { kinds });
  return query;
}

const columns = `id, user_id as "userId", kind, title, body, task_id as "taskId", project_id as "projectId", channel_id as "channelId",
  actor_id as "actorId", event_id as "eventId", created_at as "createdAt", read_at as "readAt"`;

/** Answers the rows that were unread until now, newest first. */
export const markRead = (tx: WriteTransaction, userId: string, ids: string[], now: Date): Promise<NotificationRow[]> =>
  tx.query<NotificationRow>(
    `with marked as (update notifications set read_at = $3 where user_id = $1 and id = any($2::uuid[]) and read_at is null returning *)
     select ${columns} from marked order by created_at desc, id desc`,
    [userId, ids, now],
  );

/** What is unread and not newer than `until`, newest first: up to `size` rows behind the first `skip`. */
export async function findUnreadIds(database: DataSource, userId: string, until: Date, { skip, size }: { skip: number; size: number }): Promise<string[]> {
  const rows = await selectRows<{ id: string }>(
    database,
    'select id from notifications where user_id = $1 and read_at is null and created_at <= $2 order by created_at desc, id desc offset $3 limit $4',
    [userId, until, skip, size],
  );
  return rows.map((row) => row.id);
}

/** Those of a person's notifications, newest first. */
export const findNotifications = (manager: EntityManager, userId: string, ids: string[]): Promise<NotificationRow[]> =>
  manager
    .createQueryBuilder(NotificationEntity, 'n')
    .where('n.userId = :userId and n.id = any(:ids::uuid[])', { userId, ids })
    .orderBy('n.createdAt', 'DESC')
    .addOrderBy('n.id', 'DESC')
    .getMany();
