import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGraph, type TestGraph } from './support/graph.js';
import { accessToken, newKey } from './support/keys.js';
import { closeOf, connect, follow, socketUrl, upgradeStatus } from './support/socket.js';

let graph: TestGraph;
beforeAll(async () => (graph = await startGraph()));
afterAll(() => graph.stop());

const init = (payload?: object) => ({ type: 'connection_init', ...(payload ? { payload } : {}) });

test.each([
  ['of the own page', () => graph.gateway.url, 101],
  ['of the public address', () => 'https://tasks.example.org', 101],
  ['of Apollo Studio', () => 'https://studio.apollographql.com', 101],
  ['of a configured page', () => 'https://app.example.org', 101],
  ['of a foreign page', () => 'https://evil.example', 403],
  ['of a foreign port', () => 'http://localhost:1', 403],
  ['null', () => 'null', 403],
])('an upgrade with the Origin %s is answered %s', async (_title, origin, status) => {
  expect(await upgradeStatus(socketUrl(graph.gateway), { origin: origin() })).toBe(status);
});

test('a program without Origin may connect, at this path only', async () => {
  expect(await upgradeStatus(socketUrl(graph.gateway), {})).toBe(101);
  expect(await upgradeStatus(socketUrl(graph.gateway).replace('/graphql', '/other'), {})).toBe(404);
});

test.each(['//', '///', '//:', 'http://[', '//graphql', '?', '*'])('an upgrade of %s, which is no address of ours, is refused and harms nobody', async (target) => {
  const { host, hostname, port } = new URL(graph.gateway.url);
  const raw = connectTcp({ host: hostname, port: Number(port) });
  let answer = '';
  raw.setEncoding('latin1').on('data', (text: string) => (answer += text));
  raw.write(`GET ${target} HTTP/1.1\r\nhost: ${host}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`);
  await once(raw, 'close');
  // 400 is the HTTP parser's own.
  expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
  expect(await upgradeStatus(socketUrl(graph.gateway), {})).toBe(101);
});

test('a bad token closes with 4403', async () => {
  for (const authorization of ['Bearer nonsense', `Bearer ${await accessToken(newKey())}`, 7]) {
    expect((await closeOf(socketUrl(graph.gateway), [init({ authorization })])).code).toBe(4403);
  }
});

test('a socket closes with 4403 when its token ends', async () => {
  const authorization = `Bearer ${await accessToken(graph.key, { claims: { exp: Math.floor(Date.now() / 1000) + 1 } })}`;
  expect(await closeOf(socketUrl(graph.gateway), [init({ AUTHORIZATION: authorization })])).toEqual({ code: 4403, reason: 'The access token has ended' });
});

test('the token may be given under authorization in any case; without one the socket is anonymous', async () => {
  const named = connect(graph.gateway, await graph.token());
  expect((await follow(named, { query: '{ me { name } }' }).atLeast(1))[0]).toMatchObject({ data: { me: { name: 'Viewer' } } });
  await named.dispose();
  const anonymous = connect(graph.gateway);
  expect((await follow(anonymous, { query: '{ me { name } }' }).atLeast(1))[0]).toMatchObject({ data: { me: null } });
  await anonymous.dispose();
});

test('without the keys nobody can be recognised: the socket closes to be tried again later', async () => {
  const keyless = await startGraph({ withoutKeys: true });
  const { code } = await closeOf(socketUrl(keyless.gateway), [init({ authorization: `Bearer ${await keyless.token()}` })]);
  expect(code).toBe(1013);
  await keyless.stop();
});

test('a missing subprotocol closes with 4406, messages over 64 KiB with 1009, subscribing before connection_init with 4401', async () => {
  const url = socketUrl(graph.gateway);
  expect((await closeOf(url, [], { protocol: [] })).code).toBe(4406);
  expect((await closeOf(url, [init({ big: 'x'.repeat(70_000) })])).code).toBe(1009);
  expect((await closeOf(url, [{ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } }])).code).toBe(4401);
});

test('queries and mutations run as over HTTP, with errors that carry code and request id', async () => {
  const client = connect(graph.gateway, await graph.token());
  const mutation = follow(client, { query: 'mutation ($title: String!) { made: createTask(title: $title) { title creator { name } } }', variables: { title: 'x' }, extensions: { idempotencyKey: 'k-1' } });
  expect((await mutation.atLeast(1))[0]).toMatchObject({ data: { made: { title: 'x', creator: { name: 'ADA' } } } });
  expect(graph.task.calls.at(-1)?.headers['idempotency-key']).toBe('k-1');
  const failing = follow(client, { query: '{ failing(code: "NOT_FOUND") }' });
  expect((await failing.atLeast(1))[0]).toMatchObject({
    data: { failing: null },
    errors: [expect.objectContaining({ path: ['failing'], extensions: expect.objectContaining({ code: 'NOT_FOUND', requestId: expect.any(String) }) })],
  });
  expect(failing.completed).toBe(true);
  await client.dispose();
});

test.each([
  ['a syntax error', '{ tasks {', 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', '{ task }', 'GRAPHQL_VALIDATION_FAILED'],
  ['two operations and no name', 'query A { __typename } query B { __typename }', 'OPERATION_RESOLUTION_FAILURE'],
  ['a variable that does not fit', 'query ($level: Level!) { leveled(level: $level) }', 'BAD_USER_INPUT'],
])('%s is answered with an error message', async (_title, query, code) => {
  const client = connect(graph.gateway);
  const received = follow(client, { query });
  await expect.poll(() => received.error).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code, requestId: expect.any(String) }) })]);
  expect(JSON.stringify(received.error)).not.toContain('Did you mean');
  expect(received.results).toEqual([]);
  await client.dispose();
});

test('stopping closes sockets with 1001 and listens no more', async () => {
  const stopping = await startGraph();
  const closed = closeOf(socketUrl(stopping.gateway), [init()]);
  expect(await upgradeStatus(socketUrl(stopping.gateway), {})).toBe(101);
  await stopping.stop();
  expect(await closed).toEqual({ code: 1001, reason: 'Going away' });
  await expect(upgradeStatus(socketUrl(stopping.gateway), {})).rejects.toThrow('ECONNREFUSED');
});
