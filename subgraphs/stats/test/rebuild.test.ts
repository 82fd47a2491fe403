// The figures are made anew from the start of the task log while those of before are served.
import { openDatabase } from '@taskgraph/shared/database';
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builderOf } from '../src/feeds.js';
import { findGenerations, requestRebuild } from '../src/repositories/generation-repository.js';
import { startStats, type Harness } from './harness.js';
import { created, someTask } from './tasks.js';

let stats: Harness;
let owner: DataSource;
let worker: DataSource;
let running: { stop: () => Promise<void> };
beforeAll(async () => {
  stats = await startStats({ worker: false });
  const open = (url: string) => openDatabase({ url, poolSize: 2, applicationName: 'test', log: createLogger({ service: 'test', level: 'error' }) });
  [owner, worker] = await Promise.all([open(stats.database.owner), open(stats.database.worker)]);
  running = await stats.startWorker();
});
afterAll(async () => {
  await running?.stop();
  await Promise.all([owner?.destroy(), worker?.destroy()]);
  await stats?.stop();
});

const total = async (id: string) =>
  (await stats.query('query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { stats { total } } } }', { of: [{ __typename: 'User', id }] }, someViewer('ADMIN'))).data._entities[0].stats?.total;
const ended = (than: number) =>
  eventually(async () => {
    const { serving, building } = await findGenerations(owner);
    return building === null && serving !== than ? serving : null;
  });

/** Asks for a rebuild of which nobody may do anything until `release` is called. */
async function held(): Promise<{ building: number; release: () => Promise<void> }> {
  const { serving } = await findGenerations(owner);
  const building = serving + 1;
  await owner.query('alter table generations alter column generation restart with ' + building);
  await owner.query(`insert into positions (consumer, source, place, lease_owner, lease_until) values ($1, 'task', '', $2, 'infinity')`, [builderOf(building), newId()]);
  await requestRebuild(worker);
  expect(await findGenerations(owner)).toEqual({ serving, building });
  return { building, release: () => owner.query(`update positions set lease_until = '-infinity' where consumer = $1`, [builderOf(building)]) };
}

test('figures that went wrong are right after a rebuild, and what was served before is emptied', async () => {
  const user = newId();
  stats.task.append(created({ ownerId: user }), created({ ownerId: user }));
  await eventually(async () => expect(await total(user)).toBe(2));
  await owner.query('update counters set n = n + 5 where subject_id = $1', [user]);
  expect(await total(user)).toBe(7);
  const { serving } = await findGenerations(owner);
  await requestRebuild(worker);
  await ended(serving);
  expect(await total(user)).toBe(2);
  await eventually(async () => {
    const left = await owner.query('select generation from generations union select generation from counters union select generation from task_facts union select generation from open_tasks');
    expect(left).toHaveLength(1);
  });
});

test('until it is as far as those of before, those are served and kept up to date; a worker that dies on the way costs nothing', async () => {
  const user = newId();
  // More than a page.
  stats.task.append(...Array.from({ length: 300 }, () => created({ ownerId: user })));
  await eventually(async () => expect(await total(user)).toBe(300));
  const { serving } = await findGenerations(owner);
  const { release } = await held();
  stats.task.append(created({ ownerId: user }));
  await eventually(async () => expect(await total(user)).toBe(301));
  await release();
  await running.stop();
  expect(await total(user)).toBe(301);
  running = await stats.startWorker();
  // Whoever looks meanwhile sees neither a part nor nothing.
  const seen = new Set<number>();
  await eventually(async () => {
    seen.add(await total(user));
    const now = await findGenerations(owner);
    return now.building === null && now.serving !== serving;
  });
  expect([...seen, await total(user)]).toEqual([301, 301]);
  stats.task.append(created({ ownerId: user }));
  await eventually(async () => expect(await total(user)).toBe(302));
});

test('asked for twice it is done once; a restored task log makes it begin again (RULES §4)', async () => {
  const [user, lost] = [newId(), newId()];
  stats.task.append(created({ ownerId: user }));
  const kept = stats.task.size();
  stats.task.append(created({ ownerId: lost }));
  await eventually(async () => expect(await total(lost)).toBe(1));
  const { building, release } = await held();
  await requestRebuild(worker);
  expect((await findGenerations(owner)).building).toBe(building);
  // It had begun with the log of before.
  await owner.query('update positions set epoch = $2 where consumer = $1', [builderOf(building), stats.task.epoch()]);
  const { serving } = await findGenerations(owner);
  stats.task.restore(kept);
  stats.task.append(created({ ownerId: user }));
  await release();
  await eventually(async () => expect((await findGenerations(owner)).building).toBeNull());
  await ended(serving);
  await eventually(async () => expect([await total(user), await total(lost)]).toEqual([2, 0]));
  expect((await findGenerations(owner)).serving).not.toBe(building);
});

test('an event that cannot be read is left out and parked, once, as by the follower', async () => {
  const user = newId();
  const broken = someTask({ ownerId: user }).event('task.created');
  stats.task.append(created({ ownerId: user }), { ...broken, payload: { taskId: broken.aggregateId } }, created({ ownerId: user }));
  // Twice: the follower, which tries the event for half a minute, is overtaken the first time.
  for (const _ of [1, 2]) {
    const { serving } = await findGenerations(owner);
    await requestRebuild(worker);
    await ended(serving);
    expect(await total(user)).toBe(2);
    expect(await owner.query('select queue, name from dead_letters')).toEqual([{ queue: 'figures<task', name: 'task.created' }]);
  }
});
