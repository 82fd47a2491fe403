import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ask, startGraph, type TestGraph } from './support/graph.js';
import { nullsIn } from './support/nulls.js';

let graph: TestGraph;
let jwks: TestGraph['user']['route'];

beforeAll(async () => {
  graph = await startGraph();
  jwks = graph.user.route;
});
beforeEach(async () => {
  graph.user.route = jwks;
  graph.task.route = undefined;
  await graph.user.restart();
  await graph.task.restart();
  graph.user.calls.length = 0;
  graph.task.calls.length = 0;
});
afterAll(() => graph.stop());

/** Whom a call asks for, fetch by fetch where it carries several. */
const people = (call: { variables: Record<string, unknown> } | undefined) => Object.values(call?.variables ?? {}).map((asked) => (asked as { id: string }[]).map(({ id }) => id));

test('joins across subgraphs', async () => {
  const { data, errors } = await ask(graph.gateway, '{ tasks { title creator { name } assignees { name bio } } }');
  expect(errors).toBeUndefined();
  expect(data.tasks[0]).toEqual({ title: 'one', creator: { name: 'ADA' }, assignees: [{ name: 'ADA', bio: 'bio of ada' }, { name: 'BOB', bio: 'bio of bob' }] });
});

test('asks for an entity once per fetch however often it occurs', async () => {
  const { data } = await ask(graph.gateway, '{ tasks { assignees { name tasks { creator { name } } } } }');
  // Those who do them and those who made theirs are asked for at the same time, in one request.
  expect(graph.user.calls.map(people)).toEqual([[['ada', 'bob'], ['ada']]]);
  // t1 is ada's and bob's, t2 is bob's: each of them has both tasks, made by ada.
  const mine = [{ creator: { name: 'ADA' } }, { creator: { name: 'ADA' } }];
  expect(data.tasks).toEqual([{ assignees: [{ name: 'ADA', tasks: mine }, { name: 'BOB', tasks: mine }] }, { assignees: [{ name: 'BOB', tasks: mine }] }]);
});

test('repeats the error of one entity at every place where it occurs', async () => {
  const { task } = graph;
  task.route = (_request, response) => {
    const eve = { __typename: 'User', id: 'eve' };
    response.end(JSON.stringify({ data: { tasks: [{ creator: eve, reviewer: { __typename: 'User', id: 'ada' } }, { creator: eve }] } }));
    return true;
  };
  const { data, errors } = await ask(graph.gateway, '{ tasks { creator { name } } }');
  expect(data).toEqual({ tasks: [{ creator: null }, { creator: null }] });
  expect(errors).toEqual(
    [0, 1].map((index) => ({ message: 'You may not see eve.', path: ['tasks', index, 'creator'], extensions: { code: 'FORBIDDEN', requestId: expect.any(String) } })),
  );
});

