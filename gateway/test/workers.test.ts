// A gateway of two workers and their primary process, as it is built, over subgraphs of the test.
import { Agent, request as httpRequest } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readGatewayConfig } from '../src/config.js';
import { compose } from './support/graph.js';
import { accessToken, jwkOf, newKey, privateText, publicText } from './support/keys.js';
import { startProcess, type GatewayProcess } from './support/process.js';
import { connect, follow } from './support/socket.js';
import { startSubgraph, type TestSubgraph } from './support/subgraph.js';
import { createTaskLog, type TaskLog } from './support/task-log.js';
import { createUserLog } from './support/user-log.js';

const identity = newKey();
const key = newKey();
const limit = 7;

let user: TestSubgraph;
let task: TestSubgraph;
let log: TaskLog;
let directory: string;
let gateway: GatewayProcess;
let settings: Record<string, string>;
/** Answers to what the task subgraph has not answered yet, by id. */
let held: Map<string, () => void>;

beforeAll(async () => {
  const gatewayKey = publicText(identity);
  log = createTaskLog();
  user = await startSubgraph({ name: 'user', sdl: 'type User @key(fields: "id") { id: ID! name: String }', resolvers: {}, gatewayKey });
  user.route = createUserLog(async () => ({ keys: [await jwkOf(key, 'k1')] })).route;
  task = await startSubgraph({ name: 'task', sdl: log.sdl, resolvers: log.resolvers, gatewayKey });
  held = new Map();
  task.route = (request, response, body) => {
    const id: unknown = body.variables?.id;
    if (typeof id !== 'string') return log.route(request, response, body);
    held.set(id, () => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { taskImport: { id } } })));
    return true;
  };
  directory = await mkdtemp(join(tmpdir(), 'workers-'));
  const supergraph = join(directory, 'supergraph.graphql');
  await writeFile(supergraph, compose([user, task]));
  const away = 'http://127.0.0.1:1';
  settings = {
    GATEWAY_WORKERS: '2', IDENTITY_PRIVATE_KEY: privateText(identity), IDENTITY_PUBLIC_KEYS: '{}', SUPERGRAPH_PATH: supergraph,
    USER_URL: user.url, TASK_URL: task.url, PROJECT_URL: away, CHANNEL_URL: away, STATS_URL: away,
    RATE_LIMIT_PER_MINUTE: String(limit), RATE_LIMIT_ANONYMOUS_PER_MINUTE: '0', METRICS_PORT: '0',
    // However slow the machine is.
    SUBGRAPH_TIMEOUT_MS: '60000', SUBGRAPH_QUEUE_MS: '60000', SHED_LAG_MS: '0', LIVE_INIT_TIMEOUT_MS: '60000', LIVE_PING_MS: '300000', LIVE_STALL_MS: '300000',
  };
  gateway = await startProcess(settings);
  await allListen(2);
  await allKnowKeys();
});
afterAll(async () => {
  gateway.child.kill('SIGKILL');
  await gateway.ended;
  await Promise.all([user.stop(), task.stop()]);
  await rm(directory, { recursive: true, force: true });
});
beforeEach(() => held.clear());

const listeners = () => gateway.lines.filter(({ msg }) => msg === 'the gateway listens') as { worker: number; pid: number }[];
const allListen = (count: number) => eventually(() => listeners().length >= count && gateway.lines.some(({ msg }) => msg === 'all workers listen'));
const person = () => accessToken(key, { claims: { sub: newId() } });

/** Over a connection of its own, unless an agent keeps one. */
function ask(query: string, { token, variables = {}, agent = false }: { token?: string; variables?: object; agent?: Agent | false } = {}): Promise<{ status: number | undefined; body: any }> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const request = httpRequest({ hostname, port, path: '/graphql', method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) })).on('error', reject);
    });
    request.on('error', reject).end(JSON.stringify({ query, variables }));
  });
}
/** Connections are shared out in turn: of four in a row each worker has had some. */
const allKnowKeys = () => eventually(async () => (await Promise.all([1, 2, 3, 4].map(() => fetch(`${gateway.url}/readyz`, { headers: { connection: 'close' } })))).every(({ status }) => status === 200));

const find = 'query ($id: ID!) { taskImport(id: $id) { id } }';
const changes = 'subscription ($p: ID!) { taskChanges(scope: { projectId: $p }, after: "c0") { cursor } }';

