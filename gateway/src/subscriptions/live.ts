// The live engine: replays and follows a log by running the ordinary query again whenever the log moved. It holds no
// event: each subscription keeps only its place, and reads on when its consumer has taken what was read before.
import { setTimeout as delay } from 'node:timers/promises';
import type { ApolloServer } from '@apollo/server';
import { scopeId } from '@taskgraph/shared/scope';
import { getArgumentValues, getVariableValues, type DocumentNode, type FormattedExecutionResult, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.js';
import { variableError } from '../format-error.js';
import { afterVariable, firstVariable, toLiveQuery, type LiveQuery } from './live-query.js';
import { readHead, readPage, type Step } from './live-steps.js';
import type { LogWakeups, WakeKey } from './log-wakeups.js';
import { createWakeSignal, type WakeSignal } from './wake-signal.js';

export interface LiveOptions {
  apollo: ApolloServer<GatewayContext>;
  schema: () => GraphQLSchema;
  wakeups: Pick<LogWakeups, 'listen'>;
  logger: Logger;
}

export interface LiveRequest {
  /** Valid against the schema, its operation a subscription. */
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Record<string, unknown>;
  context: GatewayContext;
}

export type Events = AsyncIterableIterator<FormattedExecutionResult> & { return(): Promise<IteratorResult<FormattedExecutionResult>> };

/** Either the errors with which it is refused, or the running subscription; `return` ends it at once. */
export type LiveStart = { errors: readonly GraphQLFormattedError[] } | { events: Events };
export type Live = (request: LiveRequest) => Promise<LiveStart>;

/** Ends a subscription with these errors. */
export class LiveFailure extends Error {
  constructor(readonly errors: readonly GraphQLFormattedError[]) {
    super('the subscription ended with errors');
  }
}

/** Most changes read at once. */
const pageSize = 500;
const firstBackoffMs = 100;
const lastBackoffMs = 2_000;

export function createLive({ apollo, schema, wakeups, logger }: LiveOptions): Live {
  return async ({ document, operationName, variables, context }) => {
    const query = toLiveQuery(document, operationName);
    const { coerced, errors } = getVariableValues(schema(), query.operation.variableDefinitions ?? [], variables);
    if (errors) return { errors: errors.map(variableError) };
    const { scope, after } = argumentsOf(schema(), query, coerced);

    const run = async (text: string, own: Record<string, unknown>) => {
      const { body } = await apollo.executeOperation({ query: text, variables: { ...variables, ...own } }, { contextValue: context });
      if (body.kind !== 'single') throw new Error('incremental delivery is not offered');
      return body.singleResult;
    };
    const step = async (place: string | undefined): Promise<Step> =>
      place === undefined
        ? readHead(query, await run(query.head, {}))
        : readPage(query, await run(query.page, { [afterVariable]: place, [firstVariable]: pageSize }), place);

    // Listening starts before the first look, so that nothing between the two is missed.
    const signal = createWakeSignal();
    const key = wakeKeyOf(scope, context);
    const unlisten = key === null ? () => undefined : wakeups.listen(key, signal.wake);
    const first = await step(after).catch((error: unknown) => {
      unlisten();
      throw error;
    });
    if (first.kind === 'failed') {
      unlisten();
      return { errors: first.errors };
    }
    logger.debug({ requestId: context.requestId, key }, 'subscribed');
    return { events: follow({ first, after, step, signal, release: unlisten }) };
  };
}

interface Subscription {
  first: Step;
  after: string | undefined;
  step: (place: string | undefined) => Promise<Step>;
  signal: WakeSignal;
  release: () => void;
}

function follow({ first, after, step, signal, release }: Subscription): Events {
  const stopping = new AbortController();
  const stop = stopping.signal;
  const generator = (async function* () {
    let outcome = first;
    let place = after;
    let backoff = firstBackoffMs;
    while (!stop.aborted) {
      if (outcome.kind === 'failed') throw new LiveFailure(outcome.errors);
      if (outcome.kind === 'away') {
        // Nobody is told: the place is kept, and what happens meanwhile is read afterwards.
        const pause = Math.max(backoff * (0.5 + Math.random() / 2), outcome.retryAfterMs);
        await delay(pause, undefined, { signal: stop }).catch(() => undefined);
        backoff = Math.min(backoff * 2, lastBackoffMs);
      } else {
        backoff = firstBackoffMs;
        place = outcome.place;
        for (const event of outcome.events) yield event;
        if (outcome.ended) return;
        if (!outcome.more) await signal.wait(stop);
      }
      if (!stop.aborted) outcome = await step(place);
    }
  })();
  // A generator that waits cannot be returned from outside, and one that never began runs no `finally`.
  const end = () => {
    stopping.abort();
    release();
  };
  return {
    async next() {
      try {
        const result = await generator.next();
        if (result.done) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    async return() {
      end();
      return generator.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

interface TaskScope {
  projectId?: string | null;
  channelId?: string | null;
  taskId?: string | null;
  mine?: boolean | null;
}

function argumentsOf(schema: GraphQLSchema, query: LiveQuery, variables: Record<string, unknown>): { scope: TaskScope; after: string | undefined } {
  const definition = schema.getSubscriptionType()?.getFields()[query.field];
  if (!definition) throw new Error(`there is no subscription field ${query.field}`);
  const { scope, after } = getArgumentValues(definition, query.node, variables) as { scope?: TaskScope; after?: string | null };
  return { scope: scope ?? {}, after: after ?? undefined };
}

/** Null for a scope that names nothing or several things: the first query refuses it. */
function wakeKeyOf({ projectId, channelId, taskId, mine }: TaskScope, { viewer }: GatewayContext): WakeKey | null {
  if (projectId) return `scope:${scopeId('project', projectId)}`;
  if (channelId) return `scope:${scopeId('channel', channelId)}`;
  if (taskId) return `task:${taskId.toLowerCase()}`;
  return mine && viewer ? `user:${viewer.id}` : null;
}
