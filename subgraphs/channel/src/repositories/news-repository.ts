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

export type NewNews = News & { id: string; inApp: boolean; event: NewsEvent };

/** A row that tells somebody of an event. */
interface Told {
  id: string;
  userId: string;
  eventId: string;
}

/** One row per event and person, whoever writes it: what is there already stays. Places are given in the order of `news`. Answers the new rows. */
export async function insertNews(tx: WriteTransaction, news: readonly NewNews[]): Promise<Told[]> {
  if (news.length === 0) return [];
  const rows = news.map((one) => ({
    id: one.id, user_id: one.userId, kind: one.kind, title: one.title, body: one.changed?.length ? `${changedText}${one.changed.join(', ')}` : one.body,
    task_id: one.taskId, project_id: one.projectId, channel_id: one.channelId, owner_id: one.ownerId ?? null, in_app: one.inApp, changed: one.changed ?? null,
    actor_id: one.event.actorId, event_id: one.event.id, created_at: one.event.at, listed_at: one.event.at,
  }));
  return tx.query<Told>(
    `insert into notifications (id, user_id, kind, title, body, task_id, project_id, channel_id, owner_id, in_app, changed, actor_id, event_id, created_at, listed_at)
     select r.* from jsonb_to_recordset($1::jsonb) as r
       (id uuid, user_id uuid, kind text, title text, body text, task_id uuid, project_id uuid, channel_id uuid, owner_id uuid, in_app boolean, changed text[],
        actor_id uuid, event_id uuid, created_at timestamptz, listed_at timestamptz)
     on conflict (event_id, user_id) do nothing returning id, user_id as "userId", event_id as "eventId"`,
    [JSON.stringify(rows)],
  );
}

/**
 * A change within 5 minutes of an unread one of the same task joins that person's row, which so gets a new place in the list
 * (RULES §7). What is snoozed or archived is joined by nothing. `news` may name a person and task once. Answers the rows that
 * were joined.
 */
export async function joinRecent(tx: WriteTransaction, news: readonly NewNews[]): Promise<Told[]> {
  if (news.length === 0) return [];
  const rows = news.map(({ userId, taskId, event, title, projectId, channelId, ownerId, changed }) => ({
    user_id: userId, task_id: taskId, at: event.at, title, actor_id: event.actorId, event_id: event.id, project_id: projectId, channel_id: channelId,
    owner_id: ownerId ?? null, changed: changed ?? [],
  }));
  return tx.query<Told>(
    `update notifications n set
       title = j.title, actor_id = j.actor_id, event_id = j.event_id, project_id = j.project_id, channel_id = j.channel_id, owner_id = j.owner_id, changed = j.changed_now,
       body = case when cardinality(j.changed_now) > 0 then $2 || array_to_string(j.changed_now, ', ') end,
       created_at = greatest(n.created_at, j.at), listed_at = greatest(n.listed_at, j.at), place = nextval('notification_places')
     from (
       select q.*, r.id, coalesce(r.changed, '{}') || array(select f from unnest(q.changed) f where f <> all (coalesce(r.changed, '{}'))) as changed_now
       from jsonb_to_recordset($1::jsonb) as q
         (user_id uuid, task_id uuid, at timestamptz, title text, actor_id uuid, event_id uuid, project_id uuid, channel_id uuid, owner_id uuid, changed text[])
       cross join lateral (
         select id, changed from notifications r
         where r.user_id = q.user_id and r.task_id = q.task_id and r.kind = 'TASK_UPDATED' and r.read_at is null and r.archived_at is null and r.snoozed_until is null
           and r.created_at >= q.at - interval '5 minutes'
         order by r.created_at desc limit 1
       ) r
     ) j where n.id = j.id returning n.id, n.user_id as "userId", n.event_id as "eventId"`,
    [JSON.stringify(rows), changedText],
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
