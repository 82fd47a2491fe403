// The live engine: replays and follows a log by running the ordinary query again whenever the log moved. It holds a place per
// subscription and what waits for its consumer, within limits; equal subscriptions share their runs (live-group.ts).
import type { ApolloServer } from '@apollo/server';
import { unauthenticated } from '@taskgraph/shared/errors';
import { getVariableValues, type DocumentNode, type FormattedExecutionResult, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.js';
import { variableError, withRequestId } from '../format-error.js';
import { liveGivenUp, liveResults, liveRuns, subscriptionsLive } from '../metrics.js';
import { argumentsOf, hasText, isPlace, isThere, type LiveArguments } from './live-arguments.js';
import { createGroup, viewerKey, type Group } from './live-group.js';
import { createLogReader } from './live-log.js';
import { isSharable, liveQueryOf } from './live-documents.js';
import { afterVariable, firstVariable, type LiveQuery } from './live-query.js';
import { followState } from './live-state.js';
import { readHead, readPage, readState } from './live-steps.js';
import { createOutlet, type Frame, type OutletLimits, type Pipe } from './outlet.js';
import type { RunningSubscriptions } from './running-subscriptions.js';
import { createStop } from './stop.js';
import { createTurns } from './turns.js';
import type { Wakeups } from './wake-sources.js';
import { createWakeSignal } from './wake-signal.js';

export interface LiveOptions {
  apollo: ApolloServer<GatewayContext>;
  schema: () => GraphQLSchema;
  wakeups: Wakeups;
  /** Told of each, so that it outlives a change of the graph. */
  subscribed: Pick<RunningSubscriptions, 'add'>;
  limits: OutletLimits;
  logger: Logger;
}

export interface LiveRequest {
  /** Valid against the schema, its operation a subscription. */
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Record<string, unknown>;
  context: GatewayContext;
  /** Changes that may be read at once. */
  mostRows?: number;
}

/** Where the results go. */
export interface Consumer {
  pipe: Pipe;
  frame: Frame;
  /** It takes nothing any more; `cursor` is that of the last result it was sent, or empty. */
  tooSlow: (cursor: string) => void;
}

/** Yields nothing, for results go to the consumer directly: it ends or throws when the subscription does and all of it was sent. `return` ends it at once. */
export type Running = AsyncIterableIterator<FormattedExecutionResult> & { return(): Promise<IteratorResult<FormattedExecutionResult>> };

/** Either the errors with which it is refused, or the subscription; it begins with the first `next`. */
export type LiveStart = { errors: readonly GraphQLFormattedError[] } | { running: Running };
export interface Live {
  (request: LiveRequest, consumer: Consumer): Promise<LiveStart>;
  /** Subscriptions to logs that stand at the end and wait, sharing what is read next. */
  resting(): number;
}

/** Ends a subscription with these errors. */
export class LiveFailure extends Error {
  constructor(readonly errors: readonly GraphQLFormattedError[]) {
    super('the subscription ended with errors');
  }
}

/** Runs of one person's subscriptions at the same time. */
const runsOfOnePerson = 8;

export function createLive({ apollo, schema, wakeups, subscribed, limits, logger }: LiveOptions): Live {
  const inTurn = createTurns(runsOfOnePerson);
  const groups = new Map<string, { group: Group; users: number; end: () => void }>();
  const broke = (error: unknown) => logger.error({ err: error }, 'a subscription broke');

  /** What is read for several people waits for none of them. */
  async function run({ chargePlanning: _paid, ...context }: GatewayContext, text: string, variables: Record<string, unknown>, forMany = false): Promise<FormattedExecutionResult> {
    liveRuns.inc();
    const execute = () => apollo.executeOperation({ query: text, variables }, { contextValue: { ...context, internal: true } });
    const { body } = await (forMany ? execute() : inTurn(context.viewer?.id ?? '', execute));
    if (body.kind !== 'single') throw new Error('incremental delivery is not offered');
    return body.singleResult;
  }

  /** The group of all that ask the same; it listens from here on, so that nothing between the first look and the first wait is missed. */
  function openGroup(query: LiveQuery, variables: Record<string, unknown>, mostRows: number, args: LiveArguments, context: GatewayContext, home: boolean): { group: Group; release: () => void } {
    const key = JSON.stringify([query.page, query.responseName, variables, home || viewerKey(context)]);
    let entry = groups.get(key);
    if (!entry) {
      const signal = createWakeSignal();
      const stopping = new AbortController();
      const unlisten = wakeups.listen(query.field, args, context, signal.wake);
      const { scope } = args;
      const group = createGroup({
        query, signal, stop: stopping.signal, broke,
        page: readOf(query, variables, mostRows, home),
        shared: home && scope ? { whoMay: (ids) => wakeups.whoMay(scope, ids), isSame: (event) => !query.showsTask || isThere(event, scope) } : undefined,
      });
      const end = () => {
        unlisten();
        stopping.abort();
        groups.delete(key);
      };
      entry = { group, users: 0, end };
      groups.set(key, entry);
    }
    const mine = entry;
    mine.users += 1;
    return {
      group: mine.group,
      release: () => {
        mine.users -= 1;
        if (mine.users === 0) mine.end();
      },
    };
  }

  const readOf = (query: LiveQuery, variables: Record<string, unknown>, mostRows: number, forMany = false) => async (context: GatewayContext, place: string, size: number) =>
    readPage(query, await run(context, query.page, { ...variables, [afterVariable]: place, [firstVariable]: Math.min(size, mostRows) }, forMany), place);

  const subscribe = async ({ document, operationName, variables: given, context, mostRows = Infinity }: LiveRequest, consumer: Consumer): Promise<LiveStart> => {
    // Every field of Subscription needs a viewer; nobody else has us take a document apart.
    if (!context.viewer) throw unauthenticated();
    const own = liveQueryOf(document, operationName);
    const { coerced, errors } = getVariableValues(schema(), own.operation.variableDefinitions ?? [], given);
    if (errors) return { errors: errors.map(variableError) };
    const args = argumentsOf(schema(), own, coerced);
    const ofPlace = isPlace(args.scope) && !hasText(args.filter);
    let home = ofPlace && isSharable(schema(), document, operationName);
    let query = liveQueryOf(document, operationName, home);
    const variables = Object.fromEntries(query.used.flatMap((key) => (key in given ? [[key, given[key]]] : [])));

    const stop = createStop();
    const releases: (() => void)[] = [];
    const frame: Frame = (items) => {
      liveResults.inc(items.length);
      return consumer.frame(items);
    };
    const stalled = (cursor: string) => {
      liveGivenUp.inc();
      consumer.tooSlow(cursor);
    };
    subscriptionsLive.inc();
    releases.push(() => subscriptionsLive.dec());
    const outlet = createOutlet({ pipe: consumer.pipe, limits, frame, stalled });
    const ended = deferred();
    const end = () => {
      if (stop.aborted) return;
      stop.abort();
      outlet.close();
      for (const release of releases.toReversed()) release();
      ended.resolve();
    };
    const finish = (failures?: readonly GraphQLFormattedError[]) => {
      void outlet.flushed().then(() => {
        if (failures) ended.reject(new LiveFailure(failures));
        end();
      });
    };

    let share = (_home: boolean): void => undefined;
    releases.push(subscribed.add({
      document, operationName, variables: given,
      text: () => query.page,
      goOn: (sharable) => share(ofPlace && sharable),
      end: (reasons) => finish(reasons.map((error) => withRequestId(error, context.requestId))),
    }));

    try {
      const common = { query, outlet, stop, finish, broke };
      let begin: () => void;
      if (query.kind === 'state') {
        const signal = createWakeSignal();
        releases.push(wakeups.listen(query.field, args, context, signal.wake));
        const look = async (seen: string | undefined) => readState(query, await run(context, query.page, variables), seen);
        const first = await look(undefined);
        if (first.kind === 'failed') return refuse(first.errors);
        begin = () => void followState({ ...common, signal, look }, first);
      } else {
        let mine = openGroup(query, variables, mostRows, args, context, home);
        releases.push(() => mine.release());
        const head = async (viewer: GatewayContext) => readHead(query, await run(viewer, query.head, variables));
        const reader = createLogReader({
          ...common, context, head, after: args.after ?? undefined,
          group: () => mine.group,
          page: (viewer, place, size) => readOf(query, variables, mostRows)(viewer, place, size),
        });
        releases.push(reader.leave);
        // In another graph the same selection may be the same for all who see the scope, or no longer.
        share = (now) => {
          if (now === home) return;
          home = now;
          query = liveQueryOf(document, operationName, now);
          const before = mine;
          mine = openGroup(query, variables, mostRows, args, context, now);
          reader.move(before.group);
          before.release();
        };
        const first = await reader.look();
        if (first.kind === 'failed') return refuse(first.errors);
        begin = () => reader.goOn(first);
      }
      logger.debug({ requestId: context.requestId, field: query.field }, 'subscribed');
      return { running: asIterator(begin, ended.promise, end) };
    } catch (error) {
      end();
      throw error;
    }

    function refuse(failures: readonly GraphQLFormattedError[]): LiveStart {
      end();
      return { errors: failures };
    }
  };
  return Object.assign(subscribe, { resting: () => [...groups.values()].reduce((sum, { group }) => sum + group.resting(), 0) });
}

/** Of an iterator: it yields nothing. */
function deferred(): { promise: Promise<IteratorResult<FormattedExecutionResult>>; resolve: () => void; reject: (error: Error) => void } {
  let [resolve, reject] = [() => undefined as void, (_error: Error) => undefined as void];
  const promise = new Promise<IteratorResult<FormattedExecutionResult>>((yes, no) => ([resolve, reject] = [() => yes({ done: true, value: undefined }), no]));
  // Nobody waits for it where the subscription is refused or ended from outside.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

function asIterator(begin: () => void, ended: Promise<IteratorResult<FormattedExecutionResult>>, end: () => void): Running {
  let begun = false;
  return {
    next() {
      if (!begun) begin();
      begun = true;
      return ended;
    },
    async return() {
      end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