test('a limit is one over all workers, and nothing counts twice', async () => {
  // Where the primary process was too slow for once, a worker has counted for itself: then with somebody else again.
  const statuses = await eventually(async () => {
    const token = await person();
    const seen: (number | undefined)[] = [];
    for (let index = 0; index < limit + 4; index += 1) seen.push((await ask('{ __typename }', { token })).status);
    return seen.filter((status) => status === 200).length === limit ? seen : null;
  });
  expect(statuses).toEqual([...Array.from({ length: limit }, () => 200), 429, 429, 429, 429]);
});

test('while the primary process does not answer its workers count for themselves and serve on', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const token = await person();
  expect((await ask('{ __typename }', { token, agent })).status).toBe(200);
  gateway.child.kill('SIGSTOP');
  try {
    expect((await ask('{ __typename }', { token, agent })).status).toBe(200);
  } finally {
    gateway.child.kill('SIGCONT');
  }
  agent.destroy();
});

test('the figures of all workers are told in one place, counters added up and never falling', async () => {
  const { url } = gateway.lines.find(({ msg }) => msg === 'metrics') as { url: string };
  const read = async (name: string) => {
    const text = await (await fetch(url)).text();
    return [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (.*)$`, 'gm'))].reduce((sum, match) => sum + Number(match[1]), 0);
  };
  const counted = () => read('taskgraph_operations_total');
  await eventually(async () => (await read('taskgraph_gateway_workers')) === 2);
  expect(await read('taskgraph_breaker_open')).toBe(0);
  const before = await counted();
  const listening = listeners().length;
  for (let index = 0; index < 4; index += 1) await ask('{ __typename }');
  expect(await counted()).toBe(before + 4);
  const victim = listeners().at(-1) as { pid: number };
  process.kill(victim.pid, 'SIGKILL');
  await allListen(listening + 1);
  await eventually(async () => (await read('taskgraph_gateway_workers')) === 2);
  expect(await counted()).toBe(before + 4);
});

test('a worker that is killed takes only its own requests along; the other one serves on and a new one takes its place', async () => {
  const before = listeners().length;
  const requests = Array.from({ length: 12 }, (_, index) => ask(find, { variables: { id: `i${index}` } }).then(({ status }) => status, () => 'broken'));
  await eventually(() => held.size === requests.length);
  process.kill((listeners().at(-1) as { pid: number }).pid, 'SIGKILL');
  // A connection that was being handed over breaks; none hangs.
  await eventually(() => ask('{ __typename }').then(({ status }) => status === 200, () => false));
  for (const answer of held.values()) answer();
  const outcomes = await Promise.all(requests);
  expect(new Set(outcomes)).toEqual(new Set([200, 'broken']));
  await allListen(before + 1);
  await allKnowKeys();
});

test('SIGTERM: what is under way in any worker is answered, sockets of all workers close with 1001, and the process ends by itself', async () => {
  const sockets = await Promise.all(Array.from({ length: 4 }, async () => connect(gateway as never, await person())));
  const followers = sockets.map((socket) => follow(socket, { query: changes, variables: { p: log.projectId } }));
  log.append({});
  for (const { atLeast } of followers) await atLeast(1);
  const requests = Array.from({ length: 12 }, (_, index) => ask(find, { variables: { id: `i${index}` } }));
  await eventually(() => held.size === requests.length);

  gateway.child.kill('SIGTERM');
  await eventually(() => fetch(`${gateway.url}/livez`).then(() => false, () => true));
  for (const answer of held.values()) answer();
  expect((await Promise.all(requests)).map(({ status, body }) => [status, body.data])).toEqual(Array.from({ length: 12 }, (_, index) => [200, { taskImport: { id: `i${index}` } }]));
  await eventually(() => followers.every(({ error }) => error));
  expect(new Set(followers.map(({ error }) => error.code))).toEqual(new Set([1001]));
  expect(await gateway.ended).toBe(0);
  for (const socket of sockets) await socket.dispose();
});

test('GATEWAY_WORKERS is 1 by itself, a number, or auto for one per core', () => {
  const workers = (value: Record<string, string>) => readGatewayConfig({ ...settings, GATEWAY_WORKERS: '', ...value }).workers;
  expect([workers({}), workers({ GATEWAY_WORKERS: '3' })]).toEqual([1, 3]);
  expect(workers({ GATEWAY_WORKERS: 'auto' })).toBeGreaterThanOrEqual(1);
});
