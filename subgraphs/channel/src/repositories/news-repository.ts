// Writing notifications. Whoever gives out places holds the lock for it (commands/notify.ts).
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { NotificationRow } from '../entities/notification.js';
import { changedText } from '../notification-text.js';

/** The event that is told of. */
export interface NewsEvent {
  id: string;
  actorId: string | null;
  /** RFC 3339. */
  at: string;
}

export interface News extends Pick<NotificationRow, 'userId' | 'kind' | 'title' | 'body' | 'taskId' | 'projectId' | 'channelId'> {
  /** Whose personal task it is about. */
  ownerId?: string | null;
  /** Which fields a TASK_UPDATED is about; the body says so. */
  changed?: string[];
}

export type NewNews = News & { id: string; inApp: boolean };

interface Told {
  id: string;
  userId: string;
}

/** One row per event and person, whoever writes it: what is there already stays. Answers the new rows. */
export async function insertNews(tx: WriteTransaction, event: NewsEvent, news: readonly NewNews[]): Promise<Told[]> {
  if (news.length === 0) return [];
  const rows = news.map((one) => ({
    id: one.id, user_id: one.userId, kind: one.kind, title: one.title, body: one.changed?.length ? `${changedText}${one.changed.join(', ')}` : one.body,
    task_id: one.taskId, project_id: one.projectId, channel_id: one.channelId, owner_id: one.ownerId ?? null, in_app: one.inApp, changed: one.changed ?? null,
  }));
  return tx.query<Told>(
    `insert into notifications (id, user_id, kind, title, body, task_id, project_id, channel_id, owner_id, in_app, changed, actor_id, event_id, created_at, listed_at)
     select r.*, $2::uuid, $3::uuid, $4::timestamptz, $4::timestamptz from jsonb_to_recordset($1::jsonb) as r
       (id uuid, user_id uuid, kind text, title text, body text, task_id uuid, project_id uuid, channel_id uuid, owner_id uuid, in_app boolean, changed text[])
     on conflict (event_id, user_id) do nothing returning id, user_id as "userId"`,
    [JSON.stringify(rows), event.actorId, event.id, event.at],
  );
}

/**
 * A change within 5 minutes of an unread one of the same task joins that person's row, which so gets a new place in the list
 * (RULES §7). What is snoozed or archived is joined by nothing. Answers the rows that were joined.
 */
export async function joinRecent(tx: WriteTransaction, event: NewsEvent, news: readonly NewNews[]): Promise<Told[]> {
  const [one] = news;
  if (!one) return [];
  const { title, taskId, projectId, channelId, changed = [] } = one;
  return tx.query<Told>(
    `update notifications n set
       title = $4, actor_id = $5, event_id = $6, project_id = $7, channel_id = $8, owner_id = $9, changed = j.changed,
       body = case when cardinality(j.changed) > 0 then $11 || array_to_string(j.changed, ', ') end,
       created_at = greatest(n.created_at, $3::timestamptz), listed_at = greatest(n.listed_at, $3::timestamptz), place = nextval('notification_places')
     from (
       select q.user_id, r.id, coalesce(r.changed, '{}') || array(select f from unnest($10::text[]) f where f <> all (coalesce(r.changed, '{}'))) as changed
       from unnest($1::uuid[]) q (user_id) cross join lateral (
         select id, changed from notifications r
         where r.user_id = q.user_id and r.task_id = $2 and r.kind = 'TASK_UPDATED' and r.read_at is null and r.archived_at is null and r.snoozed_until is null
           and r.created_at >= $3::timestamptz - interval '5 minutes'
         order by r.created_at desc limit 1
       ) r
     ) j where n.id = j.id returning n.id, n.user_id as "userId"`,
    [
      news.map(({ userId }) => userId), taskId, event.at, title, event.actorId, event.id, projectId, channelId, one.ownerId ?? null, changed, changedText,
    ],
  );
}

/** Where a task is now. */
export interface TaskWhereabouts {
  taskId: string;
  projectId: string | null;
  channelId: string | null;
  ownerId: string | null;
}

/** News and feed follow their task: what is sent later is judged by where the task is then, and the feed shows it there. */
export async function followTask(tx: WriteTransaction, { taskId, projectId, channelId, ownerId }: TaskWhereabouts, trashed: boolean): Promise<void> {
  const values = [taskId, projectId, channelId, ownerId, trashed];
  await tx.query('update notifications set project_id = $2, channel_id = $3, owner_id = $4, trashed = $5 where task_id = $1', values);
  await tx.query('update activities set project_id = $2, channel_id = $3, trashed = $4 where task_id = $1', [taskId, projectId, channelId, trashed]);
}

/** Erases what was told of a task that is erased, with mails that are still to be sent (RULES §6). */
export async function forgetTask(tx: WriteTransaction, taskId: string): Promise<void> {
  await tx.query('delete from notifications where task_id = $1', [taskId]);
  await tx.query('delete from activities where task_id = $1', [taskId]);
}
