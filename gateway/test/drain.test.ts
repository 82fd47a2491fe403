// SIGTERM to a gateway at work: what is under way is answered, sockets are sent elsewhere, the process ends by itself.
// DRAIN_CLIENTS says how many requests and how many sockets there are, and has the time told that it took; `npm run test:full` takes 1,000.
// DRAIN_WORKERS is GATEWAY_WORKERS.
import { connect as connectTcp } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compose } from './support/graph.js';
import { accessToken, jwkOf, newKey, privateText, publicText } from './support/keys.js';
import { startProcess, type GatewayProcess } from './support/process.js';
import { connect, follow } from './support/socket.js';
import { startSubgraph, type TestSubgraph } from './support/subgraph.js';
import { createTaskLog, type TaskLog } from './support/task-log.js';
import { createUserLog } from './support/user-log.js';

const clients = Number(process.env['DRAIN_CLIENTS'] ?? 40);
const identity = newKey();
const key = newKey();

let user: TestSubgraph;
let task: TestSubgraph;
let log: TaskLog;
let directory: string;
let settings: Record<string, string>;
const started: GatewayProcess[] = [];
/** Answers to what the task subgraph has not answered yet, by id. */
let held: Map<string, () => void>;

beforeEach(async () => {
  const gatewayKey = publicText(identity);
  log = createTaskLog();
  user = await startSubgraph({ name: 'user', sdl: 'type User @key(fields: "id") { id: ID! name: String }', resolvers: {}, gatewayKey });
  user.route = createUserLog(async () => ({ keys: [await jwkOf(key, 'k1')] })).route;
  task = await startSubgraph({ name: 'task', sdl: log.sdl, resolvers: log.resolvers, gatewayKey });
  held = new Map();
  task.route = (request, response, body) => {
    const id: unknown = body.variables?.id;
    if (typeof id !== 'string') return log.route(request, response, body);
    const data = body.query.startsWith('mutation') ? { createTask: { title: id } } : { taskImport: { id } };
    held.set(id, () => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data })));
    return true;
  };
  directory = await mkdtemp(join(tmpdir(), 'drain-'));
  const supergraph = join(directory, 'supergraph.graphql');
  await writeFile(supergraph, compose([user, task]));
  const away = 'http://127.0.0.1:1';
  settings = {
    GATEWAY_WORKERS: process.env['DRAIN_WORKERS'] ?? '1', IDENTITY_PRIVATE_KEY: privateText(identity), IDENTITY_PUBLIC_KEYS: '{}', SUPERGRAPH_PATH: supergraph,
    USER_URL: user.url, TASK_URL: task.url, PROJECT_URL: away, CHANNEL_URL: away, STATS_URL: away,
    SUBGRAPH_CONNECTIONS: '1024', LIVE_SOCKETS_PER_USER: '100000', RATE_LIMIT_PER_MINUTE: '0', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '0', COST_LIMIT_PER_MINUTE: '0',
    // However slow the machine is.
    SUBGRAPH_TIMEOUT_MS: '60000', SUBGRAPH_QUEUE_MS: '60000', SHED_LAG_MS: '0', LIVE_INIT_TIMEOUT_MS: '60000', LIVE_PING_MS: '300000', LIVE_STALL_MS: '300000',
  };
});
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await Promise.all([user.stop(), task.stop()]);
  await rm(directory, { recursive: true, force: true });
});

async function start(): Promise<GatewayProcess> {
  const gateway = await startProcess(settings);
  started.push(gateway);
  await eventually(async () => (await fetch(`${gateway.url}/readyz`)).status === 200);
  return gateway;
}

const changes = 'subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after) { cursor } }';
const find = 'query ($id: ID!) { taskImport(id: $id) { id } }';
const make = 'mutation ($id: String!) { createTask(title: $id) { title } }';
const bodyOf = (query: string, id: string) => JSON.stringify({ query, variables: { id } });

test('no request and no operation under way fails, every socket closes with 1001, the process ends by itself, and who comes back misses nothing', async () => {
  const gateway = await start();
  const token = await accessToken(key);
  const sockets = Array.from({ length: clients }, () => connect(gateway as never, token));
  const followers = sockets.map((socket) => follow(socket, { query: changes, variables: { p: log.projectId, after: 'c0' } }));
  log.append({});
  for (const { atLeast } of followers) await atLeast(1);

  const answers = Array.from({ length: clients }, async (_, index) => {
    const id = `http-${index}`;
    const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: bodyOf(index % 2 ? find : make, id) });
    const { data, errors } = (await response.json()) as { data: unknown; errors: unknown };
    return [response.status, data, errors];
  });
  const some = sockets.slice(0, 10);
  const operations = some.map((socket, index) => follow(socket, { query: make, variables: { id: `ws-${index}` } }));
  // A client that keeps its connection open for more.
  const { host, hostname, port } = new URL(gateway.url);
  const open = connectTcp({ host: hostname, port: Number(port) });
  let text = '';
  open.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const body = bodyOf(find, 'kept-open');
  open.write(`POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  await eventually(() => held.size === clients + some.length + 1);

  const told = performance.now();
  gateway.child.kill('SIGTERM');
  await eventually(() => fetch(`${gateway.url}/livez`).then(() => false, () => true));
  for (const answer of held.values()) answer();

  expect(await Promise.all(answers)).toEqual(Array.from({ length: clients }, (_, index) => [200, index % 2 ? { taskImport: { id: `http-${index}` } } : { createTask: { title: `http-${index}` } }, undefined]));
  for (const [index, operation] of operations.entries()) expect((await operation.atLeast(1)).map(({ data, errors }) => [data, errors])).toEqual([[{ createTask: { title: `ws-${index}` } }, undefined]]);
  await eventually(() => open.closed);
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n(.+\r\n)*connection: close\r\n[^]*"id":"kept-open"/);
  await eventually(() => followers.every(({ error }) => error));
  expect(new Set(followers.map(({ error }) => error.code))).toEqual(new Set([1001]));
  // 1 would be that of a process that had to end itself.
  expect(await gateway.ended).toBe(0);
  if (process.env['DRAIN_CLIENTS']) process.stdout.write(`${clients} requests and ${clients} sockets: ended ${((performance.now() - told) / 1_000).toFixed(1)} s after SIGTERM\n`);

  log.append({});
  log.append({});
  const elsewhere = await start();
  const back = connect(elsewhere as never, token);
  const results = await follow(back, { query: changes, variables: { p: log.projectId, after: followers[0]?.results.at(-1).data.taskChanges.cursor } }).atLeast(2);
  expect(results.map(({ data }) => data.taskChanges.cursor)).toEqual(['c2', 'c3']);
  for (const socket of [back, ...sockets]) await socket.dispose();
}, 300_000);
