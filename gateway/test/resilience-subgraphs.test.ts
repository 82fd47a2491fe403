// One subgraph that fails, hangs or is slow, seen through the gateway: what depends on it is refused soon, all else goes on.
import { eventually } from '@taskgraph/shared/testing/eventually';
import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { ask, baseConfig, startGraph, type TestGraph } from './support/graph.js';
import { upgradeStatus, socketUrl } from './support/socket.js';

const graphs: TestGraph[] = [];
const start = async (...options: Parameters<typeof startGraph>) => {
  const graph = await startGraph(...options);
  graphs.push(graph);
  return graph;
};
afterEach(async () => void (await Promise.all(graphs.splice(0).map((graph) => graph.stop()))));

/** An hour: what is written with it does not happen within a test. */
const never = 3_600_000;
const codes = (answers: Awaited<ReturnType<typeof ask>>[]): string[] => answers.map(({ errors }) => errors?.[0]?.extensions['code'] ?? 'ok');
const many = async <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_, index) => work(index)));
/** Operations that differ, so that none stands for another. */
const tasks = (graph: TestGraph) => (index: number) => ask(graph.gateway, `{ tasks { title alias${index}: id } }`);
/** Keeps queries waiting; the stream of wake-ups stays out of it. */
const holding = (held: ServerResponse[]): TestGraph['task']['route'] => (request, response) => request.url === '/graphql' && Boolean(held.push(response));
const fails = (_request: unknown, response: ServerResponse) => Boolean(response.writeHead(503).end());

test('a subgraph that failed several times in a row is asked no more: what needs it is SUBGRAPH_UNAVAILABLE at once, the rest is answered', async () => {
  const graph = await start({ config: { guard: { ...baseConfig.guard, failures: 3, pauseMs: never } } });
  graph.task.route = fails;
  for (let index = 0; index < 3; index += 1) await tasks(graph)(index);
  expect(graph.task.calls).toHaveLength(3);
  expect(codes(await many(5, tasks(graph)))).toEqual(Array.from({ length: 5 }, () => 'SUBGRAPH_UNAVAILABLE'));
  expect(graph.task.calls).toHaveLength(3);
  const { status, data, errors } = await ask(graph.gateway, '{ tasks { title } person(id: "ada") { name } }');
  expect([status, data]).toEqual([200, { tasks: null, person: { name: 'ADA' } }]);
  expect(errors).toMatchObject([{ path: ['tasks'], message: 'The task subgraph is not available.' }]);
});

test('after the pause one request tries; until it is known how that went nobody else does, and then all go again', async () => {
  const graph = await start({ config: { guard: { ...baseConfig.guard, failures: 3, pauseMs: 1 }, subgraphTimeoutMs: 60_000 } });
  graph.task.route = fails;
  for (let index = 0; index < 3; index += 1) await tasks(graph)(index);
  const held: ServerResponse[] = [];
  graph.task.route = holding(held);
  const probe = tasks(graph)(0);
  await eventually(() => held.length === 1);
  expect(codes(await many(5, tasks(graph)))).toEqual(Array.from({ length: 5 }, () => 'SUBGRAPH_UNAVAILABLE'));
  expect(held).toHaveLength(1);
  graph.task.route = undefined;
  held[0]?.end(JSON.stringify({ data: { tasks: [] } }));
  expect((await probe).data).toEqual({ tasks: [] });
  expect(codes(await many(5, tasks(graph)))).toEqual(Array.from({ length: 5 }, () => 'ok'));
});

test('whatever else is heard from a subgraph closes its breaker before the pause is over', async () => {
  const graph = await start({ config: { guard: { ...baseConfig.guard, failures: 3, pauseMs: never } } });
  const healthy = graph.user.route;
  // Answers no query and no log either.
  graph.user.route = (_request, response) => Boolean(response.writeHead(503).end());
  const person = () => ask(graph.gateway, '{ person(id: "ada") { name } }');
  await eventually(async () => {
    await person();
    const { length } = graph.user.calls;
    await person();
    return graph.user.calls.length === length;
  });
  graph.user.route = healthy;
  await eventually(async () => (await person()).data.person?.name === 'ADA');
});

