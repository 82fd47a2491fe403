// What of a span leaves the process: names, kinds, times, and the attributes on this list. Whatever a library notes beside them
// (texts of errors, results of jobs, documents) stays here.
import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

/** docs/tracing.md says what each of them is. */
const sentAttributes: ReadonlySet<string> = new Set([
  'http.request.method', 'http.route', 'http.response.status_code',
  'graphql.operation.name', 'graphql.operation.type',
  'taskgraph.request_id', 'taskgraph.subgraph', 'taskgraph.event.type', 'taskgraph.consumer', 'taskgraph.source', 'taskgraph.batch',
  'taskgraph.subscribers', 'taskgraph.changes',
  'db.system.name', 'db.query.text', 'error.type',
  'bullmq.queue.name', 'bullmq.queue.operation', 'bullmq.job.id', 'bullmq.job.attempts.made',
]);

const allowed = (attributes: Attributes): Attributes => Object.fromEntries(Object.entries(attributes).filter(([name]) => sentAttributes.has(name)));

export function cleaned(span: ReadableSpan): ReadableSpan {
  return Object.create(span, {
    attributes: { value: allowed(span.attributes) },
    status: { value: { code: span.status.code } },
    events: { value: [] },
    links: { value: span.links.map(({ context }) => ({ context })) },
  }) as ReadableSpan;
}

/** Longest text of a statement, in characters. */
const sqlLength = 2_000;

/** A statement as it may be shown: parameters are not part of the text, and what stands in quotes is taken out. */
export function shownSql(sql: string): string {
  const short = sql.length > sqlLength ? sql.slice(0, sqlLength) : sql;
  // A literal that was cut off has no end.
  return short.replace(/'(?:[^']|'')*(?:'|$)/g, "'?'").replace(/\s+/g, ' ').trim();
}
