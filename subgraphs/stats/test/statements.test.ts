import { createAccess } from '@taskgraph/shared/access/access';
import { scopeId } from '@taskgraph/shared/scope';
import { openDatabase } from '@taskgraph/shared/database';
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import { createPeer } from '@taskgraph/shared/peer';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createContext, type Context } from '../src/context.js';
import { consumer, sources } from '../src/feeds.js';
import type { Figures } from '../src/figures.js';
import { ChannelStats } from '../src/resolvers/channel-stats.js';
import { ProjectStats } from '../src/resolvers/project-stats.js';
import { figuresForMember, figuresOf } from '../src/resolvers/subject.js';
import { User } from '../src/resolvers/user.js';
import { UserStats } from '../src/resolvers/user-stats.js';
import { startStats, type Harness } from './harness.js';

let stats: Harness;
beforeAll(async () => void (stats = await startStats({ worker: false })));
afterAll(() => stats.stop());

const log = createLogger({ service: 'test', level: 'error' });

/** A data source of the application role that keeps the text of each statement. */
async function openCounted() {
  const database = await openDatabase({ url: stats.database.app, poolSize: 2, applicationName: 'test', log });
  const statements: string[] = [];
  const createQueryRunner = database.createQueryRunner.bind(database);
  // The one place through which every statement of a data source goes.
  database.createQueryRunner = (mode) => {
    const runner = createQueryRunner(mode);
    const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<never>;
    runner.query = (...args: unknown[]) => {
      statements.push(String(args[0]));
      return query(...args);
    };
    return runner;
  };
  return { database, statements };
}

test('a page of fifty subjects costs one statement per kind for each figure and one per kind for access, whatever the page size', async () => {
  const viewer = someViewer();
  const ids = Array.from({ length: 50 }, newId);
  const owner = await openDatabase({ url: stats.database.owner, poolSize: 1, applicationName: 'test', log });
  await owner.query(`insert into positions (consumer, source, place, as_of) select $1, s, '', now() from unnest($2::text[]) s`, [consumer, sources]);
  for (const kind of ['project', 'channel'] as const) {
    await owner.query(`insert into scope_members select s, $1, 'MEMBER', 1 from unnest($2::uuid[]) s`, [viewer.id, ids.map((id) => scopeId(kind, id))]);
  }
  await owner.destroy();

  const { database, statements } = await openCounted();
  const peers = { project: createPeer({ name: 'project', url: stats.project.url, signer: stats.identities.signer('stats') }), channel: createPeer({ name: 'channel', url: stats.channel.url, signer: stats.identities.signer('stats') }) };
  const context = createContext({ database, access: createAccess({ database, consumer, peers }) })({ viewer, requestId: 'test', idempotencyKey: null, log });
  const found = await Promise.all(ids.map(async (id) => ({ project: await figuresForMember(context, 'project', id), channel: await figuresForMember(context, 'channel', id), user: await figuresOf(context, 'user', id) })));
  const about = (text: string) => statements.filter((sql) => sql.includes(text)).length;
  expect(about('from counters')).toBe(3);
  expect(about('scope_members')).toBe(2);
  // What is left is the state of the two feeds.
  expect(statements).toHaveLength(7);
  expect(stats.project.asked + stats.channel.asked).toBe(0);

  statements.length = 0;
  const days = { from: '2026-01-01', to: '2026-12-31' };
  const call = (resolvers: object, field: string, figures: Figures | null, args: object = {}) =>
    ((resolvers as Record<string, (figures: Figures, args: object, context: Context) => unknown>)[field] as (figures: Figures, args: object, context: Context) => unknown)(figures as Figures, args, context);
  await Promise.all(found.flatMap(({ project, channel, user }) => [
    call(ProjectStats, 'daily', project, days), call(ProjectStats, 'burndown', project, days), call(ProjectStats, 'cycleTime', project), call(ProjectStats, 'leadTime', project),
    call(ProjectStats, 'workload', project), call(ChannelStats, 'topContributors', channel, { first: 10 }), call(UserStats, 'daily', user, days),
  ]));
  // Days of projects and of people, burndown, both durations together, workload, contributors, and the viewer's time zone.
  expect(statements).toHaveLength(7);
  expect(about('from people')).toBe(1);
  await Promise.all([database.destroy(), peers.project.close(), peers.channel.close()]);
});

test('recommendations are one statement for the tasks and one per kind of place for access', async () => {
  const viewer = someViewer();
  const { database, statements } = await openCounted();
  const owner = await openDatabase({ url: stats.database.owner, poolSize: 1, applicationName: 'test', log });
  const places = Array.from({ length: 20 }, newId);
  for (const id of places) {
    const task = newId();
    await owner.query(`insert into open_tasks select generation, $1, $2, 5, null, now(), false from generations where state = 'serving'`, [viewer.id, task]);
    await owner.query(
      `insert into task_facts select generation, $1, 1, $2, null, null, array[$3::uuid], 'PENDING', 5, null, false, false, now(), now(), null, null, 0, null, null, '{}', 0 from generations where state = 'serving'`,
      [task, id, viewer.id],
    );
  }
  await owner.query(`insert into scope_members select s, $1, 'MEMBER', 1 from unnest($2::uuid[]) s`, [viewer.id, places.map((id) => scopeId('project', id))]);
  await owner.destroy();
  const peers = { project: createPeer({ name: 'project', url: stats.project.url, signer: stats.identities.signer('stats') }), channel: createPeer({ name: 'channel', url: stats.channel.url, signer: stats.identities.signer('stats') }) };
  const context = createContext({ database, access: createAccess({ database, consumer, peers }) })({ viewer, requestId: 'test', idempotencyKey: null, log });
  const resolve = User.recommendedTasks as unknown as (user: { id: string }, args: object, context: Context) => Promise<unknown[]>;
  expect(await resolve({ id: viewer.id }, { first: 50 }, context)).toHaveLength(20);
  // The third is the state of the feed.
  expect(statements).toHaveLength(3);
  await Promise.all([database.destroy(), peers.project.close(), peers.channel.close()]);
});
