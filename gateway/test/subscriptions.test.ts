import { eventually } from '@taskgraph/shared/testing/eventually';
import type { Client } from 'graphql-ws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startGraph, type TestGraph } from './support/graph.js';
import { connect, follow } from './support/socket.js';
import { createTaskLog, type TaskLog } from './support/task-log.js';

let log: TaskLog;
let graph: TestGraph;
let client: Client;

beforeEach(async () => {
  log = createTaskLog();
  graph = await startGraph({ task: log });
  graph.task.route = log.route;
  await eventually(() => log.streams.size === 1);
  client = connect(graph.gateway, await graph.token());
});
afterEach(async () => {
  await client.dispose();
  await graph.stop();
});

const changes = 'subscription ($project: ID!, $after: String) { taskChanges(scope: { projectId: $project }, after: $after) { cursor kind task { title creator { name } } } }';
const watch = (after?: string, query = changes) => follow(client, { query, variables: { project: log.projectId, ...(after ? { after } : {}) } });
const titles = (results: any[]) => results.map(({ data }) => data.taskChanges.task.title);
/** Resolves when the subscription has taken its place: the head was asked for and answered. */
const placed = () => eventually(() => graph.task.calls.some(({ query }) => query.includes('head')));

test('without a cursor a subscription begins now, and each change arrives joined across subgraphs', async () => {
  log.append({ title: 'before' });
  const received = watch();
  await placed();
  log.append({ kind: 'CREATED', title: 'first' });
  await received.atLeast(1);
  log.append({ title: 'second', creator: 'bob' });
  expect(await received.atLeast(2)).toEqual([
    { data: { taskChanges: { cursor: 'c2', kind: 'CREATED', task: { title: 'first', creator: { name: 'ADA' } } } } },
    { data: { taskChanges: { cursor: 'c3', kind: 'UPDATED', task: { title: 'second', creator: { name: 'BOB' } } } } },
  ]);
});

test('with a cursor it first replays what was missed, page by page, and then goes on live without a gap', async () => {
  for (let index = 0; index < 1_203; index += 1) log.append({});
  const received = watch('c3');
  await received.atLeast(1);
  log.append({ title: 'live' });
  const results = await received.atLeast(1_201);
  expect(results.map(({ data }) => data.taskChanges.cursor)).toEqual(Array.from({ length: 1_201 }, (_, index) => `c${index + 4}`));
  expect(titles(results).at(-1)).toBe('live');
});

test('aliases, fragments and an unselected kind are answered as the client asked', async () => {
  const query = `
    subscription Watch($project: ID!, $after: String) { ...Root }
    fragment Root on Subscription { change: taskChanges(scope: { projectId: $project }, after: $after) { at: cursor ...Rest } }
    fragment Rest on TaskChange { task { name: title } }
  `;
  log.append({ title: 'one' });
  expect(await watch('c0', query).atLeast(1)).toEqual([{ data: { change: { at: 'c1', task: { name: 'one' } } } }]);
});

