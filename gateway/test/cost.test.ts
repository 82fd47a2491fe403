// What operations cost: told in every answer, refused above the limit with what to do about it, and asked for without running.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, baseLimits, startGraph, type TestGraph } from './support/graph.js';
import { connect, follow } from './support/socket.js';
import { createTaskLog } from './support/task-log.js';

const sdl = `
  type User @key(fields: "id") { id: ID! }
  type Task @key(fields: "id") { id: ID! title: String! creator: User subtasks(first: Int, after: String): TaskConnection }
  type TaskConnection { nodes: [Task!]! edges: [TaskEdge!]! totalCount: Int! @federation__cost(weight: 10) }
  type TaskEdge @federation__cost(weight: 0) { cursor: String! node: Task! }
  type Query { tasks(first: Int, last: Int): TaskConnection tags: [Task!] @federation__listSize(assumedSize: 7) }
  type Mutation { createTask(title: String!): Task clean: Task @federation__cost(weight: 100) }
`;
const rows = [{ id: 't1', title: 'one', creator: { __typename: 'User', id: 'ada' } }];
const page = { nodes: rows, edges: [], totalCount: 1 };
const resolvers = {
  Query: { tasks: () => page, tags: () => rows },
  Task: { subtasks: () => page },
  Mutation: { createTask: () => rows[0], clean: () => null },
};

let graph: TestGraph;
const limit = 500;
beforeAll(async () => {
  const config = { limits: { ...baseLimits, cost: limit }, rateLimits: { anonymousPerMinute: 0, perMinute: 0, costPerMinute: 100 } };
  graph = await startGraph({ config, task: { sdl, resolvers } });
});
afterAll(() => graph.stop());
const calls = () => graph.task.calls.length + graph.user.calls.length;

describe('the price', () => {
  test.each([
    ['a thing', '{ person(id: "ada") { id name } }', 1],
    ['a page of 20 rows', '{ tasks(first: 20) { nodes { id } } }', 1 + 20],
    ['a page whose size is not said counts as 100', '{ tasks { nodes { id } } }', 1 + 100],
    ['edges cost as their nodes', '{ tasks(last: 5) { edges { cursor node { id } } } }', 1 + 5],
    ['things of another subgraph, for each row', '{ tasks(first: 20) { nodes { creator { name } } } }', 1 + 20 * 2],
    ['pages in pages multiply', '{ tasks(first: 5) { nodes { subtasks(first: 3) { nodes { id } } } } }', 1 + 5 * (1 + 1 + 3)],
    ['a weight of its own', '{ tasks(first: 0) { totalCount } }', 1 + 10],
    ['a list that is no page', '{ tags { id } }', 7],
    ['a write', 'mutation { createTask(title: "x") { id creator { name } } }', 10 + 1],
    ['a dear write', 'mutation { clean { id } }', 100],
    ['each alias', '{ a: person(id: "ada") { id } b: person(id: "bob") { id } }', 2],
    ['the same field twice is one', '{ tasks(first: 2) { nodes { id } } tasks(first: 2) { nodes { creator { id } } } }', 1 + 2 * 2],
    ['fragments as what they hold', '{ tasks(first: 2) { ...page } } fragment page on TaskConnection { nodes { ... on Task { creator { id } } } }', 1 + 2 * 2],
    ['nothing for what is left out', '{ tasks(first: 2) { nodes @skip(if: true) { id } } }', 1],
  ])('%s', async (_name, document, requested) => {
    const { status, body, headers } = await ask(graph.gateway, document);
    expect([status, body.errors]).toEqual([200, undefined]);
    expect(body.extensions).toEqual({ cost: { requested, limit } });
    expect([headers.get('taskgraph-cost'), headers.get('taskgraph-cost-limit')]).toEqual([String(requested), String(limit)]);
  });

  test('sizes and conditions may be variables, with their defaults', async () => {
    const document = 'query ($n: Int = 7, $joined: Boolean!) { tasks(first: $n) { nodes { creator @include(if: $joined) { id } } } }';
    const cost = async (variables: object) => (await ask(graph.gateway, document, { variables })).body.extensions.cost.requested;
    expect(await cost({ joined: false })).toBe(1 + 7);
    expect(await cost({ joined: true })).toBe(1 + 7 * 2);
    expect(await cost({ joined: true, n: 30 })).toBe(1 + 30 * 2);
    expect(await cost({ joined: true, n: null })).toBe(1 + 100 * 2);
  });

  test('a variable may have the name of something that every object has', async () => {
    const priced = async (document: string, variables = {}) => (await ask(graph.gateway, document, { variables })).body.extensions?.cost.requested;
    expect(await priced('query ($constructor: Int = 30) { tasks(first: $constructor) { nodes { id } } }')).toBe(1 + 30);
    expect(await priced('query ($toString: Boolean = true) { tasks(first: 30) @include(if: $toString) { nodes { id } } }')).toBe(1 + 30);
  });

  test('what is refused before it is priced cost nothing', async () => {
    expect((await ask(graph.gateway, '{ nothing }')).body.extensions).toEqual({ cost: { requested: 0, limit } });
  });
});

