// Reads of comments, each inside `readAs`: row level security is on. Oldest first, ties by id.
import { selectRows } from '@taskgraph/shared/database';
import { placeFromText, type Place } from '@taskgraph/shared/event-log';
import { isUuid } from '@taskgraph/shared/ids';
import type { PageRequest } from '@taskgraph/shared/pagination';
import type { DataSource } from 'typeorm';
import type { Rows } from '../database.js';
import type { CommentRow } from '../entities/comment.js';

const columns = `c.id, c.task_id as "taskId", c.scope_id as "scopeId", c.author_id as "authorId", c.body, c.mention_ids as "mentionIds",
  c.created_as as "createdAs", c.created_at as "createdAt", c.edited_at as "editedAt", c.version`;

export const commentKey = (comment: CommentRow): [string, string] => [comment.createdAt.toISOString(), comment.id];

export const findComments = (rows: Rows, ids: readonly string[]): Promise<CommentRow[]> =>
  rows(`select ${columns} from comments c where c.id = any ($1::uuid[])`, [ids.filter(isUuid)]);

/** The first comments of each task behind the key, one row more than the page holds. */
export const listComments = (rows: Rows, taskIds: readonly string[], page: PageRequest): Promise<CommentRow[]> =>
  rows(
    `select c.* from unnest($1::uuid[]) as t (id) cross join lateral (
       select ${columns} from comments c
       where c.task_id = t.id and (c.created_at, c.id) > ($2::timestamptz, $3::uuid)
       order by c.created_at, c.id limit $4
     ) c order by c."createdAt", c.id`,
    [taskIds, ...(page.after ?? ['-infinity', '00000000-0000-0000-0000-000000000000']), page.size + 1],
  );

export const countComments = (rows: Rows, taskIds: readonly string[]): Promise<{ taskId: string; count: number }[]> =>
  rows('select c.task_id as "taskId", count(*)::int as count from comments c where c.task_id = any ($1::uuid[]) group by c.task_id', [taskIds]);

/** The task of a comment, seen without row level security: only for asking whether the viewer may see it. */
export async function findCommentTask(database: DataSource, id: string): Promise<string | null> {
  if (!isUuid(id)) return null;
  const [row] = await selectRows<{ task_id: string }>(database, 'select task_id from comment_places(array[$1::uuid])', [id]);
  return row?.task_id ?? null;
}

/** Place of the last event about a comment; null where the log knows of none. */
export async function lastCommentPlace(query: <R>(sql: string, parameters: unknown[]) => Promise<R[]>, taskId: string, commentId: string): Promise<Place | null> {
  const [row] = await query<{ place: string }>(
    `select epoch || '.' || xid || '.' || ordinal as place from events
     where aggregate_id = $1 and type = 'task.commented' and payload->>'commentId' = $2
     order by epoch desc, xid desc, ordinal desc limit 1`,
    [taskId, commentId],
  );
  return row ? placeFromText(row.place) : null;
}
