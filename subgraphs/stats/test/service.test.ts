import { openDatabase } from '@taskgraph/shared/database';
import { createIdentitySigner } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStats, type Harness } from './harness.js';
import { created } from './tasks.js';

let stats: Harness;
beforeAll(async () => void (stats = await startStats({ worker: false })));
afterAll(() => stats.stop());

const total = (ids: string[], viewer = someViewer('ADMIN')) =>
  stats.query('query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { stats { total } } ... on Project { stats { total } } } }', {
    of: ids.map((id) => ({ __typename: 'User', id })),
  }, viewer);

test('before every log has been heard figures are SUBGRAPH_UNAVAILABLE, never a zero', async () => {
  const silent = await total([newId()]);
  expect(silent.data._entities).toEqual([{ stats: null }]);
  expect(silent.errors?.[0]?.extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE' });
  stats.channel.away = true;
  const user = newId();
  stats.task.append(created({ ownerId: user }));
  const worker = await stats.startWorker();
  try {
    const database = await open();
    await eventually(async () => expect(await database.query(`select source from positions where as_of is not null order by source`)).toEqual([{ source: 'project' }, { source: 'task' }, { source: 'user' }]));
    await database.destroy();
    expect((await total([user])).errors?.[0]?.extensions.code).toBe('SUBGRAPH_UNAVAILABLE');
    stats.channel.away = false;
    await eventually(async () => expect((await total([user])).data).toEqual({ _entities: [{ stats: { total: 1 } }] }));
  } finally {
    await worker.stop();
  }
});

test('a worker that was away goes on where it stopped', async () => {
  const user = newId();
  const first = await stats.startWorker();
  stats.task.append(created({ ownerId: user }));
  await eventually(async () => expect((await total([user])).data._entities[0].stats.total).toBe(1));
  await first.stop();
  stats.task.append(created({ ownerId: user }), created({ ownerId: user }));
  const second = await stats.startWorker();
  await eventually(async () => expect((await total([user])).data._entities[0].stats.total).toBe(3));
  await second.stop();
});

test('a task log restored from a backup makes the figures anew: what it lost is not counted, and nothing twice (RULES §4)', async () => {
  const [user, lost] = [newId(), newId()];
  const worker = await stats.startWorker();
  stats.task.append(created({ ownerId: user }));
  const kept = stats.task.size();
  stats.task.append(created({ ownerId: user }), created({ ownerId: lost }));
  await eventually(async () => expect((await total([user, lost])).data._entities).toEqual([{ stats: { total: 2 } }, { stats: { total: 1 } }]));
  stats.task.restore(kept);
  stats.task.append(created({ ownerId: user }), created({ ownerId: user }));
  await eventually(async () => expect((await total([user, lost])).data?._entities).toEqual([{ stats: { total: 3 } }, { stats: { total: 0 } }]));
  await worker.stop();
});

test('a project log restored from a backup makes the copy of its memberships anew, and that of channels stays (RULES §4)', async () => {
  const [project, channel, user] = [newId(), newId(), newId()];
  const worker = await stats.startWorker();
  const database = await open();
  const placesOf = async () =>
    ((await database.query('select s.place_id as id from scope_members m join scopes s using (scope_id) where m.user_id = $1 order by s.kind', [user])) as { id: string }[]).map((row) => row.id);
  const kept = stats.project.size();
  stats.channel.append({ type: 'channel.created', aggregateId: channel, seq: 1, payload: { channelId: channel, name: 'C', ownerId: user, version: 1 } });
  stats.project.append({ type: 'project.created', aggregateId: project, seq: 1, payload: { projectId: project, key: 'P', name: 'P', status: 'ACTIVE', ownerId: user, version: 1 } });
  await eventually(async () => expect(await placesOf()).toEqual([channel, project]));
  stats.project.restore(kept);
  await eventually(async () => expect(await placesOf()).toEqual([channel]));
  await database.destroy();
  await worker.stop();
});

test('a worker process answers the probes and nothing else', async () => {
  const worker = await stats.startWorker();
  expect((await fetch(`${worker.url}/livez`)).status).toBe(200);
  expect(await (await fetch(`${worker.url}/readyz`)).json()).toEqual({ ready: true, missing: [] });
  expect((await fetch(`${worker.url}/graphql`, { method: 'POST' })).status).toBe(404);
  await worker.stop();
});

test('without the internal identity of this subgraph every route but the probes is 401', async () => {
  expect((await fetch(`${stats.url}/readyz`)).status).toBe(200);
  const elsewhere = await stats.identities.signer('gateway').tokenFor('task');
  const forged = await createIdentitySigner({ service: 'gateway', privateKey: stats.identities.privateKeys.task }).tokenFor('stats');
  for (const headers of [{}, { authorization: `Bearer ${elsewhere}` }, { authorization: `Bearer ${forged}` }]) {
    expect((await fetch(`${stats.url}/graphql`, { method: 'POST', headers })).status).toBe(401);
  }
});

test('without a viewer figures are UNAUTHENTICATED', async () => {
  const answer = await stats.query('query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { stats { total } } } }', { of: [{ __typename: 'User', id: newId() }] });
  expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});

test('an id that is no UUID is answered like one that does not exist', async () => {
  expect((await total(['nobody'])).data).toEqual({ _entities: [null] });
});

test('each figure reads ranges of an index alone, however many tasks there are', async () => {
  const database = await open();
  const [mine, others] = [newId(), newId()];
  const whose = 'case when i % 100 = 0 then $1::uuid else $2::uuid end';
  await database.query(
    `insert into due_tasks select 1, 'user', ${whose}, gen_random_uuid(), now() + make_interval(secs => i - 10000) from generate_series(1, 20000) i`, [mine, others]);
  await database.query(`insert into counters select 1, 'user', ${whose}, 'created', i, 1 from generate_series(1, 20000) i`, [mine, others]);
  await database.query(
    `insert into open_tasks select 1, ${whose}, gen_random_uuid(), 1 + i % 10, now() + make_interval(secs => i - 10000), now(), i % 1000 = 0 from generate_series(1, 20000) i`, [mine, others]);
  await database.query('vacuum analyze due_tasks, counters, open_tasks');
  const plan = async (sql: string) => ((await database.query(`explain (analyze, buffers off) ${sql}`)) as { 'QUERY PLAN': string }[]).map((line) => line['QUERY PLAN']).join('\n');
  const overdue = await plan(`select count(*) from due_tasks where generation = 1 and kind = 'user' and subject_id = '${mine}' and due_at < now()`);
  expect(overdue).toMatch(/Index Only Scan using due_tasks_due/);
  expect(overdue).toMatch(/rows=(99|100)\b/);
  const daily = await plan(`select sum(n) from counters where generation = 1 and kind = 'user' and subject_id = '${mine}' and figure = any('{created,completed}') and key >= 5000 and key < 6000`);
  expect(daily).toMatch(/Index (Only )?Scan using counters_pkey|Bitmap Index Scan on counters_pkey/);
  expect(daily).not.toMatch(/Seq Scan/);
  for (const [condition, order] of [['due_at is not null', 'due_at'], ['true', 'priority, updated_at desc'], ['true', 'updated_at desc'], ['blocks', 'updated_at desc']]) {
    const front = await plan(`select task_id from open_tasks where generation = 1 and user_id = '${mine}' and ${condition} order by ${order} limit 100`);
    expect(front).not.toMatch(/Seq Scan/);
  }
  await database.destroy();
});

const open = () => openDatabase({ url: stats.database.owner, poolSize: 2, applicationName: 'test', log: createLogger({ service: 'test', level: 'error' }) });
