// The graphql-transport-ws protocol as a black box: close codes and answers to peers that break it, with hand-made frames.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { openSocket } from '../src/subscriptions/socket.js';
import { logger, startGraph, type TestGraph } from './support/graph.js';
import { accessToken } from './support/keys.js';
import { socketUrl } from './support/socket.js';
import { createTaskLog, type TaskLog } from './support/task-log.js';

let log: TaskLog;
let graph: TestGraph;
beforeAll(async () => {
  log = createTaskLog();
  graph = await startGraph({ task: log, live: { initTimeoutMs: 500 } });
  graph.task.route = log.route;
  await eventually(() => log.streams.size === 1);
});
afterAll(() => graph.stop());

interface Talk {
  socket: WebSocket;
  answers: any[];
  closed: Promise<{ code: number; reason: string }>;
}

/** Opens a socket, with the token in connection_init and its acknowledgement waited for, unless `token` is null. */
async function talk(token: string | null, protocol = 'graphql-transport-ws'): Promise<Talk> {
  const socket = new WebSocket(socketUrl(graph.gateway), protocol);
  const answers: any[] = [];
  socket.on('message', (data) => answers.push(JSON.parse((data as Buffer).toString())));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })));
  await new Promise((resolve) => socket.on('open', resolve));
  if (token !== null) {
    socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: `Bearer ${token}` } }));
    await eventually(() => answers.some(({ type }) => type === 'connection_ack'));
  }
  return { socket, answers, closed };
}
const follow = { id: '1', type: 'subscribe', payload: { query: 'subscription ($p: ID!) { taskChanges(scope: { projectId: $p }) { cursor } }' } };
const subscribe = (id = '1') => ({ ...follow, id, payload: { ...follow.payload, variables: { p: log.projectId } } });

test.each<[string, number, string | Buffer | object]>([
  ['what is no JSON', 4400, 'nonsense'],
  ['JSON that is no message', 4400, '[]'],
  ['an unknown type', 4400, { type: 'start', id: '1' }],
  ['a type that only a server may send', 4400, { type: 'connection_ack' }],
  ['a subscribe message without a query', 4400, { id: '1', type: 'subscribe', payload: {} }],
  ['a subscribe message without an id', 4400, { type: 'subscribe', payload: follow.payload }],
  ['a binary frame', 4400, Buffer.from('{"type":"ping"}')],
  ['a second connection_init', 4429, { type: 'connection_init' }],
  ['a message of 1 MB', 1009, { type: 'ping', payload: { big: 'x'.repeat(1_000_000) } }],
])('%s closes with %i', async (_title, code, message) => {
  const { socket, closed } = await talk(await graph.token());
  socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  expect((await closed).code).toBe(code);
});

test('subscribing before connection_init closes with 4401, no connection_init in time with 4408, another subprotocol with 4406', async () => {
  const early = await talk(null);
  early.socket.send(JSON.stringify(subscribe()));
  expect((await early.closed).code).toBe(4401);
  expect((await (await talk(null)).closed).code).toBe(4408);
  const other = new WebSocket(socketUrl(graph.gateway), ['graphql-ws']);
  const refused = await new Promise((resolve) => {
    other.on('close', (code) => resolve(code));
    other.on('error', () => undefined);
  });
  // The client itself may end what it did not ask for before it reads our code.
  expect([4406, 1006]).toContain(refused);
});

test('an id that is in use closes with 4409 and that reason; after complete it is free again', async () => {
  const { socket, answers, closed } = await talk(await graph.token());
  socket.send(JSON.stringify(subscribe('a')));
  await eventually(() => (log.append({}), answers.some(({ type }) => type === 'next')), { intervalMs: 100 });
  socket.send(JSON.stringify({ id: 'a', type: 'complete' }));
  socket.send(JSON.stringify({ id: 'a', type: 'subscribe', payload: { query: '{ __typename }' } }));
  await eventually(() => answers.some(({ type, id }) => type === 'complete' && id === 'a'));
  socket.send(JSON.stringify(subscribe('b')));
  socket.send(JSON.stringify(subscribe('b')));
  expect(await closed).toEqual({ code: 4409, reason: 'Subscriber for b already exists' });
});

test('a ping is answered with its payload; one with a fresh token of the same person lets the socket live on', async () => {
  const ends = await accessToken(graph.key, { claims: { exp: Math.floor(Date.now() / 1000) + 3 } });
  const { socket, answers, closed } = await talk(ends);
  socket.send(JSON.stringify({ type: 'ping', payload: { n: 1 } }));
  await eventually(() => answers.some(({ type, payload }) => type === 'pong' && payload.n === 1));
  socket.send(JSON.stringify({ type: 'ping', payload: { authorization: `Bearer ${await graph.token()}` } }));
  let over = false;
  void closed.then(() => (over = true));
  // The first token has ended once a socket that still has it is closed.
  const witness = await talk(ends).catch(() => null);
  if (witness) expect((await witness.closed).code).toBe(4403);
  socket.send(JSON.stringify({ type: 'ping', payload: { n: 2 } }));
  await eventually(() => answers.some(({ type, payload }) => type === 'pong' && payload.n === 2));
  expect(over).toBe(false);
  socket.close();
});

