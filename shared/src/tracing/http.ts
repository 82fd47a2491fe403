// A span for each HTTP request, which everything that the request causes is below.
import type { IncomingMessage } from 'node:http';
import type { Context } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import { newTraceId } from '../ids.js';
import { contextOf, failed, isTracing, runWith, SpanKind, spanOf, startServerSpan, traceIdOf } from './spans.js';

/**
 * Whose `traceparent` is gone on with. `always`: every request is from another of our processes, and without one it belongs to no
 * trace. `never`, `proxy`: every request begins a trace; the latter unless it brings one, which a proxy in front vouches for.
 */
export type TraceSource = 'always' | 'never' | 'proxy';

const requestIdForm = /^[A-Za-z0-9._-]{8,128}$/;

const given = ({ headers }: IncomingMessage): string | undefined => {
  const id = headers['x-request-id'];
  return typeof id === 'string' && requestIdForm.test(id) ? id : undefined;
};

/** The id that came with the request, else that of its trace: one id for log lines, errors, events and spans. */
export const requestIdOf = (request: IncomingMessage, from: TraceSource): string =>
  given(request) ?? (from === 'proxy' && isTracing() ? traceIdOf(request.headers['traceparent']) : undefined) ?? newTraceId();

/** Routes without a span: asked all the time. */
const quiet = new Set(['/livez', '/readyz']);

export function traceRequests(app: FastifyInstance, from: TraceSource): void {
  if (!isTracing()) return;
  const contexts = new WeakMap<IncomingMessage, Context>();
  app.addHook('onRequest', (request, reply, done) => {
    const { raw, id } = request;
    const parent = from === 'never' ? undefined : raw.headers['traceparent'];
    const known = traceIdOf(parent) !== undefined;
    const route = request.routeOptions.url ?? 'unknown';
    if ((!known && from === 'always') || quiet.has(route)) return done();
    const attributes = { 'http.request.method': request.method, 'http.route': route, 'taskgraph.request_id': id };
    // A client that names its request must not choose the id of a trace as well.
    const at = startServerSpan(`${request.method} ${route}`, known ? contextOf(parent) : null, { kind: SpanKind.SERVER, attributes }, given(raw) ? undefined : id);
    contexts.set(raw, at);
    reply.raw.once('close', () => {
      const span = spanOf(at);
      span?.setAttribute('http.response.status_code', reply.raw.statusCode);
      if (span && reply.raw.statusCode >= 500) failed(span, { code: String(reply.raw.statusCode) });
      span?.end();
    });
    runWith(at, done);
  });
  // Reading the body and sending the answer leave the context.
  for (const hook of ['preValidation', 'onResponse'] as const) {
    app.addHook(hook as 'preValidation', (request, _reply, done) => {
      const at = contexts.get(request.raw);
      if (at) runWith(at, done);
      else done();
    });
  }
}
