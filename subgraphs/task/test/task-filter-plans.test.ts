// What a list costs is read from what Postgres did for it: rows fetched, not time. Many tasks, most of them done and most of
// them in one project; the indexes must make a page cost a page.
import { newId } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import { createTestDatabase, type TestDatabase } from '@taskgraph/shared/testing/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { becomeViewer, migrateDatabase, type Rows } from '../src/database.js';
import { readFilter } from '../src/filter/read-filter.js';
import { positionOf, readSort } from '../src/filter/sort.js';
import type { TaskFilter, TaskSort } from '../src/generated/resolver-types.js';
import { countTasks, listTasks, type ListedTask, type ListOwners } from '../src/repositories/task-repository.js';

/** `npm run test:full` takes a million. */
const total = Number(process.env['PLAN_TASKS'] ?? 100_000);
const pageSize = 50;
const now = new Date('2026-11-20T09:00:00Z');
const viewerId = newId();
/** One large project, the rest of the tasks spread over small ones. */
const projects = Array.from({ length: 20 }, newId);
const scopes = projects.map((id) => scopeId('project', id));
const strangers = newId();

let database: TestDatabase;
let app: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase('task', migrateDatabase);
  const admin = new pg.Client({ connectionString: database.admin });
  await admin.connect();
  await admin.query('set search_path to task');
  await admin.query('insert into scope_members (scope_id, user_id, role, version) select s, $2, $3, 1 from unnest($1::uuid[]) s', [scopes, viewerId, 'MEMBER']);
  // The last project is none of the viewer's.
  await admin.query('delete from scope_members where scope_id = $1', [scopes.at(-1)]);
  await admin.query(
    `insert into tasks (id, scope_id, project_id, creator_id, title, title_key, status, priority, start_at, due_at, completed_at, created_at, updated_at, rank, assignee_ids, deleted_at, created_as, version, event_seq)
     select gen_random_uuid(), ($1::uuid[])[p], ($2::uuid[])[p], $3, 'task ' || i, 'task ' || i,
       case when i % 50 = 0 then 'IN_PROGRESS' when i % 10 = 1 then 'PENDING' when i % 17 = 3 then 'CANCELLED' else 'COMPLETED' end,
       1 + (i * 7) % 10, case when i % 4 = 0 then d - interval '3 days' end, case when i % 3 > 0 then d + interval '30 days' end, case when i % 5 > 2 then d + interval '1 day' end,
       d, d + make_interval(secs => (i::bigint * 7919) % 100000), md5(i::text), case when i % 20 = 1 then array[case when i % 160 = 1 then $4::uuid else $3 end] else '{}' end, case when i % 500 = 7 then d end, '', 1, 1
     from (select i, date_trunc('milliseconds', timestamptz '2026-11-20' - make_interval(secs => i * 300)) as d, case when i % 10 < 6 then 1 else 2 + i % 19 end as p from generate_series(1, $5::int) i) s`,
    [scopes, projects, strangers, viewerId, total],
  );
  await admin.query(`insert into task_assignees (task_id, user_id, scope_id, created_at, due_at, open) select t.id, a, t.scope_id, t.created_at, t.due_at, t.status in ('PENDING', 'IN_PROGRESS') from tasks t, unnest(t.assignee_ids) a`);
  await admin.query(
    `insert into task_search (task_id, document) select t.id, to_tsvector('simple', t.title || case when hashtext(t.id::text) % 1000 = 0 then ' needle' else ' hay' end || case when substr(t.title, 6)::int > $1 then ' ancient' else '' end) || array_to_tsvector(array['scope' || replace(t.scope_id::text, '-', '')]) from tasks t`,
    [total * 0.95],
  );
  await admin.query('analyze tasks');
  await admin.query('analyze task_assignees');
  await admin.query('analyze task_search');
  await admin.end();
  app = new pg.Client({ connectionString: database.app });
  await app.connect();
}, 60_000 + total * 2);
afterAll(async () => {
  await app?.end();
  await database?.drop();
});

interface Plan { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; 'Actual Rows': number; 'Actual Loops': number; 'Rows Removed by Filter'?: number; 'Rows Removed by Index Recheck'?: number; Plans?: Plan[] }

/** Rows fetched from tables and indexes, and every scan. */
function workOf(plan: Plan): { fetched: number; scans: string[] } {
  const inner = (plan.Plans ?? []).map(workOf);
  const scans = inner.flatMap((work) => work.scans);
  let fetched = inner.reduce((sum, work) => sum + work.fetched, 0);
  if (/Scan/.test(plan['Node Type']) && (plan['Relation Name'] || plan['Index Name'])) {
    fetched += (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0)) * plan['Actual Loops'];
    scans.push(`${plan['Node Type']} ${plan['Relation Name'] ?? ''} ${plan['Index Name'] ?? ''}`);
  }
  return { fetched, scans };
}

