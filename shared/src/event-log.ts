// The immutable event log in each owner's schema: outbox, change log and history at once (docs/events.md).
import type { QueryRunner } from 'typeorm';
import { newId } from './ids.js';
import { eventModels } from './contracts/events.js';
import { inSpan, SpanKind, traceparent } from './tracing/spans.js';

/** A place in a log: epoch, transaction, position inside the transaction. Comparable only within one log. */
export interface Place {
  epoch: number;
  /** xid8 as decimal text: it does not fit a number. */
  xid: string;
  ordinal: number;
}

export interface NewEvent {
  type: string;
  aggregateId: string;
  /** Counts the aggregate's events, from 1. */
  seq: number;
  /** The aggregate's version after the event. */
  version: number;
  payload: unknown;
  actorId: string | null;
  /** Request id of the write, for following it through the logs. */
  traceId: string | null;
  /** The scope in which it happened (see scope.ts), where there is one. */
  scopeId?: string | null;
  /** The scope it left, for an event that moves something. */
  fromScopeId?: string | null;
  /** People who are tied to the aggregate at this moment, for their own lists. */
  audience?: string[];
}

export interface LoggedEvent {
  place: Place;
  id: string;
  type: string;
  aggregateId: string;
  seq: number;
  version: number;
  payload: unknown;
  actorId: string | null;
  traceId: string | null;
  scopeId: string | null;
  fromScopeId: string | null;
  audience: string[];
  /** Where its trace goes on, as W3C's `traceparent`; absent where the write was not traced. */
  traceParent?: string;
  at: Date;
}

const emitting = ({ type }: NewEvent) => ({ kind: SpanKind.PRODUCER, attributes: { 'taskgraph.event.type': type } });

/** Writes one event in the running transaction. The payload must satisfy its published model: a bad one refuses the write. */
export async function appendEvent(runner: QueryRunner, event: NewEvent, ordinal: number): Promise<Place> {
  const model = eventModels[event.type];
  if (!model) throw new Error(`event ${event.type} has no model in contracts`);
  const payload = model.parse(event.payload);
  const [row] = await inSpan(`emit ${event.type}`, emitting(event), () => runner.query(
    `insert into events (epoch, id, ordinal, aggregate_id, seq, version, type, payload, actor_id, trace_id, scope_id, from_scope_id, audience, trace_parent)
     values ((select epoch from event_log), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     returning epoch, xid::text`,
    [
      newId(), ordinal, event.aggregateId, event.seq, event.version, event.type, JSON.stringify(payload), event.actorId,
      event.traceId, event.scopeId ?? null, event.fromScopeId ?? null, event.audience ?? [], traceparent(),
    ],
  ) as Promise<{ epoch: number; xid: string }[]>);
  if (!row) throw new Error('the event log gave no place');
  return { epoch: row.epoch, xid: row.xid, ordinal };
}

/** Writes many events with one statement, in the order given; for work in batches. */
export async function appendEvents(runner: QueryRunner, events: readonly NewEvent[], firstOrdinal: number): Promise<Place[]> {
  if (events.length === 0) return [];
  const parent = traceparent();
  const rows = events.map((event, index) => {
    const model = eventModels[event.type];
    if (!model) throw new Error(`event ${event.type} has no model in contracts`);
    return {
      id: newId(), ordinal: firstOrdinal + index, aggregate_id: event.aggregateId, seq: event.seq, version: event.version, type: event.type,
      payload: model.parse(event.payload), actor_id: event.actorId, trace_id: event.traceId, scope_id: event.scopeId ?? null,
      from_scope_id: event.fromScopeId ?? null, audience: event.audience ?? [],
      trace_parent: parent,
    };
  });
  const [row] = (await runner.query(
    `insert into events (epoch, id, ordinal, aggregate_id, seq, version, type, payload, actor_id, trace_id, scope_id, from_scope_id, audience, trace_parent)
     select (select epoch from event_log), r.* from jsonb_to_recordset($1::jsonb) as r
       (id uuid, ordinal int, aggregate_id uuid, seq int, version int, type text, payload jsonb, actor_id uuid, trace_id text, scope_id uuid,
        from_scope_id uuid, audience uuid[], trace_parent text)
     returning epoch, xid::text`,
    [JSON.stringify(rows)],
  )) as { epoch: number; xid: string }[];
  if (!row) throw new Error('the event log gave no place');
  return rows.map(({ ordinal }) => ({ epoch: row.epoch, xid: row.xid, ordinal }));
}

export const placeToText = (place: Place): string => `${place.epoch}.${place.xid}.${place.ordinal}`;

/** Reads what `placeToText` wrote; null for anything else. */
export function placeFromText(text: string): Place | null {
  const match = /^(\d{1,9})\.(\d{1,20})\.(\d{1,10})$/.exec(text);
  return match ? { epoch: Number(match[1]), xid: String(BigInt(match[2] as string)), ordinal: Number(match[3]) } : null;
}

export function comparePlaces(a: Place, b: Place): number {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch;
  if (a.xid !== b.xid) return BigInt(a.xid) < BigInt(b.xid) ? -1 : 1;
  return a.ordinal - b.ordinal;
}