describe('above the limit', () => {
  const document = 'query ($n: Int!) { tasks(first: $n) { nodes { title creator { name } subtasks(first: 10) { nodes { id } } } } }';

  test('it is refused before anything runs, with the dearest paths and the size of pages with which it passes', async () => {
    const before = calls();
    const { status, errors, body, headers } = await ask(graph.gateway, document, { variables: { n: 100 } });
    expect(status).toBe(400);
    const cost = 1 + 100 * (1 + 1 + 1 + 10);
    expect(errors).toEqual([{
      message: expect.stringMatching(/^This operation costs 1301 points, and at most 500 are allowed\. Dearest: tasks\.nodes\.subtasks\.nodes \(1000\), .* It passes with pages of at most 38 rows\.$/),
      extensions: {
        code: 'QUERY_TOO_COMPLEX', cost, limit, pageSize: 38, requestId: expect.any(String),
        paths: [
          { path: 'tasks.nodes.subtasks.nodes', cost: 1_000 }, { path: 'tasks.nodes', cost: 100 }, { path: 'tasks.nodes.creator', cost: 100 },
          { path: 'tasks.nodes.subtasks', cost: 100 }, { path: 'tasks', cost: 1 },
        ],
      },
    }]);
    expect(body.extensions).toEqual({ cost: { requested: cost, limit } });
    expect(headers.get('taskgraph-cost')).toBe(String(cost));
    expect(calls()).toBe(before);
    expect((await ask(graph.gateway, document, { variables: { n: 38 } })).status).toBe(200);
    expect((await ask(graph.gateway, document, { variables: { n: 39 } })).status).toBe(400);
  });

  test('where no page is small enough it says so', async () => {
    const { errors } = await ask(graph.gateway, `mutation { ${Array.from({ length: 6 }, (_, index) => `m${index}: clean { id }`).join(' ')} }`);
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining('No size of pages makes it pass'), extensions: { cost: 600 } });
    expect(errors?.[0]?.extensions).not.toHaveProperty('pageSize');
  });

  test('a page that no list gives is BAD_USER_INPUT, however little else is asked', async () => {
    for (const first of [1_001, 1_000_000_000]) {
      const before = calls();
      const { status, errors } = await ask(graph.gateway, 'query ($n: Int) { tasks(first: $n) { totalCount } }', { variables: { n: first } });
      expect([status, errors?.[0]?.extensions]).toMatchObject([400, { code: 'BAD_USER_INPUT', fields: [{ path: 'first', message: 'must lie between 1 and 1000' }] }]);
      expect(calls()).toBe(before);
    }
  });

  test('over a WebSocket it is an error, and what passes tells its cost', async () => {
    const client = connect(graph.gateway);
    const refused = follow(client, { query: document, variables: { n: 100 } });
    await expect.poll(() => refused.error, { timeout: 30_000 }).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX', pageSize: 38 } }]);
    const answered = follow(client, { query: document, variables: { n: 1 } });
    expect(await answered.atLeast(1)).toMatchObject([{ data: {}, extensions: { cost: { requested: 14, limit } } }]);
    await client.dispose();
  });
});

