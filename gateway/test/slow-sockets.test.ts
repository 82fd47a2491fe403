// Bounds of sockets against peers that misbehave: real sockets that stop reading, send too much or ask too often.
import { once } from 'node:events';
import { connect as connectTcp, type AddressInfo, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { createCursorCodec } from '@taskgraph/shared/cursor';
import { eventually } from '@taskgraph/shared/testing/eventually';
import type { Client } from 'graphql-ws';
import { afterEach, expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import type { Config } from '../src/config.js';
import { createPipe } from '../src/subscriptions/pipe.js';
import { giveUp } from '../src/subscriptions/socket.js';
import { startGraph, type TestGraph } from './support/graph.js';
import { connect, follow, socketUrl } from './support/socket.js';
import { createTaskLog, type TaskLog } from './support/task-log.js';

let log: TaskLog;
let graph: TestGraph;
const clients: Client[] = [];
const raws: Socket[] = [];

async function start(live: Partial<Config['live']> = {}): Promise<string> {
  log = createTaskLog();
  graph = await startGraph({ task: log, live });
  graph.task.route = log.route;
  await eventually(() => log.streams.size === 1);
  return graph.token();
}
afterEach(async () => {
  for (const raw of raws.splice(0)) raw.destroy();
  for (const client of clients.splice(0)) await client.dispose();
  await graph.stop();
});

const query = 'subscription ($p: ID!) { taskChanges(scope: { projectId: $p }) { cursor kind task { title } } }';

/** A masked text frame of a client. */
function frame(message: object): Buffer {
  const text = Buffer.from(JSON.stringify(message));
  const mask = randomBytes(4);
  const head = text.length < 126 ? Buffer.from([0x81, 0x80 | text.length]) : Buffer.from([0x81, 0x80 | 126, text.length >> 8, text.length & 255]);
  return Buffer.concat([head, mask, text.map((byte, index) => byte ^ (mask[index % 4] as number))]);
}

/** Subscribes by hand and reads until the subscription stands; from then on nothing is read any more. */
async function stalled(token: string): Promise<{ raw: Socket; gone: () => boolean }> {
  const { host, hostname, port } = new URL(graph.gateway.url);
  const raw = connectTcp({ host: hostname, port: Number(port) });
  raws.push(raw);
  raw.on('error', () => undefined);
  let text = '';
  raw.on('data', (chunk) => (text = (text + chunk.toString('latin1')).slice(-10_000)));
  raw.write(`GET /graphql HTTP/1.1\r\nhost: ${host}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`);
  await eventually(() => text.includes('101 Switching'));
  raw.write(frame({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  await eventually(() => text.includes('connection_ack'));
  raw.write(frame({ id: 's', type: 'subscribe', payload: { query, variables: { p: log.projectId } } }));
  await eventually(() => (log.append({ title: 'are you there' }), text.includes('are you there')), { intervalMs: 100 });
  raw.pause();
  return { raw, gone: () => raw.destroyed };
}

test('sockets that stop reading cost little memory, are closed, and hold up nobody', async () => {
  const token = await start({ stallMs: 4_000, socketsPerUser: 100 });
  const client = connect(graph.gateway, token);
  clients.push(client);
  const reader = follow(client, { query, variables: { p: log.projectId } });
  const peers = await Promise.all(Array.from({ length: 10 }, () => stalled(token)));
  const before = process.memoryUsage();
  const title = 'x'.repeat(50_000);
  const count = 240;
  for (let index = 0; index < count; index += 1) {
    log.append({ title: `${index} ${title}` });
    if (index % 40 === 39) await eventually(() => reader.results.some(({ data }) => data.taskChanges.task.title.startsWith(`${index} `)));
  }
  const after = process.memoryUsage();
  // Unbounded it would be 10 × 240 × 50 kB = 120 MB, less what the kernel takes; the queues allow 10 × 0.4 MB.
  const grown = after.external + after.arrayBuffers - before.external - before.arrayBuffers;
  expect(grown).toBeLessThan(40 * 1_048_576);
  // Whoever does not read learns by writing that the connection is no more.
  await Promise.all(peers.map(({ raw, gone }) => eventually(() => (gone() || raw.write(frame({ type: 'ping' })), gone()), { intervalMs: 200 })));
  expect(reader.error).toBeUndefined();
  expect(new Set(reader.results.map(({ data }) => data.taskChanges.cursor)).size).toBe(reader.results.length);
});

test('a socket that reads nothing is given up although the kernel takes the little that it is sent; whoever reads stays', async () => {
  const token = await start({ stallMs: 2_000 });
  const client = connect(graph.gateway, token);
  clients.push(client);
  const reader = follow(client, { query, variables: { p: log.projectId } });
  const { raw, gone } = await stalled(token);
  let count = 0;
  await eventually(() => {
    log.append({ title: `small ${(count += 1)}` });
    return gone() || (raw.write(frame({ type: 'ping' })), gone());
  }, { intervalMs: 200 });
  await eventually(() => reader.results.some(({ data }) => data.taskChanges.task.title === `small ${count}`));
  expect(reader.error).toBeUndefined();
});

test('room on a connection goes to those that wait for it before those that have just written', () => {
  const taken: (() => void)[] = [];
  let waiting = 0;
  const pipe = createPipe({
    write: (bytes, sent) => {
      waiting += bytes.length;
      taken.push(() => {
        waiting -= bytes.length;
        sent();
      });
    },
    waiting: () => waiting,
  });
  const full = 'x'.repeat(100_000);
  const order: string[] = [];
  const greedy = () => pipe.write(full, () => {
    order.push('greedy');
    if (pipe.room() > 0) greedy();
  });
  greedy();
  pipe.onReady(() => pipe.write(full, () => order.push('patient')));
  while (order.length < 3 && taken.length > 0) taken.shift()?.();
  expect(order).toEqual(['greedy', 'patient']);
});

const notificationCursor = createCursorCodec('a secret', 'notifications').encode(['2026-11-22T05:17:00.123Z', '0193f9c4-7a00-7000-8000-00000000aaaa', '123456']);

test.each([
  ['short', 'c7', 'Too slow; go on after c7'],
  ["as long as a notification's", notificationCursor, notificationCursor],
  ['too long for a close frame', 'c'.repeat(200), 'Too slow'],
  ['none', '', 'Too slow'],
])('what is given up hears with 4410 after which cursor to go on: one that is %s', async (_title, cursor, reason) => {
  await start();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => giveUp(socket, cursor));
  await once(server, 'listening');
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const closed = await new Promise((resolve) => socket.on('close', (code, text) => resolve([code, String(text)])));
  server.close();
  expect(closed).toEqual([4410, reason]);
});

test('one socket too many of a person closes with 4411, those of others are let in', async () => {
  const token = await start({ socketsPerUser: 2 });
  const open = (count: number) => Array.from({ length: count }, () => {
    const client = connect(graph.gateway, token);
    clients.push(client);
    return follow(client, { query, variables: { p: log.projectId } });
  });
  open(2);
  await eventually(() => graph.task.calls.length >= 2);
  const [third] = open(1);
  await eventually(() => third?.error !== undefined);
  expect(third?.error).toMatchObject({ code: 4411, reason: 'Too many sockets' });
  const anonymous = connect(graph.gateway);
  clients.push(anonymous);
  expect((await follow(anonymous, { query: '{ __typename }' }).atLeast(1))[0]).toMatchObject({ data: { __typename: 'Query' } });
});

test('more operations than a socket may run are RATE_LIMITED one by one, and 10,000 of them end in nothing worse', async () => {
  const token = await start({ subscriptionsPerSocket: 5 });
  const socket = new WebSocket(socketUrl(graph.gateway), 'graphql-transport-ws');
  const codes: unknown[] = [];
  let acknowledged = false;
  socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString());
    if (message.type === 'connection_ack') acknowledged = true;
    if (message.type === 'error') codes.push(message.payload[0].extensions.code);
  });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })));
  await eventually(() => acknowledged);
  for (let index = 0; index < 10_000; index += 1) socket.send(JSON.stringify({ id: String(index), type: 'subscribe', payload: { query, variables: { p: log.projectId } } }));
  await eventually(() => codes.length >= 9_995);
  expect(new Set(codes)).toEqual(new Set(['RATE_LIMITED']));
  expect(graph.task.calls.length).toBeLessThan(100);
  socket.close();
});
