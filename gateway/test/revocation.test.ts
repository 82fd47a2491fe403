// RULES §8: what has ended is dead within five seconds, over HTTP and on sockets, although its access token still lives.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { newId } from '@taskgraph/shared/ids';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { startGateway } from '../src/server.js';
import { ask, baseConfig, logger, startGraph, type TestGraph } from './support/graph.js';
import { accessToken, newKey, privateText } from './support/keys.js';
import { socketUrl, type Closed } from './support/socket.js';

let graph: TestGraph;
beforeAll(async () => (graph = await startGraph()));
afterAll(() => graph.stop());

interface Someone {
  id: string;
  sid: string;
  token: string;
}

async function someone(claims: Record<string, unknown> = {}): Promise<Someone> {
  const [id, sid] = [newId(), newId()];
  return { id, sid, token: await accessToken(graph.key, { claims: { sub: id, sid, ...claims } }) };
}
const statusFor = async (token: string) => (await ask(graph.gateway, '{ me { id } }', { headers: { authorization: `Bearer ${token}` } })).status;
const refused = (token: string) => eventually(async () => (await statusFor(token)) === 401);

/** A socket that has been acknowledged; resolves with its close. */
async function openSocket(token: string): Promise<{ closed: Promise<Closed>; isOpen: () => boolean }> {
  const socket = new WebSocket(socketUrl(graph.gateway), 'graphql-transport-ws');
  const closed = new Promise<Closed>((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })));
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })));
    socket.on('message', () => resolve());
    socket.on('error', reject);
  });
  return { closed, isOpen: () => socket.readyState === socket.OPEN };
}

describe('a session that was ended', () => {
  test('is refused over HTTP and its sockets close with 4403; other sessions of the same person go on', async () => {
    const ann = await someone();
    const other = { ...ann, sid: newId() };
    other.token = await accessToken(graph.key, { claims: { sub: other.id, sid: other.sid } });
    const [gone, stays] = [await openSocket(ann.token), await openSocket(other.token)];
    expect(await statusFor(ann.token)).toBe(200);
    graph.userLog.append('user.sessions-revoked', { userId: ann.id, sessionIds: [ann.sid], apiTokenIds: [], version: 1 });
    expect(await gone.closed).toEqual({ code: 4403, reason: 'The session has ended' });
    await refused(ann.token);
    expect(await statusFor(other.token)).toBe(200);
    expect(stays.isOpen()).toBe(true);
  });

  test('cannot open a socket any more', async () => {
    const bob = await someone();
    graph.userLog.append('user.sessions-revoked', { userId: bob.id, sessionIds: [bob.sid], apiTokenIds: [], version: 1 });
    await refused(bob.token);
    const socket = new WebSocket(socketUrl(graph.gateway), 'graphql-transport-ws');
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${bob.token}` } })));
    expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(4403);
  });

  test('stays dead in a gateway that starts afterwards: it reads what happened before it serves', async () => {
    const cid = await someone();
    graph.userLog.append('user.sessions-revoked', { userId: cid.id, sessionIds: [cid.sid], apiTokenIds: [], version: 1 });
    const config = { ...baseConfig, identityPrivateKey: privateText(graph.identity), subgraphUrls: { ...baseConfig.subgraphUrls, user: graph.user.url, task: graph.task.url } };
    const late = await startGateway(config, logger);
    try {
      const { status } = await ask(late, '{ __typename }', { headers: { authorization: `Bearer ${cid.token}` } });
      expect(status).toBe(401);
      const since = new URL(graph.userLog.asked.findLast((path) => path.includes('since=')) ?? '', 'http://user').searchParams.get('since') ?? '';
      // An access token lives an hour at most.
      expect(Date.now() - Date.parse(since)).toBeGreaterThan(60 * 60_000);
    } finally {
      await late.stop();
    }
  });

  test('is heard of again after the user subgraph was away; meanwhile the others go on by the keys', async () => {
    const [dee, eli] = [await someone(), await someone()];
    await graph.user.stop();
    expect((await ask(graph.gateway, '{ tasks { title } }', { headers: { authorization: `Bearer ${dee.token}` } })).status).toBe(200);
    graph.userLog.append('user.sessions-revoked', { userId: dee.id, sessionIds: [dee.sid], apiTokenIds: [], version: 1 });
    await graph.user.restart();
    await refused(dee.token);
    expect(await statusFor(eli.token)).toBe(200);
  });
});

const profile = (id: string, role: 'ADMIN' | 'MEMBER') => ({ userId: id, role, handle: 'h', name: 'n', email: 'e@example.org', emailVerified: true, timeZone: 'UTC', active: true, version: 2 });

test('a deactivated account is refused and its sockets close; reactivated, a live token is good again', async () => {
  const fay = await someone();
  const socket = await openSocket(fay.token);
  graph.userLog.append('user.deactivated', profile(fay.id, 'MEMBER'));
  expect((await socket.closed).code).toBe(4403);
  await refused(fay.token);
  graph.userLog.append('user.reactivated', profile(fay.id, 'MEMBER'));
  await eventually(async () => (await statusFor(fay.token)) === 200);
});

test('a role that was lost is lost for subgraphs at once, whatever the access token says, and sockets close', async () => {
  const gus = await someone({ role: 'ADMIN' });
  const socket = await openSocket(gus.token);
  const roleTold = async () => {
    await statusFor(gus.token);
    return decodeJwt(graph.user.calls.at(-1)?.headers.authorization?.slice(7) ?? '')['role'];
  };
  expect(await roleTold()).toBe('ADMIN');
  graph.userLog.append('user.updated', profile(gus.id, 'MEMBER'));
  expect((await socket.closed).code).toBe(4403);
  expect(await roleTold()).toBe('MEMBER');
});

test('an update that changes no role leaves sockets open', async () => {
  const hal = await someone();
  const socket = await openSocket(hal.token);
  const other = await someone();
  graph.userLog.append('user.updated', profile(hal.id, 'MEMBER'));
  graph.userLog.append('user.sessions-revoked', { userId: other.id, sessionIds: [other.sid], apiTokenIds: [], version: 1 });
  await refused(other.token);
  expect(socket.isOpen()).toBe(true);
});

test('a token of a foreign key does not become good by a change of role', async () => {
  const ida = newId();
  graph.userLog.append('user.updated', profile(ida, 'ADMIN'));
  expect(await statusFor(await accessToken(newKey(), { claims: { sub: ida } }))).toBe(401);
});
