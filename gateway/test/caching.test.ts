// What the gateway caches, for whom, and until when (docs/caching.md): over real subgraphs, logs and Redis.
import { apiTokenPrefix } from '@taskgraph/shared/contracts/api-token';
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { redisAvailable, startRedis, type TestRedis } from '@taskgraph/shared/testing/redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../src/config.js';
import { startGateway, type RunningGateway } from '../src/server.js';
import { startCachedGraph, type CachedGraph } from './support/cached-graph.js';
import { ask, baseConfig, logger } from './support/graph.js';
import { privateText } from './support/keys.js';

let graph: CachedGraph;
let gateway: RunningGateway;
const start = (cache: Config['cache']) => startGateway({ ...baseConfig, cache, identityPrivateKey: privateText(graph.identity), subgraphUrls: { ...baseConfig.subgraphUrls, ...graph.urls } }, logger, graph.sdl);
beforeAll(async () => {
  graph = await startCachedGraph();
  gateway = await start({ kind: 'memory', megabytes: 8 });
});
afterAll(async () => {
  await gateway.stop();
  await graph.stop();
});

function person(name = 'Ada'): string {
  const id = newId();
  graph.people.set(id, { id, name, nick: null });
  return id;
}
function project(...members: string[]): string {
  const id = newId();
  graph.projects.set(id, { id, name: 'Web', members: new Set(members), figures: true });
  return id;
}
const ofAssignee = 'query ($id: ID) { task(assignee: $id) { assignee { name nick } } }';
const ofProject = 'query ($id: ID) { task(project: $id) { project { name } } }';
const read = async (viewer: string, query: string, id: string, at = gateway) => ask(at, query, { variables: { id }, headers: await graph.bearer(viewer) });
const nameOfProject = async (viewer: string, id: string, at = gateway) => (await read(viewer, ofProject, id, at)).data.task.project?.name ?? null;
const nameOfPerson = async (viewer: string, id: string, at = gateway) => (await read(viewer, ofAssignee, id, at)).data.task.assignee?.name ?? null;

/** Requests that this subgraph gets meanwhile. */
async function requestsTo(name: 'user' | 'project', work: () => Promise<unknown>): Promise<number> {
  const before = graph[name].calls.length;
  await work();
  return graph[name].calls.length - before;
}
/** Asks until it is answered without the subgraph: the logs have to be heard first, and who wrote waits. */
const untilCached = (name: 'user' | 'project', work: () => Promise<unknown>) => eventually(async () => (await requestsTo(name, work)) === 0);

