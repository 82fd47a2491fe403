import { createIdentitySigner } from '@taskgraph/shared/identity';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { createDataSource } from '../src/data-source.js';
import { startGraphQLServer } from '../src/graphql-server.js';
import { createSubgraphClient } from '../src/subgraph-client.js';
import { createLive } from '../src/subscriptions/live.js';
import { logger } from './support/graph.js';
import { newKey, privateText, publicText, viewerId } from './support/keys.js';
import { startSubgraph } from './support/subgraph.js';
import { createTaskLog } from './support/task-log.js';

async function startEngine() {
  const log = createTaskLog();
  const identity = newKey();
  const subgraph = await startSubgraph({ name: 'task', sdl: log.sdl, resolvers: log.resolvers, gatewayKey: publicText(identity) });
  const client = createSubgraphClient({ name: 'task', url: subgraph.url, timeoutMs: 2_000, connections: 2, logger });
  const signer = createIdentitySigner({ service: 'gateway', privateKey: privateText(identity) });
  const { supergraphSdl } = composeServices([{ name: 'task', url: 'http://task', typeDefs: parse(subgraph.sdl) }]);
  const { apollo, schema } = await startGraphQLServer({
    supergraphSdl: supergraphSdl as string,
    dataSource: (_name, graph) => createDataSource({ client, signer, schema: graph, logger }),
    introspection: true,
    logger,
  });
  const listening = new Set<() => void>();
  const wakeups = {
    listen: (_key: string, wake: () => void) => {
      listening.add(wake);
      return () => void listening.delete(wake);
    },
  };
  const live = createLive({ apollo, schema, wakeups, logger });
  const subscribe = async (after: string) => {
    const started = await live({
      document: parse('subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after) { cursor } }'),
      operationName: undefined,
      variables: { p: log.projectId, after },
      context: { viewer: { id: viewerId, role: 'MEMBER', sessionId: 's' }, requestId: 'request-1', idempotencyKey: null },
    });
    if ('errors' in started) throw new Error(started.errors[0]?.message);
    return started.events;
  };
  const stop = async () => {
    await apollo.stop();
    await client.close();
    await subgraph.stop();
  };
  return { log, subgraph, subscribe, listening, stop };
}

test('a slow consumer holds at most one page: the next is read when the last change of this one was taken', async () => {
  const { log, subgraph, subscribe, stop } = await startEngine();
  for (let index = 0; index < 1_000; index += 1) log.append({});
  const events = await subscribe('c0');
  for (let index = 0; index < 500; index += 1) await events.next();
  expect(subgraph.calls).toHaveLength(1);
  expect((await events.next()).value).toEqual({ data: { taskChanges: { cursor: 'c501' } } });
  expect(subgraph.calls).toHaveLength(2);
  await events.return();
  await stop();
});

test('ending a subscription that waits releases it at once', async () => {
  const { subscribe, listening, stop } = await startEngine();
  const events = await subscribe('c0');
  expect(listening.size).toBe(1);
  const waiting = events.next();
  await events.return();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(listening.size).toBe(0);
  await stop();
});

test('a subscription that is ended before it began, or refused, leaves no listener', async () => {
  const { subscribe, listening, stop } = await startEngine();
  await (await subscribe('c0')).return();
  await expect(subscribe('forged')).rejects.toThrow('after is no cursor.');
  expect(listening.size).toBe(0);
  await stop();
});
