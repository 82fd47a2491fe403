// Writes news for people in the transaction that applies the event, and hands what is mailed to the queue after the commit.
import type { TailedEvent } from '@taskgraph/shared/event-tail';
import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { NotificationRow } from '../entities/notification.js';
import { isMailed } from '../recipients.js';

export type News = Pick<NotificationRow, 'userId' | 'kind' | 'title' | 'body' | 'taskId' | 'projectId' | 'channelId'>;

/** Puts a delivery on the queue; never throws, because the sweep brings back what was not taken. */
export type Enqueue = (deliveryId: string) => void;

/** Mail about what happened longer ago than this, in milliseconds, is no news: a rebuilt read model mails nobody. */
const newsMs = 24 * 3_600_000;

export async function notify(tx: WriteTransaction, event: TailedEvent, news: News, enqueue: Enqueue): Promise<void> {
  if (news.kind === 'TASK_UPDATED' && (await joinRecent(tx, event, news))) return;
  const id = newId();
  const inserted = await tx.query(
    `insert into notifications (id, user_id, kind, title, body, task_id, project_id, channel_id, actor_id, event_id, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (event_id, user_id) do nothing returning id`,
    [id, news.userId, news.kind, news.title, news.body, news.taskId, news.projectId, news.channelId, event.actorId, event.id, event.at],
  );
  if (inserted.length === 0 || !isMailed(news.kind) || Date.now() - Date.parse(event.at) > newsMs) return;
  const deliveryId = newId();
  await tx.query(
    `insert into deliveries (id, notification_id, state, next_attempt_at, queued_at) values ($1, $2, 'PENDING', now(), now())`,
    [deliveryId, id],
  );
  tx.afterCommit(() => enqueue(deliveryId));
}

/** A change within 5 minutes of an unread one of the same task joins that row, which so gets a new place in the list (RULES §7). */
async function joinRecent(tx: WriteTransaction, event: TailedEvent, news: News): Promise<boolean> {
  const joined = await tx.query(
    `update notifications set title = $4, body = $5, actor_id = $6, event_id = $7, created_at = greatest(created_at, $3::timestamptz)
     where id = (
       select id from notifications
       where user_id = $1 and task_id = $2 and kind = 'TASK_UPDATED' and read_at is null
         and created_at >= $3::timestamptz - interval '5 minutes'
       order by created_at desc limit 1
     ) returning id`,
    [news.userId, news.taskId, event.at, news.title, news.body, event.actorId, event.id],
  );
  return joined.length > 0;
}
