// Where a task has been, as its log tells: for people who cannot see it any more.
import type { Place } from '@taskgraph/shared/event-log';
import type { Query } from '@taskgraph/shared/event-reader';
import type { TaskPlace } from '../policies.js';

/** A scope in which the task has been, with its last event there; moving out is one too. */
export interface Stay extends TaskPlace {
  scopeId: string;
  place: Place;
  at: Date;
  /** It has been erased there. */
  purged: boolean;
}

/** The latest first: where it is now, or was until it was erased. */
export async function readTrail(query: Query, taskId: string): Promise<Stay[]> {
  const rows = (await query(
    `with touched as (
       select scope_id as scope, payload as state, true as there, type, epoch, xid, ordinal, at from events where aggregate_id = $1 and scope_id is not null
       union all
       select from_scope_id, payload -> 'before', false, type, epoch, xid, ordinal, at from events where aggregate_id = $1 and from_scope_id is not null
     ), last as (
       select distinct on (scope) scope, state ->> 'projectId' as project_id, state ->> 'channelId' as channel_id, state ->> 'ownerId' as owner_id, there, type, epoch, xid, ordinal, at
       from touched where num_nonnulls(state ->> 'projectId', state ->> 'channelId', state ->> 'ownerId') = 1
       order by scope, touched.epoch desc, touched.xid desc, touched.ordinal desc
     )
     select scope as "scopeId", project_id as "projectId", channel_id as "channelId", owner_id as "ownerId", type = 'task.purged' as purged, epoch, xid::text, ordinal, at
     from last order by last.epoch desc, last.xid desc, last.ordinal desc, there desc`,
    [taskId],
  )) as (TaskPlace & { scopeId: string; purged: boolean; epoch: number; xid: string; ordinal: number; at: Date })[];
  return rows.map(({ epoch, xid, ordinal, ...row }) => ({ ...row, place: { epoch, xid, ordinal } }));
}

/** When the person was last told of the loss of one of these scopes; null where the log does not reach back that far. */
export async function readLastLoss(query: Query, scopeIds: readonly string[], viewerId: string): Promise<{ place: Place; at: Date } | null> {
  const [row] = (await query(
    `select epoch, xid::text, ordinal, at from events
     where aggregate_id = any ($1::uuid[]) and type = 'scope.access-lost' and audience @> array[$2::uuid]
     order by events.epoch desc, events.xid desc, events.ordinal desc limit 1`,
    [scopeIds, viewerId],
  )) as (Place & { at: Date })[];
  return row ? { place: { epoch: row.epoch, xid: row.xid, ordinal: row.ordinal }, at: row.at } : null;
}
