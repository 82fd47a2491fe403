// RULES §8: personal API tokens at the edge.
import { apiTokenPrefix, hashApiToken } from '@taskgraph/shared/contracts/api-token';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { newId } from '@taskgraph/shared/ids';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { ask, startGraph, type TestGraph } from './support/graph.js';
import { accessToken } from './support/keys.js';
import { closeOf, connect, follow, socketUrl } from './support/socket.js';

let graph: TestGraph;
beforeAll(async () => (graph = await startGraph()));
afterAll(() => graph.stop());

function tokenOf(scopes: ('READ' | 'WRITE' | 'ADMIN')[], expiresAt: string | null = null) {
  const secret = `${apiTokenPrefix}${newId()}${newId()}`.replaceAll('-', '_');
  const owner = { id: newId(), userId: newId(), role: 'ADMIN' as const, scopes, expiresAt };
  graph.userLog.apiTokens.set(secret, owner);
  return { secret, owner };
}
const me = (secret: string) => ask(graph.gateway, '{ me { id } }', { headers: { authorization: `Bearer ${secret}` } });
const lookUps = (secret: string) => graph.userLog.asked.filter((path) => path.endsWith(hashApiToken(secret))).length;

test('speaks for its owner: subgraphs are told whom, in which role, and with which scopes', async () => {
  const { secret, owner } = tokenOf(['READ', 'WRITE']);
  expect((await me(secret)).data.me.id).toBe(owner.userId);
  const claims = decodeJwt(graph.user.calls.at(-1)?.headers.authorization?.slice(7) ?? '');
  expect(claims).toMatchObject({ sub: owner.userId, role: 'ADMIN', sid: owner.id, scopes: ['READ', 'WRITE'] });
  expect(JSON.stringify(graph.user.calls.at(-1))).not.toContain(secret);
  expect(JSON.stringify(graph.userLog.asked)).not.toContain(secret);
});

test('is looked up once for many requests at a time and for five seconds', async () => {
  const { secret } = tokenOf(['READ']);
  const answers = await Promise.all(Array.from({ length: 20 }, () => me(secret)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  await me(secret);
  expect(lookUps(secret)).toBe(1);
  // The lookup is made again after at most five seconds: what the owner of the token says then counts.
  graph.userLog.apiTokens.delete(secret);
  await eventually(async () => (await me(secret)).status === 401, { intervalMs: 250 });
});

test('that is unknown, malformed or has ended is UNAUTHENTICATED', async () => {
  const ended = tokenOf(['READ'], new Date(Date.now() - 1_000).toISOString());
  for (const secret of ['tg_', 'tg_x', `tg_${'y'.repeat(43)}`, `tg_${'y'.repeat(500)}`, 'tg_../../etc', ended.secret]) {
    const { status, errors } = await me(secret);
    expect([secret, status, errors?.[0]?.extensions['code']]).toEqual([secret, 401, 'UNAUTHENTICATED']);
  }
  expect(graph.userLog.asked.some((path) => path.includes('etc'))).toBe(false);
});

test('that was revoked is dead at once, before its answer has grown old, and its sockets close', async () => {
  const { secret, owner } = tokenOf(['READ']);
  const closed = closeOf(socketUrl(graph.gateway), [{ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } }]);
  expect((await me(secret)).status).toBe(200);
  graph.userLog.append('user.sessions-revoked', { userId: owner.userId, sessionIds: [], apiTokenIds: [owner.id], version: 1 });
  expect((await closed).code).toBe(4403);
  await eventually(async () => (await me(secret)).status === 401);
  expect(lookUps(secret)).toBe(1);
});

test('opens a socket, and closes it when it ends', async () => {
  const { secret, owner } = tokenOf(['READ'], new Date(Date.now() + 1_500).toISOString());
  const client = connect(graph.gateway, secret);
  const received = follow(client, { query: '{ me { id } }' });
  expect((await received.atLeast(1))[0]).toMatchObject({ data: { me: { id: owner.userId } } });
  await client.dispose();
  expect(await closeOf(socketUrl(graph.gateway), [{ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } }])).toEqual({ code: 4403, reason: 'The access token has ended' });
});

test('with the user subgraph away it is SUBGRAPH_UNAVAILABLE, while access tokens go on', async () => {
  const { secret } = tokenOf(['READ']);
  const session = await graph.token();
  await me(session);
  await graph.user.stop();
  const { status, errors } = await ask(graph.gateway, '{ tasks { title } }', { headers: { authorization: `Bearer ${secret}` } });
  expect([status, errors?.[0]?.extensions['code']]).toEqual([503, 'SUBGRAPH_UNAVAILABLE']);
  expect((await closeOf(socketUrl(graph.gateway), [{ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } }])).code).toBe(1013);
  expect((await ask(graph.gateway, '{ tasks { title } }', { headers: { authorization: `Bearer ${session}` } })).status).toBe(200);
  await graph.user.restart();
  expect((await me(secret)).status).toBe(200);
});

test('keeps a socket alive by ping only where it may do the same as the one that opened it', async () => {
  const { secret, owner } = tokenOf(['READ', 'WRITE']);
  const sibling = (scopes: ('READ' | 'WRITE' | 'ADMIN')[]) => {
    const other = tokenOf(scopes);
    other.owner.userId = owner.userId;
    return other.secret;
  };
  const tries: [string, string, boolean][] = [
    [secret, sibling(['WRITE', 'READ']), true],
    [secret, sibling(['READ']), false],
    [secret, sibling(['READ', 'WRITE', 'ADMIN']), false],
    [secret, await accessToken(graph.key, { claims: { sub: owner.userId, role: 'ADMIN' } }), false],
    [await accessToken(graph.key, { claims: { sub: owner.userId, role: 'ADMIN' } }), secret, false],
  ];
  for (const [first, second, lives] of tries) {
    const socket = new WebSocket(socketUrl(graph.gateway), 'graphql-transport-ws');
    const outcome = await new Promise((resolve, reject) => {
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${first}` } })));
      socket.on('message', (data) => {
        const { type } = JSON.parse((data as Buffer).toString());
        if (type === 'connection_ack') socket.send(JSON.stringify({ type: 'ping', payload: { authorization: `Bearer ${second}` } }));
        // A socket that is being closed answers no more.
        if (type === 'pong') resolve(type);
      });
      socket.on('close', resolve);
      socket.on('error', reject);
    });
    expect(outcome).toBe(lives ? 'pong' : 4403);
    socket.close();
  }
});