describe('entities', () => {
  test('a hit sends no request, whichever document selects the same; what is public is shared by those who are signed in', async () => {
    const [ann, bob, eve] = [person(), person(), person('Eve')];
    await untilCached('user', () => nameOfPerson(ann, eve));
    const other = 'query Named($id: ID, $no: Boolean = false) { x: task(assignee: $id) { title assignee { name nick } more: title @include(if: $no) } }';
    await untilCached('user', async () => expect((await read(bob, other, eve)).data.x.assignee).toEqual({ name: 'Eve', nick: null }));
    const anonymous = await ask(gateway, ofAssignee, { variables: { id: eve } });
    expect(anonymous.data.task.assignee).not.toBe(null);
    expect(await requestsTo('user', () => ask(gateway, ofAssignee, { variables: { id: eve } }))).toBe(1);
  });

  test('of a list only what is not known is asked for, and stands at its place', async () => {
    const [ann, known] = [person(), person('Known')];
    const document = 'query ($ids: [ID!]!) { tasks(assignees: $ids) { assignee { name nick } } }';
    await eventually(async () => {
      await untilCached('user', () => nameOfPerson(ann, known));
      const fresh = person('Fresh');
      const { data } = await ask(gateway, document, { variables: { ids: [fresh, known, 'nobody', known] }, headers: await graph.bearer(ann) });
      expect(data.tasks.map(({ assignee }: any) => assignee?.name ?? null)).toEqual(['Fresh', 'Known', null, 'Known']);
      expect(graph.user.calls.at(-1)?.variables['representations']).toEqual([fresh, 'nobody'].map((id) => ({ __typename: 'User', id })));
    });
  });

  test('one field that is not marked, and nothing of the fetch is cached', async () => {
    const [ann, bob, eve] = [person(), person(), person()];
    await untilCached('user', () => nameOfPerson(ann, eve));
    const document = 'query ($id: ID) { task(assignee: $id) { assignee { name email } } }';
    for (const viewer of [ann, bob, ann]) expect((await read(viewer, document, eve)).data.task.assignee.email).toBe(`seen by ${viewer}`);
  });

  test('what is private never reaches another: neither a stranger, nor the same person with an API token of fewer scopes', async () => {
    const [ann, bob] = [person(), person()];
    const web = project(ann);
    await untilCached('project', () => nameOfProject(ann, web));
    expect(await requestsTo('project', async () => expect(await nameOfProject(bob, web)).toBe(null))).toBe(1);
    const owner = { userId: ann, role: 'MEMBER' as const, active: true };
    for (const scopes of [['READ'], ['WRITE'], ['READ', 'WRITE']] as const) {
      const secret = `${apiTokenPrefix}${newId()}`;
      graph.userLog.apiTokens.set(secret, { ...owner, id: newId(), scopes: [...scopes], expiresAt: null } as never);
      const headers = { authorization: `Bearer ${secret}` };
      expect(await requestsTo('project', () => ask(gateway, ofProject, { variables: { id: web }, headers }))).toBe(1);
    }
  });

  test('a token without READ is never answered from the cache, not even with what is public', async () => {
    const [ann, eve] = [person(), person()];
    await untilCached('user', () => nameOfPerson(ann, eve));
    const secret = `${apiTokenPrefix}${newId()}`;
    graph.userLog.apiTokens.set(secret, { userId: ann, role: 'MEMBER', active: true, id: newId(), scopes: ['WRITE'], expiresAt: null } as never);
    expect(await requestsTo('user', () => ask(gateway, ofAssignee, { variables: { id: eve }, headers: { authorization: `Bearer ${secret}` } }))).toBe(1);
  });

  test('nulls that may be refusals and errors are not kept: who is let in sees it at once', async () => {
    const [ann, bob] = [person(), person()];
    const web = project(ann);
    await untilCached('project', () => nameOfProject(ann, web));
    expect(await nameOfProject(bob, web)).toBe(null);
    graph.projects.get(web)?.members.add(bob);
    expect(await nameOfProject(bob, web)).toBe('Web');
    const figures = 'query ($id: ID) { task(project: $id) { project { stats { total } } } }';
    const hidden = graph.projects.get(web) as { figures: boolean };
    hidden.figures = false;
    expect((await read(ann, figures, web)).data.task.project.stats).toBe(null);
    hidden.figures = true;
    expect((await read(ann, figures, web)).data.task.project.stats).toEqual({ total: 7 });
    for (const _ of [1, 2]) expect(await requestsTo('project', async () => expect((await read(ann, ofProject, 'broken')).errors).toHaveLength(1))).toBe(1);
  });

  test('queries of the change log read past the cache', async () => {
    const [ann, eve] = [person(), person()];
    await untilCached('user', () => nameOfPerson(ann, eve));
    const changes = 'query ($id: ID) { taskChanges(assignee: $id) { assignee { name nick } } }';
    expect(await requestsTo('user', () => read(ann, changes, eve))).toBe(1);
  });
});

describe('events', () => {
  test('a new name is seen after the event that tells of it', async () => {
    const [ann, eve] = [person(), person('Eve')];
    await untilCached('user', () => nameOfPerson(ann, eve));
    (graph.people.get(eve) as { name: string }).name = 'Eva';
    graph.userLog.append('user.updated', { userId: eve, role: 'MEMBER', changed: ['name'] });
    await eventually(async () => (await nameOfPerson(ann, eve)) === 'Eva');
  });

  test('RULES §8: whoever was removed loses what was cached for them', async () => {
    const [ann, bob] = [person(), person()];
    const web = project(ann, bob);
    for (const viewer of [ann, bob]) await untilCached('project', () => nameOfProject(viewer, web));
    graph.projects.get(web)?.members.delete(bob);
    graph.projectLog.append('project.member-removed', { projectId: web, userId: bob });
    await eventually(async () => (await nameOfProject(bob, web)) === null);
    expect(await nameOfProject(ann, web)).toBe('Web');
  });

  test('RULES §8: while a log cannot be heard, what it tells of is not answered from the cache', async () => {
    const ann = person();
    const web = project(ann);
    await untilCached('project', () => nameOfProject(ann, web));
    const { route } = graph.project;
    graph.project.route = (request, response, body) => (request.url?.startsWith('/internal/') ? (response.writeHead(503).end('{}'), true) : (route?.(request, response, body) ?? false));
    await eventually(async () => (await requestsTo('project', () => nameOfProject(ann, web))) === 1);
    graph.project.route = route;
    await untilCached('project', () => nameOfProject(ann, web));
  });

  test('whoever writes reads it at once, before any event', async () => {
    const ann = person('Ann');
    const me = '{ me { name } }';
    const asked = async (viewer: string, query: string) => (await ask(gateway, query, { headers: await graph.bearer(viewer) })).data;
    await untilCached('user', () => Promise.all([nameOfPerson(ann, ann), asked(ann, me)]));
    expect(await asked(ann, 'mutation { rename(name: "Anna") { name } }')).toEqual({ rename: { name: 'Anna' } });
    expect(await nameOfPerson(ann, ann)).toBe('Anna');
    expect(await asked(ann, me)).toEqual({ me: { name: 'Anna' } });
  });
});

