// Deleted channels whose tasks are on their way to the trash; the worker's statements.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';

type Query = WriteTransaction['query'];

export interface ChannelPurge {
  scopeId: string;
  actorId: string | null;
  traceId: string | null;
  /** When the channel was deleted: its tasks lie in the trash since then. */
  deletedAt: Date;
}

/** Heard of twice it is one. */
export async function recordPurge(tx: WriteTransaction, { scopeId, actorId, traceId, deletedAt }: ChannelPurge): Promise<void> {
  await tx.query(
    'insert into channel_purges (scope_id, actor_id, trace_id, deleted_at) values ($1, $2, $3, $4) on conflict do nothing',
    [scopeId, actorId, traceId, deletedAt],
  );
}

/** Seconds after which no write can still be under way that was checked while the channel existed. */
const settleSeconds = 60;

/** Those with something left to do first, each with up to `limit` of its tasks that are not in the trash yet. */
export const findPurges = (query: Query, limit: number): Promise<(ChannelPurge & { taskIds: string[]; settled: boolean })[]> =>
  query(
    `select p.scope_id as "scopeId", p.actor_id as "actorId", p.trace_id as "traceId", p.deleted_at as "deletedAt",
       p.created_at < now() - make_interval(secs => $1) as settled,
       array(select t.id from tasks t where t.scope_id = p.scope_id and t.deleted_at is null order by t.rank, t.id limit $2) as "taskIds"
     from channel_purges p
     order by exists (select from tasks t where t.scope_id = p.scope_id and t.deleted_at is null) desc, p.created_at limit 20`,
    [settleSeconds, limit],
  );

export const endPurge = (query: Query, scopeId: string): Promise<unknown> => query('delete from channel_purges where scope_id = $1', [scopeId]);
