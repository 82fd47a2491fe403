// Notifications in the order in which they were given their places, which is the order of commits (commands/notify.ts).
import { selectRows } from '@taskgraph/shared/database';
import type { DataSource } from 'typeorm';
import type { NotificationRow } from '../entities/notification.js';

const columns = `id, user_id as "userId", kind, title, body, task_id as "taskId", project_id as "projectId", channel_id as "channelId", actor_id as "actorId",
  event_id as "eventId", created_at as "createdAt", listed_at as "listedAt", place, read_at as "readAt", snoozed_until as "snoozedUntil", archived_at as "archivedAt"`;

/** Oldest first. What is put off comes with a new place when it is back; what was archived needs no telling. */
export const findNewsAfter = (database: DataSource, userId: string, place: string, limit: number): Promise<NotificationRow[]> =>
  selectRows(
    database,
    `select ${columns} from notifications
     where user_id = $1 and place > $2::bigint and in_app and snoozed_until is null and archived_at is null order by place limit $3`,
    [userId, place, limit],
  );

/** The place given out last that can be read; '0' before the first. */
export async function lastPlace(database: DataSource): Promise<string> {
  const [row] = await selectRows<{ place: string }>(database, 'select coalesce(max(place), 0)::text as place from notifications', []);
  return row?.place ?? '0';
}

/** Whose places came after this one: up to `limit` rows, and how far that is. */
export async function findMoved(database: DataSource, place: string, limit: number): Promise<{ userIds: string[]; place: string }> {
  const rows = await selectRows<{ userId: string; place: string }>(
    database,
    'select user_id as "userId", place::text from notifications where place > $1::bigint order by place limit $2',
    [place, limit],
  );
  return { userIds: [...new Set(rows.map(({ userId }) => userId))], place: rows.at(-1)?.place ?? place };
}