test('answers the rest of the graph while a subgraph is away, with an error at every null', async () => {
  await graph.user.stop();
  const { status, data, errors } = await ask(graph.gateway, '{ me { name } other: person(id: "bob") { id } tasks { title creator { name } assignees { id bio } } }');
  expect(status).toBe(200);
  expect(data.me).toBeNull();
  expect(data.tasks[1]).toEqual({ title: 'two', creator: null, assignees: [{ id: 'bob', bio: null }] });
  expect(errors?.map(({ path }) => path)).toEqual(expect.arrayContaining(nullsIn(data)));
  expect(errors).toHaveLength(nullsIn(data).length);
  for (const { message, extensions } of errors ?? []) {
    expect(message).toBe('The user subgraph is not available.');
    expect(extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE', requestId: expect.any(String) });
  }
});

test('puts the error at each nullable field when the entity itself survives', async () => {
  await graph.task.stop();
  const { data, errors } = await ask(graph.gateway, '{ person(id: "ada") { name points: score rank tasks { title } } }');
  expect(data).toEqual({ person: { name: 'ADA', points: null, rank: null, tasks: null } });
  expect(errors?.map(({ path }) => path?.join('.')).sort()).toEqual(['person.points', 'person.rank', 'person.tasks']);
});

test('serves again as soon as the subgraph is back', async () => {
  await graph.user.stop();
  expect((await ask(graph.gateway, '{ person(id: "ada") { name } }')).errors).toHaveLength(1);
  await graph.user.restart();
  expect((await ask(graph.gateway, '{ person(id: "ada") { name } }')).data).toEqual({ person: { name: 'ADA' } });
});

const breakFirst = (): TestGraph['task']['route'] => {
  let broken = false;
  return (request) => {
    if (request.method !== 'POST' || broken) return false;
    broken = true;
    request.socket.destroy();
    return true;
  };
};

test('repeats a query once when the connection broke', async () => {
  graph.task.route = breakFirst();
  const { data, errors } = await ask(graph.gateway, '{ tasks { title } }');
  expect(errors).toBeUndefined();
  expect(data.tasks).toHaveLength(2);
  expect(graph.task.calls).toHaveLength(2);
});

test('never repeats a mutation', async () => {
  graph.task.route = breakFirst();
  const { data, errors } = await ask(graph.gateway, 'mutation { made: createTask(title: "x") { id } }');
  expect(data).toEqual({ made: null });
  expect(errors?.[0]).toMatchObject({ path: ['made'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
  expect(graph.task.calls).toHaveLength(1);
});

test('gives up on a subgraph that does not answer in time', async () => {
  graph.task.route = (request) => request.method === 'POST';
  const { data, errors } = await ask(graph.gateway, '{ tasks { title } person(id: "ada") { name } }');
  expect(data).toEqual({ tasks: null, person: { name: 'ADA' } });
  expect(errors?.[0]?.extensions['code']).toBe('SUBGRAPH_UNAVAILABLE');
});

test('lets no header of the client reach a subgraph but the request id, and the idempotency key with mutations', async () => {
  const headers = {
    authorization: `Bearer ${await graph.token()}`,
    cookie: 'a=b',
    'x-forwarded-for': '6.6.6.6',
    'x-taskgraph-viewer': 'root',
    'user-agent': 'evil',
    'x-request-id': 'request-0001',
    'idempotency-key': 'key-1',
  };
  const { headers: answered } = await ask(graph.gateway, 'mutation { createTask(title: "x") { id creator { name } } }', { headers });
  expect(answered.get('x-request-id')).toBe('request-0001');
  const [sent] = graph.task.calls;
  expect(Object.keys(sent?.headers ?? {}).sort()).toEqual(['authorization', 'connection', 'content-length', 'content-type', 'host', 'idempotency-key', 'x-request-id']);
  expect(sent?.headers).toMatchObject({ 'x-request-id': 'request-0001', 'idempotency-key': 'key-1' });
  expect(sent?.headers.authorization).not.toBe(headers.authorization);
  expect(graph.user.calls[0]?.headers['idempotency-key']).toBeUndefined();
});

test('tells subgraphs who the viewer is', async () => {
  const { data } = await ask(graph.gateway, '{ me { id name } }', { headers: { authorization: `Bearer ${await graph.token()}` } });
  expect(data.me.name).toBe('Viewer');
  expect((await ask(graph.gateway, '{ me { id } }')).data).toEqual({ me: null });
});

test('does not blame the viewer when a subgraph refuses the gateway', async () => {
  graph.task.route = (_request, response) => Boolean(response.writeHead(401).end('{"error":"no"}'));
  const { data, errors } = await ask(graph.gateway, '{ tasks { title } }');
  expect(data).toEqual({ tasks: null });
  expect(errors).toEqual([{ message: 'Something went wrong on our side.', path: ['tasks'], extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) } }]);
});

test('gives a refused document an error at each of its fields', async () => {
  graph.user.route = (_request, response) =>
    Boolean(response.writeHead(400).end('{"errors":[{"message":"Cannot query field \\"x\\" on type \\"Y\\"","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}'));
  const { data, errors } = await ask(graph.gateway, '{ person(id: "ada") { name } tasks { creator { name } } }');
  expect(errors?.map(({ path }) => path)).toEqual(expect.arrayContaining(nullsIn(data)));
  expect(new Set(errors?.map(({ message }) => message))).toEqual(new Set(['Something went wrong on our side.']));
});
