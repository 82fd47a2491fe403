import { createAccess } from '@taskgraph/shared/access/access';
import { scopeId } from '@taskgraph/shared/scope';
import { openDatabase } from '@taskgraph/shared/database';
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import { createPeer } from '@taskgraph/shared/peer';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createContext } from '../src/context.js';
import { consumer, sources } from '../src/feeds.js';
import { figuresForMember, figuresOf } from '../src/resolvers/subject.js';
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

test('a page of fifty subjects costs one statement per kind for figures and one per kind for access, whatever the page size', async () => {
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
  await Promise.all(ids.flatMap((id) => [figuresForMember(context, 'project', id), figuresForMember(context, 'channel', id), figuresOf(context, 'user', id)]));
  const about = (table: string) => statements.filter((sql) => sql.includes(table)).length;
  expect(about('from counters')).toBe(3);
  expect(about('scope_members')).toBe(2);
  // What is left is the state of the two feeds.
  expect(statements).toHaveLength(7);
  expect(stats.project.asked + stats.channel.asked).toBe(0);
  await Promise.all([database.destroy(), peers.project.close(), peers.channel.close()]);
});
