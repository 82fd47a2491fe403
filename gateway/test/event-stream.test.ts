// GraphQL over server-sent events: the distinct connections mode of graphql-sse, with nothing but fetch.
import { connect as connectTcp } from 'node:net';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startGraph, type TestGraph } from './support/graph.js';
import { accessToken, viewerId } from './support/keys.js';
import { createTaskLog, type TaskLog } from './support/task-log.js';

let log: TaskLog;
let graph: TestGraph;
beforeEach(async () => {
  log = createTaskLog();
  graph = await startGraph({ task: log, live: { socketsPerUser: 2, pingMs: 200 } });
  graph.task.route = log.route;
  await eventually(() => log.streams.size === 1);
});
afterEach(() => graph.stop());

const changes = 'subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after) { cursor kind task { title creator { name } } } }';

interface Stream {
  status: number;
  type: string | null;
  text: () => string;
  events: () => { event: string; data: any }[];
  /** Whether the stream has ended. */
  over: () => boolean;
  abort: () => void;
}

async function open(query: string, { variables = {}, token }: { variables?: object; token?: string } = {}): Promise<Stream> {
  const abort = new AbortController();
  const response = await fetch(`${graph.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables: { p: log.projectId, ...variables } }),
    signal: abort.signal,
  });
  let text = '';
  let over = false;
  void (async () => {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString();
  })().catch(() => undefined).finally(() => (over = true));
  const events = () =>
    text.split('\n\n').slice(0, -1).filter((block) => block.startsWith('event:')).map((block) => {
      const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
      return { event, data: data === '' ? null : JSON.parse(data) };
    });
  return { status: response.status, type: response.headers.get('content-type'), text: () => text, events, over: () => over, abort: () => abort.abort() };
}

test('a subscription replays, goes on live, and completes when the scope is lost', async () => {
  log.append({ title: 'one' });
  const stream = await open(changes, { variables: { after: 'c0' }, token: await graph.token() });
  expect([stream.status, stream.type]).toEqual([200, 'text/event-stream; charset=utf-8']);
  await eventually(() => stream.events().length >= 1);
  log.append({ title: 'two' });
  await eventually(() => stream.events().length >= 2);
  expect(stream.events()[1]).toEqual({ event: 'next', data: { data: { taskChanges: { cursor: 'c2', kind: 'UPDATED', task: { title: 'two', creator: { name: 'ADA' } } } } } });
  // Comments keep the connection open.
  await eventually(() => stream.text().includes(':\n\n'));
  log.append({ kind: 'ACCESS_LOST' });
  await eventually(stream.over);
  expect(stream.events().map(({ event }) => event)).toEqual(['next', 'next', 'next', 'complete']);
});

test('what is refused, and a query, is one result and then complete', async () => {
  const token = await graph.token();
  const kinds: [string, string | undefined][] = [[changes.replace('projectId: $p', 'mine: true').replace('$p: ID!, ', ''), 'NOT_FOUND'], ['subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'], ['{ __typename }', undefined]];
  for (const [query, code] of kinds) {
    const stream = await open(query, { token });
    await eventually(stream.over);
    expect(stream.events().map(({ event }) => event)).toEqual(['next', 'complete']);
    expect(stream.events()[0]?.data.errors?.[0].extensions.code).toBe(code);
  }
  expect((await open(changes, { token: 'nonsense' })).status).toBe(401);
});

test('a client that leaves is released, and more streams of one person than allowed are RATE_LIMITED', async () => {
  const token = await graph.token();
  const streams = [await open(changes, { token }), await open(changes, { token })];
  const third = await open(changes, { token });
  expect(third.status).toBe(429);
  await eventually(() => third.text().includes('RATE_LIMITED'));
  for (const stream of streams) stream.abort();
  await eventually(async () => (await open(changes, { token })).status === 200);
});

test('a stream ends with UNAUTHENTICATED when its token ends', async () => {
  const stream = await open(changes, { token: await accessToken(graph.key, { claims: { exp: Math.floor(Date.now() / 1000) + 2 } }) });
  await eventually(stream.over);
  expect(stream.events().slice(-2)).toEqual([{ event: 'next', data: { errors: [expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } })] } }, { event: 'complete', data: null }]);
});

test('stopping cuts streams without complete, so that clients come back elsewhere with their cursor', async () => {
  const stream = await open(changes, { variables: { after: 'c0' }, token: await graph.token() });
  log.append({});
  await eventually(() => stream.events().length === 1);
  await graph.gateway.stop();
  await eventually(stream.over);
  expect(stream.events().map(({ event }) => event)).toEqual(['next']);
});

test('a client that does not read is let go when its session ends: no news and no comment after the end harm the others (RULES §8)', async () => {
  const claims = { sid: 'session-of-a-sleeper' };
  const token = await accessToken(graph.key, { claims });
  const { host, hostname, port } = new URL(graph.gateway.url);
  const raw = connectTcp({ host: hostname, port: Number(port) });
  raw.on('error', () => undefined);
  let text = '';
  raw.on('data', (chunk) => (text += chunk.toString('latin1')));
  const body = JSON.stringify({ query: changes, variables: { p: log.projectId, after: 'c0' } });
  raw.write(`POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: text/event-stream\r\nauthorization: Bearer ${token}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  log.append({ title: 'hello' });
  await eventually(() => text.includes('hello'));
  raw.pause();
  // More than the kernel takes for it, so that its end cannot be sent.
  const reader = await open(changes, { variables: { after: 'c1' }, token: await graph.token() });
  const count = 120;
  for (let index = 0; index < count; index += 1) log.append({ title: `${index} ${'x'.repeat(100_000)}` });
  await eventually(() => reader.text().includes(`"title":"${count - 1} `));

  graph.userLog.append('user.sessions-revoked', { userId: viewerId, sessionIds: [claims.sid], apiTokenIds: [], version: 1 });
  await eventually(async () => (await open(changes, { token })).status === 401);
  // Its place among the streams of its person is free, although it has read nothing of its end.
  reader.abort();
  const others: Stream[] = [];
  for (let index = 0; index < 2; index += 1) {
    await eventually(async () => {
      const stream = await open(changes, { token: await graph.token() });
      if (stream.status !== 200) return false;
      others.push(stream);
      return true;
    });
  }
  // News of others come while it is still there, and so do the comments that keep streams open.
  for (let index = 0; index < 5; index += 1) graph.userLog.append('user.reactivated', { userId: '0193f9c4-7a00-7000-8000-00000000eeee', role: 'MEMBER' });
  const comments = (stream: Stream | undefined) => stream?.text().split(':\n\n').length ?? 0;
  await eventually(() => comments(others[0]) > 3);
  // Whoever does not read learns by writing that the connection is no more; an empty line is no request.
  await eventually(() => (raw.destroyed || raw.write('\r\n'), raw.destroyed), { intervalMs: 200 });
  expect(others[0]?.over()).toBe(false);
});
