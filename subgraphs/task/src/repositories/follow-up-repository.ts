// What is left to do on tasks in the background; the worker's statements.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';

export interface FollowUp {
  id: string;
  kind: 'LABEL_DELETED' | 'ACCESS_LOST' | 'ACCESS_REGAINED';
  scopeId: string;
  labelId: string | null;
  userId: string | null;
  actorId: string | null;
  traceId: string | null;
  toldTaskId: string | null;
  told: boolean;
  /** Whether writes that were checked before this began have all ended. */
  settled: boolean;
}

type Query = WriteTransaction['query'];

/** Seconds after which no write can still be under way that was checked before the follow-up began. */
export const settleSeconds = 30;

/** The one that has waited longest. */
export async function nextFollowUp(query: Query): Promise<FollowUp | null> {
  const [row] = await query<FollowUp>(
    `select id, kind, scope_id as "scopeId", label_id as "labelId", user_id as "userId", actor_id as "actorId", trace_id as "traceId",
       told_task_id as "toldTaskId", told, created_at < now() - make_interval(secs => $1) as settled
     from follow_ups where look_at <= now() order by look_at limit 1`,
    [settleSeconds],
  );
  return row ?? null;
}

/** Tasks that still carry the label, or still have the person as assignee or watcher. */
export async function tasksToStrip(query: Query, { kind, scopeId, labelId, userId }: FollowUp, limit: number): Promise<string[]> {
  const rows =
    kind === 'LABEL_DELETED'
      ? await query<{ id: string }>('select task_id as id from task_labels where label_id = $1 limit $2', [labelId, limit])
      : await query<{ id: string }>(
          `(select task_id as id from task_assignees where user_id = $1 and scope_id = $2 limit $3)
           union (select task_id from task_watchers where user_id = $1 and scope_id = $2 limit $3) limit $3`,
          [userId, scopeId, limit],
        );
  return rows.map((row) => row.id);
}

/** The next tasks that the person made in the scope and has not been told of. */
export async function tasksToTell(query: Query, { scopeId, userId, toldTaskId }: FollowUp, limit: number): Promise<string[]> {
  const rows = await query<{ id: string }>(
    'select id from tasks where creator_id = $1 and scope_id = $2 and id > coalesce($3, \'00000000-0000-0000-0000-000000000000\'::uuid) order by id limit $4',
    [userId, scopeId, toldTaskId, limit],
  );
  return rows.map((row) => row.id);
}

export async function isMember(query: Query, { scopeId, userId }: FollowUp): Promise<boolean> {
  const [row] = await query('select 1 from scope_members where scope_id = $1 and user_id = $2 and role is not null', [scopeId, userId]);
  return row !== undefined;
}

/** A loss of the same scope of which the person has not been told all yet. */
export async function lossUnderWay(query: Query, { scopeId, userId }: FollowUp): Promise<boolean> {
  const [row] = await query(`select 1 from follow_ups where kind = 'ACCESS_LOST' and user_id = $1 and scope_id = $2 and not told`, [userId, scopeId]);
  return row !== undefined;
}

export const remove = (query: Query, { id }: Pick<FollowUp, 'id'>): Promise<unknown> => query('delete from follow_ups where id = $1', [id]);

/** The membership came back before anybody was told that it was lost: then it is no loss. */
export const removeRegained = (query: Query, { scopeId, userId }: FollowUp): Promise<unknown> =>
  query(`delete from follow_ups where kind = 'ACCESS_REGAINED' and user_id = $1 and scope_id = $2`, [userId, scopeId]);

/** Puts it behind the others, to be looked at again after so many seconds. */
export const lookAgain = (query: Query, { id }: FollowUp, seconds: number): Promise<unknown> =>
  query('update follow_ups set look_at = clock_timestamp() + make_interval(secs => $2) where id = $1', [id, seconds]);

export const saveTold = (query: Query, { id }: FollowUp, taskId: string | null): Promise<unknown> =>
  query('update follow_ups set told = $2::uuid is null, told_task_id = coalesce($2, told_task_id) where id = $1', [id, taskId]);
