// Another supergraph takes over while the gateway serves: from the file, without a failed request, with plans made before.
import { createRequire } from 'node:module';
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { followSupergraphFile } from '../src/supergraph/supergraph-file.js';
import { ask } from './support/graph.js';
import { hangUp, startReloadGraph, type ReloadGraph } from './support/reloads.js';

/** For what takes many turns: a machine that does much else is slow, not wrong. */
const patienceMs = 300_000;

let graph: ReloadGraph;
beforeAll(async () => {
  graph = await startReloadGraph();
  await eventually(async () => (await fetch(`${graph.gateway.url}/readyz`)).status === 200);
});
afterAll(() => graph.stop());
afterEach(() => {
  graph.task.route = undefined;
  vi.restoreAllMocks();
});

const tasks = '{ tasks { title creator { name bio } } }';
const answered = { tasks: [{ title: 'one', creator: { name: 'ADA', bio: 'bio of ada' } }, { title: 'two', creator: { name: 'ADA', bio: 'bio of ada' } }] };
const showsTasks = async () => {
  const { data, errors } = await ask(graph.gateway, tasks);
  expect([data, errors]).toEqual([answered, undefined]);
};

test('of requests that run all the time during twenty reloads none fails', async () => {
  let reloading = true;
  const bodies: unknown[] = [];
  const run = async (query: string) => {
    const { data, errors } = await ask(graph.gateway, query);
    bodies.push(errors ?? data);
  };
  const clients = Array.from({ length: 4 }, async (_, index) => {
    while (reloading) {
      await run(index === 0 ? 'mutation { createTask(title: "x") { title creator { name } } }' : tasks.replace('{', `query Number${index} {`));
      // Gateway, subgraphs and clients share this process: all of them are to have their turn.
      await delay(5);
    }
  });
  try {
    for (let count = 0; count < 20; count += 1) {
      const before = bodies.length;
      await graph.reload();
      await eventually(() => bodies.length > before);
    }
  } finally {
    reloading = false;
    await Promise.all(clients);
  }
  const mutation = { createTask: { title: 'x', creator: { name: 'ADA' } } };
  expect(new Set(bodies.map((body) => JSON.stringify(body)))).toEqual(new Set([mutation, answered].map((body) => JSON.stringify(body))));
}, patienceMs);

test('a request that began before the swap ends in the graph in which it began', async () => {
  await graph.reload();
  const held: (() => void)[] = [];
  graph.task.route = (_request, response, body) => {
    if (!body.query.includes('reviewer')) return false;
    held.push(() => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { tasks: [{ title: 'late', reviewer: { __typename: 'User', id: 'bob' } }] } })));
    return true;
  };
  const query = '{ tasks { title reviewer { name } } }';
  const underWay = ask(graph.gateway, query);
  await eventually(() => held.length === 1);
  await graph.reload((sdl) => sdl.replace(' reviewer: User', ''));
  held[0]?.();
  const { data, errors } = await underWay;
  expect([data, errors]).toEqual([{ tasks: [{ title: 'late', reviewer: { name: 'BOB' } }] }, undefined]);
  expect((await ask(graph.gateway, query)).errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
});

test('the file is looked at without being told, also when it was replaced by renaming', async () => {
  await graph.write(graph.composed((sdl) => `${sdl} extend type Query { unannounced: String }`));
  await eventually(async () => (await ask(graph.gateway, '{ __type(name: "Query") { fields { name } } }')).data.__type.fields.some(({ name }: { name: string }) => name === 'unannounced'));
});

