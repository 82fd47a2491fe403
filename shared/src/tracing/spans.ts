// Spans of this process, as the rest of the code begins and ends them (docs/tracing.md). Until `sdk.ts` was loaded, which happens
// only where OTEL_EXPORTER_OTLP_ENDPOINT names a collector, all of it does nothing but run the work.
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Attributes, type Context, type Span } from '@opentelemetry/api';
import type { Telemetry } from 'bullmq';

export interface SpanOptions {
  kind?: SpanKind;
  /** Only names on the list in `export.ts` leave the process. */
  attributes?: Attributes;
}

/** What sdk.ts puts in once it runs. */
export interface Running {
  /** Begins a span without a parent; its trace has the id given, or one of its own. */
  startRoot(name: string, options: SpanOptions, traceId: string | undefined): Span;
  queues: Telemetry;
}

let running: Running | null = null;

export const begin = (sdk: Running): void => void (running = sdk);

/** Whether spans are made at all. Known before the first server listens, and the same from then on. */
export const isTracing = (): boolean => running !== null;

/** For BullMQ's classes, whose jobs then carry the trace along. */
export const queueTelemetry = (): { telemetry?: Telemetry } => (running ? { telemetry: running.queues } : {});

const tracer = trace.getTracer('taskgraph');
export { SpanKind };
export type { Span };

/** Whether what happens now belongs to a trace that is kept: nothing else begins spans below it. */
function isKept(at: Context): boolean {
  const flags = trace.getSpanContext(at)?.traceFlags;
  return flags !== undefined && (flags & TraceFlags.SAMPLED) !== 0;
}

/** Runs the work within a span of its own, where it belongs to a trace that is kept. */
export function inSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  if (!running) return work();
  const at = context.active();
  return isKept(at) ? runIn(tracer.startSpan(name, options, at), at, work) : work();
}

/** The same for what is over when it returns. */
export function inShortSpan<T>(name: string, attributes: Attributes, work: () => T): T {
  if (!running || !isKept(context.active())) return work();
  return tracer.startActiveSpan(name, { attributes }, (span) => {
    try {
      return work();
    } finally {
      span.end();
    }
  });
}

/** Runs the work within the first span of a trace. */
export function inRootSpan<T>(name: string, traceId: string, work: () => Promise<T>): Promise<T> {
  if (!running) return work();
  return runIn(running.startRoot(name, { kind: SpanKind.SERVER }, traceId), ROOT_CONTEXT, work);
}

async function runIn<T>(span: Span, at: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await context.with(trace.setSpan(at, span), work);
  } catch (error) {
    failed(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Codes and names only: the texts of errors hold values. */
export function failed(span: Span, error: unknown): void {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown');
}

/**
 * Runs the work under what a stored or received `traceparent` names, within a span of its own; without one apart from every trace,
 * also the one that is current: for loops that were begun by a request and outlive it.
 */
export function underTrace<T>(parent: string | undefined, name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  if (!running) return work();
  return context.with(contextOf(parent), () => inSpan(name, options, work));
}

/** Calls it later in the trace that is current now. */
export function inThisTrace(call: () => void): () => void {
  return running ? context.bind(context.active(), call) : call;
}

/** The current span as W3C's `traceparent`; null outside of every trace. */
export function traceparent(): string | null {
  const current = running ? trace.getSpanContext(context.active()) : undefined;
  return current ? `00-${current.traceId}-${current.spanId}-0${current.traceFlags & TraceFlags.SAMPLED}` : null;
}

/** For requests to our own services, and to nobody else. */
export function traceHeaders(): { traceparent?: string } {
  const current = traceparent();
  return current === null ? {} : { traceparent: current };
}

/** For log lines. */
export function traceFields(): { traceId?: string } {
  const current = running ? trace.getSpanContext(context.active()) : undefined;
  return current ? { traceId: current.traceId } : {};
}

const form = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The context in which spans continue that trace; anything else than a `traceparent` of version 00 counts as none. */
export function contextOf(parent: unknown): Context {
  const [, traceId, spanId, flags] = (typeof parent === 'string' && form.exec(parent)) || [];
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true });
}

/** The trace id in a `traceparent`; undefined where there is none. */
export const traceIdOf = (parent: unknown): string | undefined => trace.getSpanContext(contextOf(parent))?.traceId;

/**
 * Applies events within the traces of the requests that wrote them: a span for each event that has one. Several in one batch run
 * as a whole, below the first.
 */
export function followTraces<T>(
  about: { consumer: string; source: string }, events: readonly { type: string; traceParent?: string | undefined }[], work: () => Promise<T>,
): Promise<T> {
  return running ? follow(about, events, work) : work();
}

async function follow<T>({ consumer, source }: Parameters<typeof followTraces>[0], events: Parameters<typeof followTraces>[1], work: () => Promise<T>): Promise<T> {
  const spans = events.flatMap(({ type, traceParent }) => {
    const parent = contextOf(traceParent);
    if (!isKept(parent)) return [];
    const attributes = { 'taskgraph.consumer': consumer, 'taskgraph.source': source, 'taskgraph.event.type': type, 'taskgraph.batch': events.length };
    return [{ parent, span: tracer.startSpan(`apply ${type}`, { kind: SpanKind.CONSUMER, attributes }, parent) }];
  });
  const [first] = spans;
  try {
    return await context.with(first ? trace.setSpan(first.parent, first.span) : ROOT_CONTEXT, work);
  } catch (error) {
    for (const { span } of spans) failed(span, error);
    throw error;
  } finally {
    for (const { span } of spans) span.end();
  }
}

/** Begins the span of an HTTP request: below `parent`, or as the first of its trace. */
export function startServerSpan(name: string, parent: Context | null, options: SpanOptions, traceId?: string): Context {
  if (!running) return context.active();
  const at = parent ?? ROOT_CONTEXT;
  return trace.setSpan(at, parent ? tracer.startSpan(name, options, parent) : running.startRoot(name, options, traceId));
}

/** Says on the current span which operation it is about. */
export function nameOperation(type: string, name: string | undefined): void {
  trace.getActiveSpan()?.setAttributes({ 'graphql.operation.type': type, ...(name === undefined ? {} : { 'graphql.operation.name': name.slice(0, 100) }) });
}

export const spanOf = (at: Context): Span | undefined => trace.getSpan(at);
export const runWith = <T>(at: Context, work: () => T): T => context.with(at, work);
