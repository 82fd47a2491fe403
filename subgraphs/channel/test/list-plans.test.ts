// Lists stay cheap however much there is: each page is read from an index, no sort, no scan of what is not shown.
import { createTestDatabase, type TestDatabase } from '@taskgraph/shared/testing/postgres';
import { newId } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateDatabase } from '../src/database.js';
import { listActivities } from '../src/repositories/activity-repository.js';
import { listNotifications, type Wanted } from '../src/repositories/notification-repository.js';

let database: TestDatabase;
let client: pg.Client;
const [userId, otherId] = [newId(), newId()];
const projectIds = Array.from({ length: 20 }, newId);

beforeAll(async () => {
  database = await createTestDatabase('channel', migrateDatabase);
  client = new pg.Client(database.admin);
  await client.connect();
  await client.query('set search_path to channel');
  // A person with 10,000 notifications, a tenth unread, a tenth archived, and rare mentions; as many of somebody else.
  await client.query(
    `insert into notifications (id, user_id, kind, title, event_id, created_at, listed_at, read_at, archived_at, snoozed_until)
     select gen_random_uuid(), case when n % 2 = 0 then $1::uuid else $2::uuid end, case when n % 2000 < 2 then 'MENTIONED' else 'TASK_UPDATED' end, 'x', gen_random_uuid(), at, at,
       case when n % 20 < 18 then at end, case when n % 20 in (8, 9) then at end, case when n % 20 in (14, 15) then now() + interval '1 day' end
     from (select n, now() - n * interval '1 second' as at from generate_series(1, 20000) n) s`,
    [userId, otherId],
  );
  for (const projectId of projectIds) {
    await client.query(`insert into scopes (scope_id, kind, place_id, writable, version) values ($1, 'project', $2, true, 1)`, [scopeId('project', projectId), projectId]);
    await client.query(`insert into scope_members (scope_id, user_id, role, version) values ($1, $2, 'MEMBER', 1)`, [scopeId('project', projectId), userId]);
  }
  // 40 projects, of which the person belongs to half; in one of them 500 things were done to tasks in the trash.
  await client.query(
    `insert into activities (id, kind, project_id, summary, at, trashed)
     select gen_random_uuid(), 'TASK_CREATED', ($1::uuid[])[1 + n % 40], 'x', now() - n * interval '1 second', n % 40 = 0 from generate_series(1, 20000) n`,
    [[...projectIds, ...Array.from({ length: 20 }, newId)]],
  );
  await client.query('analyze notifications');
  await client.query('analyze activities');
}, 120_000);
afterAll(async () => {
  await client.end();
  await database.drop();
});

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/** What a repository's statement does when it is run: every node of its plan. */
async function planOf(run: (query: (sql: string, parameters: unknown[]) => Promise<unknown[]>) => Promise<unknown>): Promise<Plan[]> {
  const nodes: Plan[] = [];
  const collect = (plan: Plan): void => {
    nodes.push(plan);
    plan.Plans?.forEach(collect);
  };
  await run(async (sql, parameters) => {
    const { rows } = await client.query(`explain (analyze, format json) ${sql}`, parameters);
    collect(rows[0]['QUERY PLAN'][0].Plan);
    return [];
  });
  return nodes;
}

/** Rows that the statement touched in a table, those thrown away included. */
const touched = (nodes: Plan[], table: string) =>
  nodes.filter((node) => node['Relation Name'] === table).reduce((sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'], 0);
const scans = (nodes: Plan[]) => nodes.filter((node) => node['Node Type'] === 'Seq Scan' && (node['Relation Name'] === 'notifications' || node['Relation Name'] === 'activities'));

const filters: [string, Partial<Wanted>][] = [
  ['the inbox', {}], ['unread', { unread: true }], ['archived', { archived: true }], ['snoozed', { snoozed: true }], ['a rare kind', { kinds: ['MENTIONED'] }],
  ['three kinds', { kinds: ['MENTIONED', 'TASK_UPDATED', 'TASK_CREATED'] }],
];

test.each(filters)('a page of notifications is read from an index: %s', async (_what, filter) => {
  const wanted: Wanted = { userId, unread: null, kinds: null, snoozed: null, archived: null, ...filter };
  for (const after of [null, [new Date(Date.now() - 6_000_000).toISOString(), newId(), '1']]) {
    const nodes = await planOf((query) => listNotifications({ query } as never, wanted, { size: 20, after }));
    expect(scans(nodes)).toEqual([]);
    expect(touched(nodes, 'notifications')).toBeLessThanOrEqual(21 * (filter.kinds?.length ?? 1));
  }
});

test('a page of the feed takes at most a page from each place of the viewer\'s, whatever lies in the trash', async () => {
  for (const after of [null, [new Date(Date.now() - 6_000_000).toISOString(), newId()]]) {
    const nodes = await planOf((query) => listActivities({ query } as never, userId, { size: 20, after }));
    expect(scans(nodes)).toEqual([]);
    expect(touched(nodes, 'activities')).toBeLessThanOrEqual(21 * projectIds.length);
  }
});
