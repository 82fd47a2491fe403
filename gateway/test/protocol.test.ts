// The graphql-transport-ws protocol as a black box: close codes and answers to peers that break it, with hand-made frames.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { startGraph, type TestGraph } from './support/graph.js';
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
  for (const [token, type] of [['', 'error'], [await graph.token(), 'next']] as const) {
    const { socket, answers } = await talk(token);
    socket.send(JSON.stringify({ id: 'n', type: 'subscribe', payload: { query: root, variables: { p: log.projectId } } }));
    await eventually(() => (log.append({}), answers.some((answer) => answer.id === 'n')), { intervalMs: 100 });
    const answer = answers.find(({ id }) => id === 'n');
    expect(answer.type).toBe(type);
    if (type === 'error') expect(answer.payload).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
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
