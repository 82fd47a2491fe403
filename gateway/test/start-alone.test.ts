// The gateway starts whatever is away: it serves what it can, says what is missing, and goes on when the others come.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type RunningGateway } from '../src/server.js';
import { ask, baseConfig, compose, logger } from './support/graph.js';
import { accessToken, jwkOf, newKey, privateText, publicText } from './support/keys.js';
import { connect, follow } from './support/socket.js';
import { startSubgraph, type TestSubgraph } from './support/subgraph.js';
import { createTaskLog, type TaskLog } from './support/task-log.js';
import { createUserLog } from './support/user-log.js';

const key = newKey();
let log: TaskLog;
let user: TestSubgraph;
let task: TestSubgraph;
let gateway: RunningGateway;
beforeAll(async () => {
  const identity = newKey();
  const gatewayKey = publicText(identity);
  log = createTaskLog();
  user = await startSubgraph({ name: 'user', sdl: 'type User @key(fields: "id") { id: ID! name: String } type Query { me: User }', resolvers: { Query: { me: (_: unknown, __: unknown, { viewer }: any) => viewer && { id: viewer.id, name: 'Viewer' } } }, gatewayKey });
  user.route = createUserLog(async () => ({ keys: [await jwkOf(key, 'k1')] })).route;
  task = await startSubgraph({ name: 'task', sdl: log.sdl, resolvers: log.resolvers, gatewayKey });
  task.route = log.route;
  const subgraphUrls = { ...baseConfig.subgraphUrls, user: user.url, task: task.url };
  await Promise.all([user.stop(), task.stop()]);
  gateway = await startGateway({ ...baseConfig, identityPrivateKey: privateText(identity), subgraphUrls }, logger, compose([user, task]));
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([user.stop(), task.stop()]);
});

test('it is up and not ready, answers with an error at each null, and serves each subgraph from when it comes', async () => {
  const authorization = `Bearer ${await accessToken(key)}`;
  const ready = async () => {
    const response = await fetch(`${gateway.url}/readyz`);
    return [response.status, (await response.json()) as { degraded: string[] }] as const;
  };
  expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  expect(await ready()).toEqual([503, { ready: false, missing: ['signing keys of the user subgraph'], degraded: ['user', 'project', 'task', 'channel', 'stats'] }]);
  const nobody = await ask(gateway, '{ me { name } taskImport(id: "i1") { status } }');
  expect([nobody.status, nobody.data]).toEqual([200, { me: null, taskImport: null }]);
  expect(nobody.errors?.map(({ path, extensions }) => [path?.join('.'), extensions['code']]).toSorted()).toEqual([['me', 'SUBGRAPH_UNAVAILABLE'], ['taskImport', 'SUBGRAPH_UNAVAILABLE']]);
  expect((await ask(gateway, '{ me { name } }', { headers: { authorization } })).status).toBe(503);

  await user.restart();
  await eventually(async () => (await ready())[0] === 200);
  await eventually(async () => (await ask(gateway, '{ me { name } }', { headers: { authorization } })).data?.me?.name === 'Viewer');
  // A subscription that begins while its log is away waits for it.
  const client = connect(gateway, await accessToken(key));
  const received = follow(client, { query: 'subscription ($p: ID!) { taskChanges(scope: { projectId: $p }, after: "c0") { cursor } }', variables: { p: log.projectId } });
  log.append({});
  await task.restart();
  expect(await received.atLeast(1)).toEqual([{ data: { taskChanges: { cursor: 'c1' } } }]);
  expect(received.error).toBeUndefined();
  // Probes answer for a second.
  await eventually(async () => expect((await ready())[1].degraded).toEqual(['project', 'channel', 'stats']));
  await client.dispose();
});