test('an error inside a change comes with that change, at its place in the event', async () => {
  log.append({ title: 'one' });
  log.append({ title: 'two' });
  const query = 'subscription ($project: ID!) { c: taskChanges(scope: { projectId: $project }, after: "c0") { secret task { title creator { name } } } }';
  await graph.user.stop();
  const [, second] = await watch(undefined, query).atLeast(2);
  expect(second.data).toEqual({ c: { secret: null, task: { title: 'two', creator: null } } });
  expect(second.errors).toEqual(
    expect.arrayContaining([
      { message: 'Not yours.', path: ['c', 'secret'], extensions: { code: 'FORBIDDEN', requestId: expect.any(String) } },
      { message: 'The user subgraph is not available.', path: ['c', 'task', 'creator'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', requestId: expect.any(String) } },
    ]),
  );
  expect(second.errors).toHaveLength(2);
});

test.each([
  ['a scope that was never visible', () => ({ project: '0193f9c4-7a00-7000-8000-00000000bbbb' }), 'NOT_FOUND'],
  ['a forged cursor', () => ({ project: log.projectId, after: 'cx' }), 'BAD_USER_INPUT'],
  ['a variable that is missing', () => ({}), 'BAD_USER_INPUT'],
])('%s is refused when subscribing', async (_title, variables, code) => {
  const received = follow(client, { query: changes, variables: variables() });
  await expect.poll(() => received.error).toEqual([{ message: expect.any(String), extensions: expect.objectContaining({ code, requestId: expect.any(String) }) }].map((error) => expect.objectContaining(error)));
  expect(received.results).toEqual([]);
});

test.each([
  ['two fields', 'subscription { a: taskChanges(scope: { mine: true }) { kind } b: taskChanges(scope: { mine: true }) { kind } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['an unknown field', 'subscription { taskChanges(scope: { mine: true }) { kin } }', 'GRAPHQL_VALIDATION_FAILED'],
])('a document with %s is refused', async (_title, query, code) => {
  const received = follow(client, { query });
  await expect.poll(() => received.error).toMatchObject([{ extensions: { code } }]);
  expect(JSON.stringify(received.error)).not.toContain('Did you mean');
});

test('an anonymous subscriber hears what the query says', async () => {
  const anonymous = connect(graph.gateway);
  const received = follow(anonymous, { query: changes, variables: { project: log.projectId } });
  await expect.poll(() => received.error).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  await anonymous.dispose();
});

test('while the task subgraph is away nobody is told, and afterwards nothing is missing', async () => {
  const received = watch('c0');
  log.append({ title: 'one' });
  await received.atLeast(1);
  await graph.task.stop();
  log.append({ title: 'two' });
  const later = watch('c0');
  await graph.task.restart();
  expect(titles(await received.atLeast(2))).toEqual(['one', 'two']);
  expect(titles(await later.atLeast(2))).toEqual(['one', 'two']);
  log.append({ title: 'three' });
  await received.atLeast(3);
  expect([received.error, later.error]).toEqual([undefined, undefined]);
});

test('changes made while the wake-up stream was broken arrive once it is back', async () => {
  const received = watch();
  await placed();
  for (const stream of log.streams) stream.destroy();
  log.append({ title: 'unheard' });
  expect(titles(await received.atLeast(1))).toEqual(['unheard']);
});

test('losing access is the last event, then the subscription completes', async () => {
  const received = watch('c0');
  log.append({ kind: 'ACCESS_LOST' });
  log.append({ title: 'never seen' });
  await expect.poll(() => received.completed).toBe(true);
  expect(received.results).toEqual([{ data: { taskChanges: { cursor: 'c1', kind: 'ACCESS_LOST', task: null } } }]);
});

test('what is refused later ends the subscription with that error', async () => {
  const received = watch('c0');
  log.append({ title: 'one' });
  await received.atLeast(1);
  graph.task.route = (request, response, body) => {
    if (request.url !== '/graphql') return log.route(request, response, body);
    response.end(JSON.stringify({ data: { taskChanges: null }, errors: [{ message: 'Too old.', path: ['taskChanges'], extensions: { code: 'RESYNC_REQUIRED' } }] }));
    return true;
  };
  log.append({ title: 'two' });
  await expect.poll(() => received.error).toEqual([{ message: 'Too old.', extensions: { code: 'RESYNC_REQUIRED', requestId: expect.any(String) } }]);
});

test('a finished subscription asks no more', async () => {
  const received = watch('c0');
  log.append({ title: 'one' });
  await received.atLeast(1);
  received.dispose();
  const other = watch('c1');
  await eventually(() => graph.task.calls.length >= 2);
  const before = graph.task.calls.length;
  log.append({ title: 'two' });
  await other.atLeast(1);
  expect(graph.task.calls.length - before).toBeLessThanOrEqual(2);
  expect(received.results).toHaveLength(1);
});

test('a subscription over HTTP is pointed to the WebSocket', async () => {
  const response = await fetch(`${graph.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: changes, variables: { project: log.projectId } }),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] });
});
