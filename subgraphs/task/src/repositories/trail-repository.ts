// Where a task has been, as its log tells: for people who cannot see it any more.
import type { Place } from '@taskgraph/shared/event-log';
import type { Query } from '@taskgraph/shared/event-reader';
import type { TaskPlace } from '../policies.js';

/** A scope in which the task has been, with its last event there; moving out is one too. */
export interface Stay extends TaskPlace {
  scopeId: string;
  place: Place;
  at: Date;
  /** Its first event there. */
  first: Place;
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
     ), first as (
       select distinct on (scope) scope, epoch as "firstEpoch", xid::text as "firstXid", ordinal as "firstOrdinal"
       from touched order by scope, touched.epoch, touched.xid, touched.ordinal
     ), last as (
       select distinct on (scope) scope, state ->> 'projectId' as project_id, state ->> 'channelId' as channel_id, state ->> 'ownerId' as owner_id, there, type, epoch, xid, ordinal, at
       from touched where num_nonnulls(state ->> 'projectId', state ->> 'channelId', state ->> 'ownerId') = 1
       order by scope, touched.epoch desc, touched.xid desc, touched.ordinal desc
     )
     select scope as "scopeId", project_id as "projectId", channel_id as "channelId", owner_id as "ownerId", type = 'task.purged' as purged, epoch, xid::text, ordinal, at, "firstEpoch", "firstXid", "firstOrdinal"
     from last join first using (scope) order by last.epoch desc, last.xid desc, last.ordinal desc, there desc`,
    [taskId],
  )) as (TaskPlace & { scopeId: string; purged: boolean; epoch: number; xid: string; ordinal: number; at: Date; firstEpoch: number; firstXid: string; firstOrdinal: number })[];
  return rows.map(({ epoch, xid, ordinal, firstEpoch, firstXid, firstOrdinal, ...row }) => ({
    ...row, place: { epoch, xid, ordinal }, first: { epoch: firstEpoch, xid: firstXid, ordinal: firstOrdinal },
  }));
}

/** When the person was last told of the loss of each of these scopes, the latest first; none where the log does not reach back that far. */
export async function readLastLosses(query: Query, scopeIds: readonly string[], viewerId: string): Promise<{ scopeId: string; place: Place; at: Date }[]> {
  const rows = (await query(
    `select * from (
       select distinct on (aggregate_id) aggregate_id as scope, epoch, xid::text, ordinal, at from events
       where aggregate_id = any ($1::uuid[]) and type = 'scope.access-lost' and audience @> array[$2::uuid]
       order by aggregate_id, events.epoch desc, events.xid desc, events.ordinal desc
     ) latest order by epoch desc, xid::xid8 desc, ordinal desc`,
    [scopeIds, viewerId],
  )) as (Place & { scope: string; at: Date })[];
  return rows.map(({ scope, epoch, xid, ordinal, at }) => ({ scopeId: scope, place: { epoch, xid, ordinal }, at }));
}