/** Runs the statements as the application role under row level security, and each once more under EXPLAIN. */
async function examine<T>(work: (rows: Rows) => Promise<T>): Promise<{ answer: T; fetched: number; scans: string[] }> {
  await app.query(`start transaction read only; ${becomeViewer(viewerId)}`);
  try {
    const plans: Plan[] = [];
    const answer = await work(async <R>(sql: string, parameters?: unknown[]) => {
      // What asks for an estimate runs nothing.
      if (sql.startsWith('explain')) return (await app.query(sql, parameters)).rows as R[];
      const explained = await app.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (analyze, format json, timing off) ${sql}`, parameters);
      plans.push(explained.rows[0]?.['QUERY PLAN'][0].Plan as Plan);
      return (await app.query(sql, parameters)).rows as R[];
    });
    const works = plans.map(workOf);
    return { answer, fetched: works.reduce((sum, { fetched }) => sum + fetched, 0), scans: works.flatMap(({ scans }) => scans) };
  } finally {
    await app.query('rollback');
  }
}

interface Ask { filter?: TaskFilter; sort?: TaskSort[] }
const list = (owners: ListOwners, { filter, sort }: Ask, after: ListedTask | null = null, backward = false) =>
  examine((rows) => {
    const keys = readSort(sort);
    const place = after && positionOf(keys, after);
    return listTasks(rows, owners, { condition: readFilter(filter), sort: keys, now, page: { size: pageSize, backward, after: backward ? null : place, before: backward ? place : null } });
  });

const large: ListOwners = { kind: 'scopes', scopes: scopes.slice(0, 1), viewerId };
const everything: ListOwners = { kind: 'visible', viewerId };
const person: ListOwners = { kind: 'people', users: [viewerId], viewerId };
const open = { status: { in: ['PENDING' as const, 'IN_PROGRESS' as const] } };

async function somewhere(ask: Ask): Promise<ListedTask> {
  const { answer } = await examine((rows) =>
    listTasks(rows, large, { condition: readFilter(ask.filter), sort: readSort(ask.sort), now, page: { size: 1_000, backward: false, after: null, before: null } }));
  return answer.at(-1) as ListedTask;
}

const screens: [string, Ask][] = [
  ['newest first', {}],
  ['by priority', { sort: [{ field: 'PRIORITY' }] }],
  ['by priority, least first', { sort: [{ field: 'PRIORITY', direction: 'DESC' }] }],
  ['by due date', { sort: [{ field: 'DUE_AT' }] }],
  ['by due date, latest first', { sort: [{ field: 'DUE_AT', direction: 'DESC' }] }],
  ['by start', { sort: [{ field: 'START_AT' }] }],
  ['by completion, latest first', { sort: [{ field: 'COMPLETED_AT', direction: 'DESC' }] }],
  ['oldest first', { sort: [{ field: 'CREATED_AT' }] }],
  ['last changed first', { sort: [{ field: 'UPDATED_AT', direction: 'DESC' }] }],
  ['by status', { sort: [{ field: 'STATUS' }] }],
  ['by status, last first', { sort: [{ field: 'STATUS', direction: 'DESC' }] }],
  ['by title', { sort: [{ field: 'TITLE' }] }],
  ['in manual order', { sort: [{ field: 'RANK' }] }],
  ['what is open, newest first', { filter: open }],
  ['what is open, by due date', { filter: open, sort: [{ field: 'DUE_AT' }] }],
  ['what is open, by priority', { filter: { status: { notIn: ['COMPLETED', 'CANCELLED'] } }, sort: [{ field: 'PRIORITY' }] }],
  ['a column of the board', { filter: { status: { eq: 'IN_PROGRESS' } }, sort: [{ field: 'RANK' }] }],
];

describe(`lists over ${total} tasks`, () => {
  test.each(screens)('one project, %s: a page costs a page, wherever it lies and in both directions', async (_name, ask) => {
    const place = await somewhere(ask);
    for (const [after, backward] of [[null, false], [null, true], [place, false], [place, true]] as const) {
      const { answer, fetched, scans } = await list(large, ask, after, backward);
      expect(answer.length).toBe(pageSize + 1);
      // A range of keys that the page does not reach any more costs at most its own page.
      expect({ fetched, scans, after: after !== null, backward }).toMatchObject({ fetched: expect.toSatisfy((rows: number) => rows < pageSize * 6) });
      expect(scans.filter((scan) => /Seq Scan tasks/.test(scan))).toEqual([]);
    }
  });

  test.each(screens)('over all scopes, %s: cost follows the number of scopes', async (_name, ask) => {
    const { answer, fetched, scans } = await list(everything, ask);
    expect(answer.length).toBe(pageSize + 1);
    expect({ fetched, scans }).toMatchObject({ fetched: expect.toSatisfy((rows: number) => rows < pageSize * 4 * scopes.length) });
  });

  test.each<[string, Ask, number]>([
    ['newest first', {}, pageSize * 8],
    ['by due date', { sort: [{ field: 'DUE_AT' }] }, pageSize * 8],
    ['what is open, by due date', { filter: open, sort: [{ field: 'DUE_AT' }] }, pageSize * 8],
    ['what is open, newest first', { filter: open }, pageSize * 8],
  ])('one person, %s: a page costs a page', async (_name, ask, most) => {
    const { answer, fetched, scans } = await list(person, ask);
    expect(answer.length).toBe(pageSize + 1);
    expect({ fetched, scans }).toMatchObject({ fetched: expect.toSatisfy((rows: number) => rows < most) });
  });

  test.each<[string, ListOwners, Ask]>([
    ['over all scopes', everything, { filter: { text: 'needle' }, sort: [{ field: 'DUE_AT' }] }],
    ['in one project', large, { filter: { text: 'needle' } }],
  ])('search %s looks at what matches, through the index', async (_name, owners, ask) => {
    const { answer, fetched, scans } = await list(owners, ask);
    expect(answer.length).toBeGreaterThan(20);
    expect(scans).toContainEqual(expect.stringContaining('task_search_document'));
    expect({ fetched, scans }).toMatchObject({ fetched: expect.toSatisfy((rows: number) => rows < total / 100) });
  });

  test.each<[string, ListOwners, Ask]>([
    ['over all scopes', everything, {}],
    ['over all scopes, by due date', everything, { sort: [{ field: 'DUE_AT' }] }],
    ['in one project, last changed first', large, { sort: [{ field: 'UPDATED_AT', direction: 'DESC' }] }],
    ['in one project, what is open', large, { filter: open }],
  ])('a word that nearly every task holds costs a page, not its matches: %s', async (_name, owners, ask) => {
    const place = await somewhere(ask);
    for (const after of [null, place]) {
      const { answer, fetched, scans } = await list(owners, { ...ask, filter: { ...ask.filter, text: 'hay' } }, after);
      expect(answer.length).toBe(pageSize + 1);
      const plain = (await list(owners, ask, after)).answer.map((task) => task.id);
      // One in a thousand does not hold it.
      expect(answer.filter((task) => plain.includes(task.id)).length).toBeGreaterThan(pageSize - 3);
      expect({ fetched, scans }).toMatchObject({ fetched: expect.toSatisfy((rows: number) => rows < pageSize * 6 * scopes.length) });
    }
  });

  test('a word that only old tasks hold is found behind all newer ones, and costs no more than they do', async () => {
    const { answer, fetched } = await list(large, { filter: { text: 'ancient' } });
    const { answer: oldest } = await list(large, { sort: [{ field: 'CREATED_AT' }] }, null);
    expect(answer.length).toBe(pageSize + 1);
    expect(answer.every((task) => Number(task.title.slice(5)) > total * 0.95)).toBe(true);
    const times = answer.map((task) => task.createdAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(fetched).toBeLessThan(total * 2);
    // From the other end it is the first page.
    const found = await list(large, { filter: { text: 'ancient' }, sort: [{ field: 'CREATED_AT' }] });
    expect(found.answer.map((task) => task.id)).toEqual(oldest.map((task) => task.id));
  });

  test('what is assigned to me, one task and the tasks of one project are found without looking through all scopes', async () => {
    const mine = await list(everything, { filter: { ...open, assigneeId: { eq: viewerId } }, sort: [{ field: 'DUE_AT' }] });
    expect(mine.answer.length).toBe(pageSize + 1);
    // As many as are assigned to the viewer, a few times over.
    expect(mine).toMatchObject({ fetched: expect.toSatisfy((rows: number) => rows < (total / 160) * 5) });
    const [first] = mine.answer;
    const single = await list(everything, { filter: { id: { eq: first?.id ?? '' } } });
    expect(single.answer).toHaveLength(1);
    expect(single).toMatchObject({ fetched: expect.toSatisfy((rows: number) => rows < 200) });
    const small = await list(everything, { filter: { projectId: { eq: projects[3] ?? '' } }, sort: [{ field: 'PRIORITY' }] });
    expect(small.answer.every((task) => task.projectId === projects[3])).toBe(true);
    expect(small).toMatchObject({ fetched: expect.toSatisfy((rows: number) => rows < 300) });
  });

  test('nothing of a project that is not the viewer\'s is in a list or a count', async () => {
    const { answer } = await list({ kind: 'scopes', scopes: scopes.slice(-1), viewerId }, {});
    expect(answer).toEqual([]);
    const { answer: counts } = await examine((rows) => countTasks(rows, everything, { condition: readFilter({ projectId: { eq: projects.at(-1) ?? '' } }), sort: readSort(null), now }));
    expect(counts.every(({ count }) => count === 0)).toBe(true);
  });
});
