// Reads a log up to the snapshot horizon: a transaction that is still running may yet commit below any place already seen,
// so nothing at or above the oldest running transaction is shown.
import type { DataSource } from 'typeorm';
import { comparePlaces, type LoggedEvent, type Place } from './event-log.js';

export interface LogPage {
  events: LoggedEvent[];
  /** How far the log was read: behind the last event, or at the horizon when there was nothing more. */
  next: Place;
  /** Whether the page was filled before the horizon was reached. */
  more: boolean;
  /** Up to when the log is complete; null until the first sample has been overtaken. */
  asOf: Date | null;
  /** The log's epoch now. */
  epoch: number;
}

export interface ReadOptions {
  after: Place | null;
  limit: number;
  /** A further condition over `events e`; its parameters start at $5. */
  where?: string;
  parameters?: unknown[];
}

export type Query = (sql: string, parameters?: unknown[]) => Promise<unknown>;

/** Largest ordinal there is: a place with it lies behind everything of its transaction. */
export const lastOrdinal = 2_147_483_647;

interface Row {
  epoch: number; xid: string; ordinal: number; id: string; type: string; aggregate_id: string; seq: number; version: number;
  payload: unknown; actor_id: string | null; trace_id: string | null; scope_id: string | null; from_scope_id: string | null;
  audience: string[]; trace_parent: string | null; at: Date;
}

/**
 * One consistent look at the log. `sampler` turns the horizon into `asOf`. The time is that of the transaction's start and not
 * `clock_timestamp()`: what commits between the snapshot and the reading of a clock is not in this page.
 *
 * The place stands in subqueries to hide it from the planner, which looks at the epoch alone, expects next to nothing behind the
 * only one there is, and then reads and sorts all that is left of the log for each page of it.
 */
export async function readLog(query: Query, sampler: AsOfSampler, options: ReadOptions): Promise<LogPage> {
  const after = options.after ?? { epoch: 0, xid: '0', ordinal: lastOrdinal };
  const rows = (await query(
    `with horizon as (
       select l.epoch, pg_snapshot_xmin(s) as xmin, pg_snapshot_xmax(s) as xmax, now() as now
       from event_log l, pg_current_snapshot() s
     )
     select h.epoch as h_epoch, h.xmin::text as h_xmin, h.xmax::text as h_xmax, h.now as h_now, e.*
     from horizon h left join lateral (
       select e.epoch, e.xid::text, e.ordinal, e.id, e.type, e.aggregate_id, e.seq, e.version, e.payload, e.actor_id, e.trace_id,
              e.scope_id, e.from_scope_id, e.audience, e.trace_parent, e.at
       from events e
       where (e.epoch, e.xid, e.ordinal) > ((select $1::int), (select $2::text::xid8), (select $3::int))
         and (e.epoch < h.epoch or e.xid < h.xmin) ${options.where ? `and (${options.where})` : ''}
       order by e.epoch, e.xid, e.ordinal limit $4::int
     ) e on true
     order by e.epoch, e.xid::xid8, e.ordinal`,
    [after.epoch, after.xid, after.ordinal, options.limit, ...(options.parameters ?? [])],
  )) as (Row & { h_epoch: number; h_xmin: string; h_xmax: string; h_now: Date })[];
  const head = rows[0];
  if (!head) throw new Error('the event log has no epoch: prepareEventLog was not run');
  const events = rows.filter((row) => row.id !== null).map(toEvent);
  const more = events.length === options.limit;
  const horizon = { epoch: head.h_epoch, xid: String(BigInt(head.h_xmin) - 1n), ordinal: lastOrdinal };
  const last = events.at(-1)?.place;
  const next = more && last ? last : comparePlaces(horizon, after) > 0 ? horizon : after;
  return { events, next, more, epoch: head.h_epoch, asOf: sampler.sample(head.h_now, BigInt(head.h_xmin), BigInt(head.h_xmax)) };
}

/** The horizon now, as a place behind everything that can be read. */
export async function readHead(query: Query): Promise<Place> {
  const [row] = (await query(
    'select l.epoch, pg_snapshot_xmin(s)::text as xmin from event_log l, pg_current_snapshot() s',
  )) as { epoch: number; xmin: string }[];
  if (!row) throw new Error('the event log has no epoch: prepareEventLog was not run');
  return { epoch: row.epoch, xid: String(BigInt(row.xmin) - 1n), ordinal: lastOrdinal };
}

export const queryOf = (dataSource: DataSource): Query => (sql, parameters) => dataSource.query(sql, parameters);

export interface AsOfSampler {
  sample(now: Date, xmin: bigint, xmax: bigint): Date | null;
}

/**
 * Says up to when a log is complete. A sample is the time together with the first transaction id not yet given out; once
 * everything below that id has ended, whatever was committed before that time is below the horizon.
 */
export function createAsOfSampler(): AsOfSampler {
  let pending: { at: Date; xmax: bigint }[] = [];
  let newest: Date | null = null;
  return {
    sample(now, xmin, xmax) {
      pending.push({ at: now, xmax });
      for (const sample of pending) if (sample.xmax <= xmin && (!newest || sample.at > newest)) newest = sample.at;
      pending = pending.filter((sample) => sample.xmax > xmin).slice(-1_000);
      return newest;
    },
  };
}

function toEvent(row: Row): LoggedEvent {
  return {
    place: { epoch: row.epoch, xid: row.xid, ordinal: row.ordinal },
    id: row.id, type: row.type, aggregateId: row.aggregate_id, seq: row.seq, version: row.version, payload: row.payload,
    actorId: row.actor_id, traceId: row.trace_id, scopeId: row.scope_id, fromScopeId: row.from_scope_id, audience: row.audience, at: row.at,
    ...(row.trace_parent === null ? {} : { traceParent: row.trace_parent }),
  };
}
