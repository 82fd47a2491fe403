// The feed: what happened in places, read by whoever belongs to them now.
import type { PageRequest } from '@taskgraph/shared/pagination';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import type { ActivityRow } from '../entities/activity.js';

export interface NewActivity extends Omit<ActivityRow, 'at'> {
  /** RFC 3339. */
  at: string;
}

/** One line per event, whoever writes it. */
export const insertActivity = (tx: WriteTransaction, { id, at }: { id: string; at: string }, activity: Omit<ActivityRow, 'id' | 'at'>): Promise<void> =>
  insertActivities(tx, [{ id, at, ...activity }]);

export async function insertActivities(tx: WriteTransaction, activities: readonly NewActivity[]): Promise<void> {
  if (activities.length === 0) return;
  const rows = activities.map(({ id, kind, actorId, taskId, projectId, channelId, summary, at }) =>
    ({ id, kind, actor_id: actorId, task_id: taskId, project_id: projectId, channel_id: channelId, summary, at }));
  await tx.query(
    `insert into activities (id, kind, actor_id, task_id, project_id, channel_id, summary, at)
     select r.* from jsonb_to_recordset($1::jsonb) as r
       (id uuid, kind text, actor_id uuid, task_id uuid, project_id uuid, channel_id uuid, summary text, at timestamptz)
     on conflict (id) do nothing`,
    [JSON.stringify(rows)],
  );
}

/** Sorts before everything: the list goes from new to old. */
const first = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

const columns = 'id, kind, actor_id, task_id, project_id, channel_id, summary, at';

/**
 * Newest first, of the projects and channels to which the person belongs now. Each place gives at most a page from its own
 * index, so the cost grows with the places and the page, not with what happened.
 */
export function listActivities(database: DataSource, userId: string, page: PageRequest): Promise<ActivityRow[]> {
  const [at, id] = page.after ?? first;
  const newest = (column: string) =>
    `select ${columns} from activities where ${column} = place.id and not trashed and (at, id) < ($2::timestamptz, $3::uuid) order by at desc, id desc limit $4`;
  return database.query<ActivityRow[]>(
    `select id, kind, actor_id as "actorId", task_id as "taskId", project_id as "projectId", channel_id as "channelId", summary, at from (
       select a.* from (
         select s.place_id as id from scope_members m join scopes s on s.scope_id = m.scope_id
         where m.user_id = $1 and m.role is not null and s.kind = 'project'
       ) place cross join lateral (${newest('project_id')}) a
       union all
       select a.* from (select channel_id as id from channel_members where user_id = $1) place cross join lateral (${newest('channel_id')}) a
     ) a order by at desc, id desc limit $4`,
    [userId, at, id, page.size + 1],
  );
}

/** How long the feed goes back. */
const keptDays = 90;
/** Rows of one statement: each stays short, however many there are. */
const batchSize = 1_000;

export async function deleteOldActivities(database: DataSource): Promise<void> {
  for (let count = batchSize; count === batchSize; ) {
    [, count] = (await database.query(
      `delete from activities where id = any (array(select id from activities where at < now() - make_interval(days => $1) limit $2))`,
      [keptDays, batchSize],
    )) as [unknown, number];
  }
}
