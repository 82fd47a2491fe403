import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogWakeups, type LogWakeups } from '../src/subscriptions/log-wakeups.js';
import { logger } from './support/graph.js';

let server: Server;
let streams: ServerResponse[];
let headers: string[];
let wakeups: LogWakeups;
let status: number;

beforeEach(async () => {
  streams = [];
  headers = [];
  status = 200;
  server = createServer((request, response) => {
    headers.push(request.headers.authorization ?? '');
    response.writeHead(request.url === '/internal/wakeups' ? status : 404);
    if (status !== 200) return void response.end('no');
    response.write('{}\n');
    streams.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  wakeups = createLogWakeups({ name: 'task', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, identity: async () => 'token', logger, silenceMs: 400 });
});
afterEach(async () => {
  await wakeups.stop();
  server.closeAllConnections();
  server.close();
});

/** Counts the wakes of a key; the one for being connected is waited for. */
async function counter(key: Parameters<LogWakeups['listen']>[0]) {
  const counted = { count: 0, unlisten: () => undefined as void };
  counted.unlisten = wakeups.listen(key, () => (counted.count += 1));
  return counted;
}
const connected = (count = 1) => eventually(() => streams.length >= count);
const last = () => streams.at(-1) as ServerResponse;

test('wakes whoever listens for a scope, a user or a task, and nobody else', async () => {
  await connected();
  const scope = await counter('scope:s1');
  const user = await counter('user:u1');
  const task = await counter('task:t1');
  const other = await counter('scope:s2');
  // The stream is opened as the gateway itself.
  expect(headers).toEqual(['Bearer token']);
  await eventually(() => (last().write('{}\n{"scopes":["s1","s9"],"users":["u1"],"tasks":["t1"]}\n'), scope.count > 0 && user.count > 0 && task.count > 0));
  // Being connected wakes everybody once; listeners that came later are only woken by name.
  expect(other.count).toBeLessThanOrEqual(1);
});

test('puts lines together that arrive in pieces', async () => {
  await connected();
  const scope = await counter('scope:s1');
  const before = scope.count;
  last().write('\n{"sco');
  last().write('pes":["s1"]}');
  last().write('\n{"scopes":["s');
  last().write('1"]}\n');
  await eventually(() => scope.count >= before + 2);
});

test('wakes everybody after each connection, since something may have been missed', async () => {
  await connected();
  const scope = await counter('scope:s1');
  const seen = scope.count;
  last().destroy();
  await connected(2);
  await eventually(() => scope.count > seen);
});

test('makes the connection anew when it falls silent, and keeps it while heartbeats come', async () => {
  await connected();
  const heart = setInterval(() => last().write('{}\n'), 100);
  const scope = await counter('scope:s1');
  await eventually(() => (last().write('{"scopes":["s1"]}\n'), scope.count > 20));
  expect(streams).toHaveLength(1);
  clearInterval(heart);
  await connected(2);
});

test('tries again when the subgraph refuses or sends nonsense', async () => {
  await connected();
  status = 503;
  last().write('no json\n');
  await eventually(() => headers.length >= 3);
  status = 200;
  await connected(2);
});

test('forgets who no longer listens', async () => {
  await connected();
  const scope = await counter('scope:s1');
  const kept = await counter('scope:s1');
  scope.unlisten();
  const seen = scope.count;
  await eventually(() => (last().write('{"scopes":["s1"]}\n'), kept.count > 2));
  expect(scope.count).toBe(seen);
});