describe('a dry run', () => {
  const headers = { 'taskgraph-dry-run': 'cost' };

  test.each(['{ tasks(first: 20) { nodes { creator { name } } } }', 'mutation { clean { id } }'])('%s is priced and not run', async (document) => {
    const before = calls();
    const { status, body } = await ask(graph.gateway, document, { headers });
    expect(status).toBe(200);
    expect(body).toEqual({ data: null, extensions: { cost: { requested: document.startsWith('{') ? 41 : 100, limit } } });
    expect(calls()).toBe(before);
  });

  test('the document and its variables are checked as ever, and so is who asks', async () => {
    const codeOf = async (document: string, more: Record<string, string> = {}) => {
      const { status, errors } = await ask(graph.gateway, document, { headers: { ...headers, ...more } });
      return [status, errors?.[0]?.extensions['code']];
    };
    expect(await codeOf('{ nothing }')).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect(await codeOf('query ($n: Int!) { tasks(first: $n) { totalCount } }')).toEqual([400, 'BAD_USER_INPUT']);
    expect(await codeOf('{ tasks(first: 1000) { totalCount nodes { id } } }')).toEqual([400, 'QUERY_TOO_COMPLEX']);
    expect(await codeOf('{ __typename }', { authorization: 'Bearer forged' })).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('what asks for another dry run than there is runs nothing', async () => {
    const before = calls();
    for (const value of ['plan', 'true', '']) {
      expect((await ask(graph.gateway, 'mutation { clean { id } }', { headers: { 'taskgraph-dry-run': value } })).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    const client = connect(graph.gateway);
    const wrong = follow(client, { query: 'mutation { clean { id } }', extensions: { dryRun: 'plan' } });
    await expect.poll(() => wrong.error, { timeout: 30_000 }).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'extensions.dryRun' }] } }]);
    const priced = follow(client, { query: 'mutation { clean { id } }', extensions: { dryRun: 'cost' } });
    expect(await priced.atLeast(1)).toEqual([{ data: null, extensions: { cost: { requested: 100, limit } } }]);
    await client.dispose();
    expect(calls()).toBe(before);
  });
});

test('who has signed in spends a budget: answers tell what is left, a dry run takes nothing, and beyond it nothing runs', async () => {
  const headers = { authorization: `Bearer ${await graph.token()}` };
  const document = '{ tasks(first: 29) { nodes { creator { name } } } }';
  const cost = async (more: Record<string, string> = {}) => (await ask(graph.gateway, document, { headers: { ...headers, ...more } })).body;
  expect((await cost()).extensions.cost).toEqual({ requested: 59, limit, budget: 100, remaining: 41, reset: expect.any(Number) });
  expect((await cost({ 'taskgraph-dry-run': 'cost' })).extensions.cost).toMatchObject({ requested: 59, remaining: 41 });
  const before = calls();
  expect((await cost()).errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } }]);
  expect(calls()).toBe(before);
});

describe('a subscription', () => {
  const selection = 'cursor kind changes { field } task { title creator { name } }';
  const document = `subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after) { ${selection} } }`;
  /** The change, ten of its fields, the task and who made it. */
  const price = 1 + 10 + 1 + 1;

  test('is priced once, for one change; what follows is read in pages that cost no more than one operation may, and charged to nobody', async () => {
    const log = createTaskLog();
    const live = await startGraph({ task: log, config: { limits: { ...baseLimits, cost: 4 * price }, rateLimits: { anonymousPerMinute: 0, perMinute: 0, costPerMinute: price } } });
    try {
      live.task.route = log.route;
      await eventually(() => log.streams.size === 1);
      for (let index = 0; index < 10; index += 1) log.append({ title: `change ${index}` });
      const client = connect(live.gateway, await live.token());
      const received = follow(client, { query: document, variables: { p: log.projectId, after: 'c0' } });
      await received.atLeast(10);
      log.append({ title: 'one more' });
      await received.atLeast(11);
      expect(received.error).toBeUndefined();
      const sizes = live.task.calls.flatMap(({ query, variables }) => (query.includes('nodes') ? [Number(variables['_tgFirst'])] : []));
      expect(sizes.length).toBeGreaterThan(2);
      expect(Math.max(...sizes)).toBe(4);
      // The budget is spent: only its subscription was paid for.
      const another = follow(client, { query: document, variables: { p: log.projectId } });
      await expect.poll(() => another.error, { timeout: 30_000 }).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
      await client.dispose();
    } finally {
      await live.stop();
    }
  });

  test('one that costs too much is refused, and a dry run tells its price, over HTTP as well', async () => {
    const log = createTaskLog();
    const live = await startGraph({ task: log, config: { limits: { ...baseLimits, cost: price - 1 } } });
    try {
      const client = connect(live.gateway, await live.token());
      const refused = follow(client, { query: document, variables: { p: log.projectId } });
      await expect.poll(() => refused.error, { timeout: 30_000 }).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX', cost: price } }]);
      const cheap = 'subscription ($p: ID!) { taskChanges(scope: { projectId: $p }) { cursor task { title } } }';
      const priced = follow(client, { query: cheap, variables: { p: log.projectId }, extensions: { dryRun: 'cost' } });
      expect(await priced.atLeast(1)).toEqual([{ data: null, extensions: { cost: { requested: 2, limit: price - 1 } } }]);
      await client.dispose();
      const overHttp = await ask(live.gateway, cheap, { variables: { p: log.projectId }, headers: { 'taskgraph-dry-run': 'cost' } });
      expect(overHttp.body).toEqual({ data: null, extensions: { cost: { requested: 2, limit: price - 1 } } });
    } finally {
      await live.stop();
    }
  });
});
