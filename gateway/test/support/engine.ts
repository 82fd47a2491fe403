// The live engine over the small task subgraph, without sockets: consumers whose taking the test controls.
import { composeServices } from '@apollo/composition';
import { createIdentitySigner } from '@taskgraph/shared/identity';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { parse } from 'graphql';
import { createDataSource } from '../../src/data-source.js';
import { startGraphQLServer } from '../../src/graphql-server.js';
import { createLimits } from '../../src/limits/limits.js';
import { readTrustedDocuments } from '../../src/limits/trusted-documents.js';
import { createSubgraphClient } from '../../src/subgraph-client.js';
import { createLive, type Running } from '../../src/subscriptions/live.js';
import { createLogWakeups } from '../../src/subscriptions/log-wakeups.js';
import { createImportWakeups } from '../../src/subscriptions/import-wakeups.js';
import { createPipe } from '../../src/subscriptions/pipe.js';
import { createRunningSubscriptions } from '../../src/subscriptions/running-subscriptions.js';
import { createWakeups } from '../../src/subscriptions/wake-sources.js';
import { baseConfig, baseLimits, logger } from './graph.js';
import { newKey, privateText, publicText } from './keys.js';
import { startSubgraph } from './subgraph.js';
import { createTaskLog } from './task-log.js';

export const newest = 'subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after) { cursor kind taskId changes { field before after } task { title } } }';

/** One consumer: what it took, and whether it takes. */
export interface Taken {
  results: any[];
  /** Stops taking; what is sent waits in the connection. */
  hold(): void;
  take(): void;
  /** Bytes that wait in the connection. */
  waiting(): number;
  /** Cursors with which it was given up. */
  slow: string[];
  running: Running;
  ended: Promise<unknown>;
  atLeast: (count: number) => Promise<any[]>;
}

export async function startEngine(limits: Partial<typeof baseConfig.live> = {}) {
  const log = createTaskLog();
  const identity = newKey();
  const subgraph = await startSubgraph({ name: 'task', sdl: log.sdl, resolvers: log.resolvers, gatewayKey: publicText(identity) });
  subgraph.route = log.route;
  const client = createSubgraphClient({ name: 'task', url: subgraph.url, timeoutMs: 5_000, connections: 16, guard: baseConfig.guard, logger });
  const signer = createIdentitySigner({ service: 'gateway', privateKey: privateText(identity) });
  const subscribed = createRunningSubscriptions();
  const { apollo, schema, take } = await startGraphQLServer({
    supergraphSdl: composed(subgraph.sdl),
    follower: subscribed,
    dataSource: () => createDataSource({ client, signer, logger }),
    limits: createLimits({ settings: baseLimits, trusted: readTrustedDocuments(undefined, 'off') }),
    introspection: true,
    logger,
  });
  const tasks = createLogWakeups({ name: 'task', url: subgraph.url, identity: () => signer.tokenFor('task'), logger });
  const opened = new Promise<void>((resolve) => {
    const unlisten = tasks.listen('user:nobody', () => (unlisten(), resolve()));
  });
  const imports = createImportWakeups({ url: subgraph.url, identity: (viewer) => signer.tokenFor('task', viewer) });
  const sources = createWakeups({ tasks, imports, notifications: tasks, client, signer });
  const listening = new Set<() => void>();
  const wakeups: typeof sources = {
    ...sources,
    listen(...args) {
      const unlisten = sources.listen(...args);
      listening.add(unlisten);
      return () => {
        listening.delete(unlisten);
        unlisten();
      };
    },
  };
  const live = createLive({ apollo, schema, wakeups, subscribed, limits: { ...baseConfig.live, ...limits }, logger });
  // From here on each line of the stream is one wake-up: that of its opening is over.
  await opened;

  const subscribe = async (viewerId: string, variables: object = {}, query = newest): Promise<Taken> => {
    let held: (() => void)[] | null = null;
    let waiting = 0;
    const results: any[] = [];
    const slow: string[] = [];
    const pipe = createPipe({
      write: (bytes, sent) => {
        const deliver = () => {
          waiting -= bytes.length;
          results.push(...String(bytes).split('\n').map((text) => JSON.parse(text) as unknown));
          setImmediate(sent);
        };
        waiting += bytes.length;
        if (held) held.push(deliver);
        else setImmediate(deliver);
      },
      waiting: () => waiting,
    });
    const started = await live(
      {
        document: parse(query), operationName: undefined, variables: { p: log.projectId, ...variables },
        context: { viewer: { id: viewerId, role: 'MEMBER', sessionId: `session of ${viewerId}` }, requestId: 'request-1', idempotencyKey: null },
      },
      { pipe, frame: (items) => Buffer.from(items.map(({ body }) => String(body)).join('\n')), tooSlow: (cursor) => void slow.push(cursor) },
    );
    if ('errors' in started) throw new Error(started.errors[0]?.message);
    const { running } = started;
    const ended = running.next().catch((error: unknown) => error);
    return {
      results, slow, running, ended,
      hold: () => void (held ??= []),
      take: () => {
        const waiting = held ?? [];
        held = null;
        for (const deliver of waiting) deliver();
      },
      waiting: () => waiting,
      atLeast: (count) => eventually(() => (results.length >= count ? results : null)),
    };
  };
  /** Queries the task subgraph answered since `from`. */
  const calls = () => subgraph.calls.length;
  const stop = async () => {
    await tasks.stop();
    await imports.stop();
    await apollo.stop();
    await client.close();
    await subgraph.stop();
  };
  /** Another graph takes over: that of the same subgraph with another text. */
  const reload = (change: (sdl: string) => string) => take(composed(change(subgraph.sdl)));
  return { log, subgraph, subscribe, listening, calls, resting: live.resting, reload, stop };
}

function composed(sdl: string): string {
  const { supergraphSdl, errors } = composeServices([{ name: 'task', url: 'http://task', typeDefs: parse(sdl) }]);
  if (!supergraphSdl) throw new Error(String(errors));
  return supergraphSdl;
}

export type Engine = Awaited<ReturnType<typeof startEngine>>;
/** Ids of people that are UUIDs, by number. */
export const personId = (index: number): string => `0193f9c4-7a00-7000-8000-${String(index).padStart(12, '0')}`;
export const cursors = (results: any[]): string[] => results.map(({ data }) => data.taskChanges.cursor);