test('beyond what may be under way and wait, a request is OVERLOADED at once and told when to come again; those that wait are answered', async () => {
  const graph = await start({ config: { subgraphConnections: 2, subgraphTimeoutMs: 60_000, guard: { ...baseConfig.guard, queue: 2, queueMs: never } } });
  const held: ServerResponse[] = [];
  graph.task.route = holding(held);
  const answers = Array.from({ length: 6 }, (_, index) => ask(graph.gateway, `{ __typename tasks { title alias${index}: id } }`));
  let refused = 0;
  for (const answer of answers) void answer.then(() => (refused += 1));
  await eventually(() => refused === 2 && held.length === 2);
  graph.task.route = undefined;
  for (const response of held) response.end(JSON.stringify({ data: { tasks: [] } }));
  const all = await Promise.all(answers);
  expect(codes(all).toSorted()).toEqual(['OVERLOADED', 'OVERLOADED', 'ok', 'ok', 'ok', 'ok']);
  for (const { status, data, errors } of all.filter((answer) => answer.errors)) {
    expect([status, data]).toEqual([200, { __typename: 'Query', tasks: null }]);
    expect(errors).toEqual([{ message: expect.any(String), path: ['tasks'], extensions: { code: 'OVERLOADED', retryAfter: 2, requestId: expect.any(String) } }]);
  }
});

test('one that waits for too long is OVERLOADED while the slow one before it goes on', async () => {
  const graph = await start({ config: { subgraphConnections: 1, subgraphTimeoutMs: 60_000, guard: { ...baseConfig.guard, queueMs: 10 } } });
  const held: ServerResponse[] = [];
  graph.task.route = holding(held);
  const slow = tasks(graph)(0);
  await eventually(() => held.length === 1);
  expect(codes([await tasks(graph)(1)])).toEqual(['OVERLOADED']);
  held[0]?.end(JSON.stringify({ data: { tasks: [] } }));
  expect((await slow).data).toEqual({ tasks: [] });
});

test('RULES §8: revocations are heard of while clients keep every connection busy', async () => {
  const graph = await start({ config: { subgraphConnections: 1, subgraphTimeoutMs: 60_000 } });
  const authorization = `Bearer ${await graph.token()}`;
  const held: ServerResponse[] = [];
  const { route } = graph.user;
  graph.user.route = (request, response, body) => (request.url === '/graphql' ? Boolean(held.push(response)) : (route?.(request, response, body) ?? false));
  const slow = ask(graph.gateway, '{ me { id } }', { headers: { authorization } });
  await eventually(() => held.length === 1);
  graph.userLog.append('user.sessions-revoked', { userId: 'x', sessionIds: ['session-1'], apiTokenIds: [], version: 1 });
  await eventually(async () => (await ask(graph.gateway, '{ __typename }', { headers: { authorization } })).status === 401);
  held[0]?.end('{"data":{"me":null}}');
  await slow;
});

test('a process that does not keep up takes no new work, over HTTP and WebSocket, and its probes go on answering', async () => {
  const graph = await start({ config: { load: { lagMs: 0, memoryPercent: 1e-6 } } });
  const { status, headers, body } = await eventually(async () => {
    const answer = await ask(graph.gateway, '{ tasks { title } }');
    return answer.status === 503 && answer;
  });
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('2');
  expect(body).toEqual({ errors: [{ message: expect.any(String), extensions: { code: 'OVERLOADED', retryAfter: 2, requestId: expect.any(String) } }] });
  expect((await fetch(`${graph.gateway.url}/exports/x`)).status).toBe(503);
  expect(await upgradeStatus(socketUrl(graph.gateway), {})).toBe(503);
  for (const path of ['/livez', '/readyz', '/.well-known/jwks.json']) expect((await fetch(graph.gateway.url + path)).status).toBe(200);
});