test("a ping with another person's token, or a bad one, closes with 4403", async () => {
  const other = await accessToken(graph.key, { claims: { sub: '0193f9c4-7a00-7000-8000-00000000eeee' } });
  for (const authorization of [`Bearer ${other}`, 'Bearer nonsense', 7]) {
    const { socket, closed } = await talk(await graph.token());
    socket.send(JSON.stringify({ type: 'ping', payload: { authorization } }));
    expect((await closed).code).toBe(4403);
  }
});

test.each([
  ['of one byte letters', 'x'.repeat(300), 123],
  ['of letters of four bytes', '🦊'.repeat(75), 123],
  ['that just fits', 'x'.repeat(123 - 'Subscriber for  already exists'.length), 123],
])('an id %s that is in use closes with 4409 and as much of the reason as a close frame takes', async (_title, id, most) => {
  const { socket, closed } = await talk(await graph.token());
  socket.send(JSON.stringify(subscribe(id)));
  socket.send(JSON.stringify(subscribe(id)));
  const { code, reason } = await closed;
  expect(code).toBe(4409);
  expect(`Subscriber for ${id} already exists`.startsWith(reason)).toBe(true);
  expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(most);
  expect(Buffer.byteLength(reason)).toBeGreaterThan(most - 4);
});

test('fragments that spread each other twice on thirty levels hold up nobody, signed in or not', async () => {
  const nest = (type: string, last: string) => Array.from({ length: 30 }, (_, level) => `fragment A${level} on ${type} { ${level === 29 ? last : `...A${level + 1} ...A${level + 1}`} }`).join(' ');
  const root = `subscription ($p: ID!) { ...A0 } ${nest('Subscription', 'taskChanges(scope: { projectId: $p }) { cursor }')}`;
  for (const token of ['', await graph.token()]) {
    const { socket, answers } = await talk(token);
    socket.send(JSON.stringify({ id: 'n', type: 'subscribe', payload: { query: root, variables: { p: log.projectId } } }));
    await eventually(() => (log.append({}), answers.some((answer) => answer.id === 'n')), { intervalMs: 100 });
    // Before anything is taken apart: it is larger than any document may be.
    expect(answers.find(({ id }) => id === 'n')).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }] });
    socket.close();
  }
  const below = `subscription ($p: ID!) { taskChanges(scope: { projectId: $p }) { ...A0 } } ${nest('TaskChange', 'cursor')}`;
  const { socket, answers } = await talk(await graph.token());
  socket.send(JSON.stringify({ id: 'n', type: 'subscribe', payload: { query: below, variables: { p: log.projectId } } }));
  // Answered or refused: what counts is that the gateway goes on.
  await eventually(() => (log.append({}), answers.some((answer) => answer.id === 'n')), { intervalMs: 100 });
  socket.send(JSON.stringify({ type: 'ping' }));
  await eventually(() => answers.some(({ type }) => type === 'pong'));
  socket.close();
});

const change = 'taskChanges(scope: { projectId: $p }) { cursor kind }';
test.each<[string, string, string | undefined, string]>([
  ['two subscriptions and a name that is neither', `subscription A($p: ID!) { ${change} } subscription B($p: ID!) { ${change} }`, 'C', 'OPERATION_RESOLUTION_FAILURE'],
  ['two subscriptions and no name', `subscription A($p: ID!) { ${change} } subscription B($p: ID!) { ${change} }`, undefined, 'OPERATION_RESOLUTION_FAILURE'],
  ['two root fields', `subscription ($p: ID!) { ${change} other: ${change} }`, undefined, 'GRAPHQL_VALIDATION_FAILED'],
  ['@skip on the root field', 'subscription ($p: ID!) { taskChanges(scope: { projectId: $p }) @skip(if: false) { cursor } }', undefined, 'BAD_USER_INPUT'],
  ['@include on a fragment around it', `subscription ($p: ID!) { ... @include(if: true) { ${change} } }`, undefined, 'BAD_USER_INPUT'],
  ['a variable of another type', 'subscription ($p: [Int!]!) { taskChanges(scope: { projectId: $p }) { cursor } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
  ['a variable that is missing', `subscription ($p: ID!, $after: String!) { taskChanges(scope: { projectId: $p }, after: $after) { cursor } }`, undefined, 'BAD_USER_INPUT'],
])('a subscription with %s is answered with an error message, and its id is free again', async (_title, query, operationName, code) => {
  const { socket, answers } = await talk(await graph.token());
  for (const turn of [1, 2]) {
    socket.send(JSON.stringify({ id: 'x', type: 'subscribe', payload: { query, operationName, variables: { p: log.projectId } } }));
    await eventually(() => answers.filter(({ type }) => type === 'error').length === turn);
  }
  expect(answers.filter(({ type }) => type === 'error').map(({ id, payload }) => [id, payload[0].extensions.code])).toEqual([['x', code], ['x', code]]);
  socket.close();
});

test('an id of more than 128 characters is answered with an error: each result would carry it', async () => {
  const { socket, answers } = await talk(await graph.token());
  const id = 'x'.repeat(129);
  socket.send(JSON.stringify(subscribe(id)));
  await eventually(() => answers.length === 2);
  expect(answers[1]).toMatchObject({ id, type: 'error', payload: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  socket.close();
});

test('of two operations in a document the named one runs: a subscription beside a query', async () => {
  const query = `query Q { __typename } subscription S($p: ID!) { mine: ${change} }`;
  const { socket, answers } = await talk(await graph.token());
  const ask = (id: string, operationName: string) => socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, operationName, variables: { p: log.projectId } } }));
  ask('q', 'Q');
  ask('s', 'S');
  const first = (wanted: string) => answers.find(({ id }) => id === wanted);
  await eventually(() => (log.append({}), first('s') !== undefined && first('q') !== undefined), { intervalMs: 100 });
  expect(first('s')).toMatchObject({ type: 'next', payload: { data: { mine: { kind: 'UPDATED' } } } });
  expect(first('q')).toMatchObject({ type: 'next', payload: { data: { __typename: 'Query' } } });
  socket.close();
});

