// A span for each statement of a request: its text, without parameters.
import type pg from 'pg';
import { shownSql } from './export.js';
import { inSpan, isTracing, SpanKind } from './spans.js';

type Query = (...args: unknown[]) => unknown;

/** The same client, its statements in spans where anything is traced. */
export function tracedClient<C extends new (...args: never[]) => pg.Client>(Client: C): C {
  if (!isTracing()) return Client;
  const { query } = Client.prototype as unknown as { query: Query };
  class Traced extends (Client as unknown as new (...args: unknown[]) => pg.Client) {}
  Object.defineProperty(Traced.prototype, 'query', {
    value(this: pg.Client, ...args: unknown[]): unknown {
      const [text] = args;
      // Only what answers by a promise: the pool's own calls come back here.
      if (typeof text !== 'string' || args.some((arg) => typeof arg === 'function')) return query.apply(this, args);
      const shown = shownSql(text);
      const name = /^\w+/.exec(shown)?.[0].toUpperCase() ?? 'SQL';
      return inSpan(name, { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql', 'db.query.text': shown } }, () => query.apply(this, args) as Promise<unknown>);
    },
  });
  return Traced as unknown as C;
}