describe('a file that cannot be served changes nothing and is told of under degraded:', () => {
  const security = (text: string) => text
    .replace('@link(url: "https://specs.apollo.dev/join', '@link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY) @link(url: "https://specs.apollo.dev/join')
    .concat('\ndirective @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM\n');
  test.each<[string, (text: string) => string | null]>([
    ['one that does not parse', () => 'type Query {'],
    ['an empty one', () => ''],
    ['one that was cut off', (text) => text.slice(0, text.length / 2)],
    ['a schema that is no supergraph', () => 'type Query { tasks: String }'],
    ['one that demands what the gateway cannot do', security],
    ['one with a subgraph that has no address', (text) => text.replaceAll('"task"', '"billing"')],
    ['none at all', () => null],
  ])('%s', async (_title, damage) => {
    await graph.reload();
    const text = damage(graph.composed());
    if (text === null) await rm(graph.path);
    else await graph.write(text);
    hangUp();
    await eventually(async () => (await graph.degraded()).includes('supergraph'));
    expect((await fetch(`${graph.gateway.url}/readyz`)).status).toBe(200);
    await showsTasks();
    await graph.reload();
    expect(await graph.degraded()).not.toContain('supergraph');
  });

  test('the log says which file and why', async () => {
    const lines: Record<string, unknown>[] = [];
    const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
    const path = `${graph.path}.other`;
    await writeFile(path, 'type Query { x: Int }');
    const take = async () => {
      throw new Error('the supergraph names the subgraph billing, which has no address');
    };
    const file = followSupergraphFile({ path, take, logger });
    hangUp();
    await eventually(file.refused);
    expect(lines).toEqual([expect.objectContaining({ level: 50, path, reason: 'the supergraph names the subgraph billing, which has no address', msg: 'the new supergraph is refused; the one before is served on' })]);
    await file.stop();
  });
});

describe('plans', () => {
  // The planner of the gateway itself: what is counted are its calls.
  const { QueryPlanner } = createRequire(createRequire(import.meta.url).resolve('@apollo/gateway'))('@apollo/query-planner') as { QueryPlanner: { prototype: { buildQueryPlan: () => unknown } } };

  test('of what is executed often are made before the swap, whatever variables it demands, and not again after it', async () => {
    await graph.reload();
    const hot: [string, object][] = [
      ['query Hot { tasks { title assignees { name } } }', {}],
      ['query Level($level: Level!) { leveled(level: $level) }', { level: 'LOW' }],
      ['query Person($id: ID!, $no: Boolean!) { person(id: $id) { name tasks @skip(if: $no) { title } } }', { id: 'ada', no: false }],
      ['mutation Make($title: String!) { createTask(title: $title) { title } }', { title: 'made' }],
    ];
    const run = async () => {
      for (const [query, variables] of hot) expect((await ask(graph.gateway, query, { variables })).errors).toBeUndefined();
    };
    for (let count = 0; count < 3; count += 1) await run();
    const planned = vi.spyOn(QueryPlanner.prototype, 'buildQueryPlan');
    const calls = graph.task.calls.length + graph.user.calls.length;
    await graph.reload();
    expect(planned.mock.calls.length).toBeGreaterThanOrEqual(hot.length);
    // Only the planner was asked, no subgraph: a mutation is not run to be planned.
    expect(graph.task.calls.length + graph.user.calls.length).toBe(calls);
    planned.mockClear();
    await run();
    expect(planned).not.toHaveBeenCalled();
    await ask(graph.gateway, 'query Cold { tasks { title creator { name } assignees { bio } } }');
    expect(planned).toHaveBeenCalledTimes(1);
  });

  test('of what does not fit the new graph are not made, and do no harm', async () => {
    await graph.reload((sdl) => `${sdl} extend type Query { passing(input: Passing!): String } input Passing { to: [String!]! inner: Inner! } input Inner { n: Int! }`);
    graph.task.route = (_request, response, body) => {
      if (!body.query.includes('passing')) return false;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"passing":"yes"}}');
      return true;
    };
    const query = 'query ($input: Passing!) { passing(input: $input) }';
    const variables = { input: { to: ['a'], inner: { n: 1 } } };
    const run = () => ask(graph.gateway, query, { variables });
    expect((await run()).data).toEqual({ passing: 'yes' });
    await graph.reload();
    expect((await run()).errors?.[0]).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    graph.task.route = undefined;
    await showsTasks();
  });
});