test('fragments and variables of one operation of a document are nothing to the others in it', async () => {
  const query = `query Q($after: String) { page: taskChanges(scope: { projectId: "${log.projectId}" }, after: $after) { head } } query R($p: ID!) { ...A } fragment A on Query { taskChanges(scope: { projectId: $p }) { head } }
    subscription S($p: ID!, $cursor: Boolean!) { ...F } fragment F on Subscription { taskChanges(scope: { projectId: $p }) { ...C } } fragment C on TaskChange { kind cursor @include(if: $cursor) }`;
  const { socket, answers } = await talk(await graph.token());
  const ask = (operationName: string, variables: object = {}) => socket.send(JSON.stringify({ id: operationName, type: 'subscribe', payload: { query, operationName, variables } }));
  ask('Q');
  ask('S', { p: log.projectId, cursor: false });
  const first = (wanted: string) => answers.find(({ id }) => id === wanted);
  await eventually(() => (log.append({}), first('S') !== undefined && first('Q') !== undefined), { intervalMs: 100 });
  expect(first('Q')).toMatchObject({ type: 'next', payload: { data: { page: { head: expect.any(String) } } } });
  expect(first('S')).toEqual({ id: 'S', type: 'next', payload: { data: { taskChanges: { kind: 'UPDATED' } } } });
  socket.close();
});

test('what cannot be handled closes with 4500 and tells nothing of why', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const broken = {
    opened: (given: { onMessage: (take: () => Promise<void>) => void }) => {
      given.onMessage(() => Promise.reject(new Error('select * from secrets failed')));
      return () => Promise.resolve();
    },
  };
  server.on('connection', (socket, request) => void openSocket(broken as never, socket, request.socket, { ip: null, userAgent: null } as never, { pingMs: 12_000, stallMs: 10_000 }, logger));
  await once(server, 'listening');
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  socket.on('open', () => socket.send('{}'));
  const closed = await new Promise((resolve) => socket.on('close', (code, reason) => resolve([code, String(reason)])));
  server.close();
  expect(closed).toEqual([4500, 'Internal server error']);
});

test('hundreds of sockets that break the protocol leave nothing behind: the process keeps its memory, and others go on', async () => {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const used = () => (collect(), process.memoryUsage().heapUsed + process.memoryUsage().external);
  const token = await graph.token();
  const witness = await talk(token);
  witness.socket.send(JSON.stringify(subscribe('w')));
  const bad = ['nonsense', JSON.stringify({ type: 'start', id: '1' }), Buffer.alloc(1_000), JSON.stringify({ type: 'ping', payload: { big: 'x'.repeat(500_000) } })];
  const round = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      const { socket, closed } = await talk(token);
      const { payload, ...message } = subscribe();
      socket.send(JSON.stringify({ ...message, payload: { ...payload, query: `${payload.query} # ${index} ${'x'.repeat(60_000)}` } }));
      socket.send(bad[index % bad.length] as string);
      expect([4400, 1009]).toContain((await closed).code);
    }
  };
  await round(20);
  const before = used();
  await round(100);
  // Their documents alone would be 6 MB.
  // The last of them may still be closing.
  await eventually(() => used() - before < 4 * 1_048_576, { intervalMs: 100 });
  await eventually(() => (log.append({}), witness.answers.some(({ id, type }) => id === 'w' && type === 'next')), { intervalMs: 100 });
  witness.socket.close();
}, 300_000);
