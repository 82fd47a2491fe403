// RULES §2: a dead owner nulls its own fields and nothing else. The graph is the product's own, with one subgraph after the other away.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type RunningGateway } from '../src/server.js';
import { ask, baseConfig, logger } from './support/graph.js';
import { accessToken, jwkOf, newKey, privateText, publicText } from './support/keys.js';
import { nullsIn } from './support/nulls.js';
import { startSubgraph, type TestSubgraph } from './support/subgraph.js';
import { createUserLog } from './support/user-log.js';

const identity = newKey();
const key = newKey();
const names = ['user', 'project', 'task', 'channel', 'stats'] as const;
const subgraphs = {} as Record<(typeof names)[number], TestSubgraph>;
let gateway: RunningGateway;
let authorization = '';

const reference = (rest: object) => ({ __resolveReference: ({ id }: { id: string }) => ({ id, ...rest }) });
const entity = (__typename: string, id: string) => ({ __typename, id });
const task = { id: 't1', title: 'Ship it', creator: entity('User', 'ada'), project: entity('Project', 'p1'), channel: entity('Channel', 'c1') };
const taskList = () => ({ nodes: [task] });

/** Just enough of each owner. */
const resolvers: Record<(typeof names)[number], object> = {
  user: { Query: { me: (_: unknown, __: unknown, { viewer }: { viewer: { id: string } }) => ({ id: viewer.id, name: 'Ada' }) }, User: reference({ name: 'Ada' }) },
  project: { Query: { projects: () => ({ nodes: [{ id: 'p1', name: 'Website' }] }) }, Project: reference({ name: 'Website' }) },
  task: { Query: { tasks: taskList }, User: { ...reference({}), tasks: taskList }, Task: reference({ title: 'Ship it' }) },
  channel: { Query: { notifications: () => ({ unreadCount: 3 }) }, Channel: reference({ name: 'News' }) },
  stats: { User: reference({ stats: { total: 7 } }), Project: reference({ stats: { completionRate: 0.5 } }), Channel: reference({ stats: { total: 1 } }) },
};

beforeAll(async () => {
  const userLog = createUserLog(async () => ({ keys: [await jwkOf(key, 'k1')] }));
  for (const name of names) {
    const sdl = readFileSync(new URL(`../../subgraphs/${name}/schema.graphql`, import.meta.url), 'utf8');
    subgraphs[name] = await startSubgraph({ name, sdl, resolvers: resolvers[name], gatewayKey: publicText(identity) });
  }
  subgraphs.user.route = userLog.route;
  const subgraphUrls = Object.fromEntries(names.map((name) => [name, subgraphs[name].url])) as typeof baseConfig.subgraphUrls;
  gateway = await startGateway({ ...baseConfig, identityPrivateKey: privateText(identity), subgraphUrls }, logger);
  authorization = `Bearer ${await accessToken(key)}`;
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all(names.map((name) => subgraphs[name].stop()));
});

const dashboard = `{
  me { name stats { total } }
  projects { nodes { name stats { completionRate } } }
  tasks { nodes { title creator { name } project { name stats { completionRate } } channel { name stats { total } } } }
  notifications { unreadCount }
}`;
const whole = {
  me: { name: 'Ada', stats: { total: 7 } },
  projects: { nodes: [{ name: 'Website', stats: { completionRate: 0.5 } }] },
  tasks: { nodes: [{ title: 'Ship it', creator: { name: 'Ada' }, project: { name: 'Website', stats: { completionRate: 0.5 } }, channel: { name: 'News', stats: { total: 1 } } }] },
  notifications: { unreadCount: 3 },
};
const load = () => ask(gateway, dashboard, { headers: { authorization } });

test('with all there the dashboard is whole', async () => {
  const { data, errors } = await load();
  expect(errors).toBeUndefined();
  expect(data).toEqual(whole);
});

const [row] = whole.tasks.nodes;
const partial: [(typeof names)[number], object][] = [
  ['stats', {
    ...whole,
    me: { name: 'Ada', stats: null },
    projects: { nodes: [{ name: 'Website', stats: null }] },
    tasks: { nodes: [{ ...row, project: { name: 'Website', stats: null }, channel: { name: 'News', stats: null } }] },
  }],
  ['channel', { ...whole, tasks: { nodes: [{ ...row, channel: null }] }, notifications: null }],
  ['project', { ...whole, projects: null, tasks: { nodes: [{ ...row, project: null }] } }],
  ['task', { ...whole, tasks: null }],
];
test.each(partial)('RULES §2: without the %s subgraph its own fields are null, each with an error at its path, and nothing else is', async (name, expected) => {
  await subgraphs[name].stop();
  const { status, data, errors } = await load();
  await subgraphs[name].restart();
  expect([status, data]).toEqual([200, expected]);
  expect(errors?.map(({ path }) => path?.join('.')).toSorted()).toEqual(nullsIn(data).map((path) => path.join('.')).toSorted());
  for (const { extensions } of errors ?? []) expect(extensions['code']).toBe('SUBGRAPH_UNAVAILABLE');
});