describe('whole answers', () => {
  test('are kept where every field is marked, and clients hear how long: privately, and never longer than what it is made of', async () => {
    const [ann, bob] = [person('Ann'), person('Bob')];
    const me = async (viewer: string) => ask(gateway, '{ me { __typename id name } }', { headers: await graph.bearer(viewer) });
    await eventually(async () => {
      const hit = await me(ann);
      expect(hit.headers.get('cache-control')).toMatch(/^max-age=\d\d?, private$/);
      expect(hit.headers.get('vary')).toContain('Authorization');
      expect(hit.data).toEqual({ me: { __typename: 'User', id: ann, name: 'Ann' } });
      expect(hit.body.extensions.cost.requested).toBeGreaterThan(0);
    });
    await untilCached('user', () => me(ann));
    expect((await me(bob)).data.me.name).toBe('Bob');
    graph.userLog.append('user.updated', { userId: bob, role: 'MEMBER', changed: ['name'] });
    (graph.people.get(ann) as { name: string }).name = 'Anna';
    await eventually(async () => (await me(ann)).data.me.name === 'Anna');
  });

  test('of everything else clients are told to keep nothing', async () => {
    const ann = person();
    for (const document of ['{ me { name email } }', '{ task { title } }', '{ __typename }', 'mutation { rename(name: "x") { name } }', '{ nothing }']) {
      const { headers } = await ask(gateway, document, { headers: await graph.bearer(ann) });
      expect(headers.get('cache-control'), document).toBe('no-store');
    }
    expect((await ask(gateway, '{ me { name } }')).headers.get('cache-control')).toBe('no-store');
    // Nobody of that id: what is null now may be allowed in a moment.
    expect((await ask(gateway, '{ me { name } }', { headers: await graph.bearer(newId()) })).headers.get('cache-control')).toBe('no-store');
  });
});

describe.skipIf(!redisAvailable())('in Redis', () => {
  let redis: TestRedis;
  let pair: [RunningGateway, RunningGateway];
  beforeAll(async () => {
    redis = await startRedis();
    pair = await Promise.all([start({ kind: 'redis', url: redis.url }), start({ kind: 'redis', url: redis.url })]);
  });
  afterAll(async () => {
    await Promise.all(pair.map((one) => one.stop()));
    await redis.stop();
  });

  test('gateways share it; whoever writes at one reads it at the other; with Redis killed both go on, and it is cached again when it is back', async () => {
    const [here, there] = pair;
    const [ann, bob, eve] = [person('Ann'), person(), person('Eve')];
    await untilCached('user', () => nameOfPerson(ann, eve, there));
    await untilCached('user', () => nameOfPerson(ann, eve, here));
    await untilCached('user', () => nameOfPerson(ann, ann, there));
    await ask(here, 'mutation { rename(name: "Anna") { name } }', { headers: await graph.bearer(ann) });
    expect(await nameOfPerson(ann, ann, there)).toBe('Anna');

    await redis.kill();
    for (const at of pair) for (const _ of [1, 2]) expect(await nameOfPerson(bob, eve, at)).toBe('Eve');
    expect(await requestsTo('user', () => nameOfPerson(bob, eve, here))).toBe(1);
    await redis.restart();
    await untilCached('user', () => nameOfPerson(bob, eve, here));
    expect(await nameOfPerson(bob, ann, here)).toBe('Anna');
  });
});
