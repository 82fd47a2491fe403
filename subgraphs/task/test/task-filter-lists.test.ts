// The four `tasks` fields: filters, sorts and pages in both directions.
import { newId } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import fc from 'fast-check';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTask, startTask, updateTask, type Harness } from './harness.js';

let task: Harness;
let admin: pg.Client;
const statements: string[] = [];
const collect = ({ sql }: { sql?: string }) => sql && /\b(tasks|scope_members) /.test(sql) && statements.push(sql);
const log = pino({ level: 'trace' }, { write: (line: string) => void collect(JSON.parse(line) as { sql?: string }) });

beforeAll(async () => {
  task = await startTask(log);
  admin = new pg.Client({ connectionString: task.database.admin });
  await admin.connect();
  await admin.query('set search_path to task');
});
afterAll(async () => {
  await admin?.end();
  await task?.stop();
});

const page = `totalCount nodes { id title } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
const args = '(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before)';
const head = 'query ($filter: TaskFilter, $sort: [TaskSort!], $first: Int, $after: String, $last: Int, $before: String';
const everything = `${head}) { tasks${args} { ${page} } }`;
const entities = `${head}, $r: [_Any!]!) { _entities(representations: $r) { ... on Project { tasks${args} { ${page} } } ... on Channel { tasks${args} { ${page} } } ... on User { tasks${args} { ${page} } } } }`;

interface Page { totalCount: number; nodes: { id: string; title: string }[]; edges: { cursor: string }[]; pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null } }
type Lister = (variables: object) => Promise<Page>;

const fields = ['PRIORITY', 'DUE_AT', 'START_AT', 'CREATED_AT', 'UPDATED_AT', 'COMPLETED_AT', 'TITLE', 'STATUS', 'RANK'] as const;
const statuses = ['PENDING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED'];
interface Made extends Record<(typeof fields)[number], string | number | null> { id: string }

/** A task with few possible values, so that many are equal in some keys. */
async function insert(scope: { projectId?: string; ownerId?: string }, index: number, assigneeIds: string[] = []): Promise<Made> {
  const pick = <T>(values: readonly T[], salt: number) => values[Math.floor(Math.abs(Math.sin(index * 7.13 + salt * 3.7)) * 1e6) % values.length] as T;
  const day = (number: number) => new Date(Date.UTC(2026, 10, number)).toISOString();
  const dates = [null, null, day(1), day(2), day(3)];
  const made: Made = {
    id: newId(), PRIORITY: pick([1, 5, 10], 1), DUE_AT: pick(dates, 2), START_AT: pick(dates, 3), CREATED_AT: pick([day(1), day(2), day(3)], 4), UPDATED_AT: pick([day(1), day(2)], 5),
    COMPLETED_AT: pick(dates, 6), TITLE: pick(['alpha', 'beta', 'Zulu', 'ämter'], 7).toLowerCase(), STATUS: pick([1, 2, 3, 4], 8), RANK: pick(['a', 'Z', 'm'], 9),
  };
  const id = scope.projectId ? scopeId('project', scope.projectId) : scopeId('user', scope.ownerId as string);
  await admin.query(
    `insert into tasks (id, scope_id, project_id, owner_id, creator_id, title, title_key, status, priority, start_at, due_at, completed_at, created_at, updated_at, rank, assignee_ids, created_as, version, event_seq)
     values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '', 1, 1)`,
    [made.id, id, scope.projectId ?? null, scope.ownerId ?? null, newId(), made.TITLE, statuses[(made.STATUS as number) - 1], made.PRIORITY, made.START_AT, made.DUE_AT, made.COMPLETED_AT, made.CREATED_AT, made.UPDATED_AT, made.RANK, assigneeIds],
  );
  await admin.query('insert into task_assignees (task_id, user_id, scope_id, created_at, due_at, open) select $1, u, $3, $4, $5, $6 from unnest($2::uuid[]) u', [made.id, assigneeIds, id, made.CREATED_AT, made.DUE_AT, (made.STATUS as number) < 3]);
  return made;
}

type SortInput = { field: (typeof fields)[number]; direction?: 'ASC' | 'DESC' }[];

/** Nulls last whatever the direction, then by id. Strings by code unit, which is bytes for these. */
function inOrder(rows: Made[], sort: SortInput): string[] {
  return rows
    .toSorted((a, b) => {
      for (const { field, direction } of sort) {
        const [x, y] = [a[field], b[field]];
        if (x === y) continue;
        if (x === null) return 1;
        if (y === null) return -1;
        return (x < y ? -1 : 1) * (direction === 'DESC' ? -1 : 1);
      }
      return a.id < b.id ? -1 : 1;
    })
    .map((row) => row.id);
}

const sorts = fc.uniqueArray(fc.record({ field: fc.constantFrom(...fields), direction: fc.constantFrom('ASC', 'DESC') }), { selector: (key) => key.field, minLength: 1, maxLength: 3 }) as fc.Arbitrary<SortInput>;

async function walk(list: Lister, sort: SortInput, size: number, backward: boolean): Promise<string[]> {
  const seen: string[] = [];
  for (let place: string | null = null, more = true; more; ) {
    const { nodes, pageInfo }: Page = await list({ sort, ...(backward ? { last: size, before: place } : { first: size, after: place }) });
    const ids = nodes.map((node) => node.id);
    if (backward) seen.unshift(...ids);
    else seen.push(...ids);
    expect(backward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage).toBe(place !== null);
    place = backward ? pageInfo.startCursor : pageInfo.endCursor;
    more = backward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
  }
  return seen;
}

describe('sorting by several keys', () => {
  const [ada, bob] = [someViewer(), someViewer()];
  const rows: Made[] = [];
  const ofBob: Made[] = [];
  let projects: string[];
  beforeAll(async () => {
    projects = [task.addProject(ada, 'SA'), task.addProject(ada, 'SB')];
    for (const projectId of projects) task.addMember('project', projectId, bob, 'MEMBER');
    for (let index = 0; index < 45; index += 1) {
      const assigned = index % 3 === 0;
      const made = await insert({ projectId: projects[index % 2] as string }, index, assigned ? [bob.id] : []);
      rows.push(made);
      if (assigned) ofBob.push(made);
    }
    for (let index = 45; index < 60; index += 1) ofBob.push(await insert({ ownerId: bob.id }, index, index % 2 ? [bob.id] : []));
    await eventually(async () => expect((await task.ok(everything, {}, bob)).tasks.totalCount).toBe(60));
  });

  const lists: [string, () => Made[], Lister][] = [
    ['over all scopes', () => [...rows, ...ofBob.slice(15)], async (variables) => (await task.ok(everything, variables, bob)).tasks],
    ['of a project', () => rows.filter((_, index) => index % 2 === 0), async (variables) => (await task.ok(entities, { ...variables, r: [{ __typename: 'Project', id: projects[0] }] }, ada))._entities[0].tasks],
    ['of a person', () => ofBob, async (variables) => (await task.ok(entities, { ...variables, r: [{ __typename: 'User', id: bob.id }] }, bob))._entities[0].tasks],
  ];

  // Holds for all of them, and is too large to be repeated for each range of keys.
  const large = { or: [{ priority: { gte: 1 } }, ...Array.from({ length: 98 }, () => ({ priority: { gt: 10 } }))] };

  test.each(lists)('the list %s comes with nulls last and ties by id, in pages of any size in both directions', async (_name, expected, list) => {
    await fc.assert(
      fc.asyncProperty(sorts, fc.integer({ min: 2, max: 50 }), fc.boolean(), fc.constantFrom(null, large), async (sort, size, backward, filter) => {
        expect(await walk((variables) => list({ filter, ...variables }), sort, size, backward)).toEqual(inOrder(expected(), sort));
      }),
      { numRuns: 30 },
    );
  }, 120_000);

  test('each field sorts both ways alone', async () => {
    for (const field of fields) {
      for (const direction of ['ASC', 'DESC'] as const) {
        for (const backward of [false, true]) expect(await walk((lists[1] as (typeof lists)[number])[2], [{ field, direction }], 9, backward)).toEqual(inOrder(rows.filter((_, index) => index % 2 === 0), [{ field, direction }]));
      }
    }
  });

  test('between two cursors lie the rows between them, from either end', async () => {
    const [, , list] = lists[0] as (typeof lists)[number];
    const sort: SortInput = [{ field: 'DUE_AT', direction: 'DESC' }, { field: 'PRIORITY' }];
    const whole = await list({ sort });
    const [after, before] = [whole.edges[9]?.cursor, whole.edges[50]?.cursor];
    const ids = whole.nodes.map((node) => node.id);
    expect((await list({ sort, after, before, first: 30 })).nodes.map((node) => node.id)).toEqual(ids.slice(10, 40));
    expect((await list({ sort, after, before, last: 30 })).nodes.map((node) => node.id)).toEqual(ids.slice(20, 50));
    expect((await list({ sort, after, before })).nodes.map((node) => node.id)).toEqual(ids.slice(10, 50));
  });

  test('direction is ascending by default, a field that comes again decides nothing', async () => {
    const [, expected, list] = lists[0] as (typeof lists)[number];
    expect((await list({ sort: [{ field: 'TITLE' }, { field: 'TITLE', direction: 'DESC' }] })).nodes.map((node) => node.id)).toEqual(inOrder(expected(), [{ field: 'TITLE' }]));
  });

  test('pages of five people are one statement, and so are those of five projects with a filter', async () => {
    const count = async (type: string, ids: string[]) => {
      statements.length = 0;
      await task.ok(entities, { r: ids.map((id) => ({ __typename: type, id })), filter: { priority: { lte: 5 } }, sort: [{ field: 'DUE_AT' }], first: 5 }, ada);
      // Those of lists; jobs of the worker look at tasks too.
      return statements.filter((sql) => / as owner, /.test(sql)).length;
    };
    const people = [ada, bob, someViewer(), someViewer(), someViewer()].map((viewer) => viewer.id);
    // One for the pages, one for the counts.
    for (const ids of [people.slice(0, 1), people]) expect(await count('User', ids)).toBe(2);
    for (const ids of [projects.slice(0, 1), projects]) expect(await count('Project', ids)).toBe(2);
  });
});

describe('paging while rows come and go', () => {
  test.each([[false], [true]])('whoever stays is seen exactly once (backward: %s)', async (backward) => {
    const ada = someViewer();
    const projectId = task.addProject(ada, backward ? 'PCB' : 'PCF');
    const staying: Made[] = [];
    const leaving: Made[] = [];
    for (let index = 0; index < 60; index += 1) (index % 4 === 3 ? leaving : staying).push(await insert({ projectId }, index));
    const list: Lister = async (variables) => {
      const answer = (await task.ok(entities, { ...variables, r: [{ __typename: 'Project', id: projectId }] }, ada))._entities[0].tasks as Page;
      // The next page finds another list than this one.
      const gone = leaving.pop();
      if (gone) await admin.query('delete from tasks where id = $1', [gone.id]);
      for (let extra = 0; extra < 3; extra += 1) await insert({ projectId }, 1_000 + leaving.length * 3 + extra);
      return answer;
    };
    const sort: SortInput = [{ field: 'DUE_AT', direction: 'DESC' }, { field: 'TITLE' }];
    const seen = await walk(async (variables) => list(variables), sort, 6, backward);
    const ids = new Set(staying.map((row) => row.id));
    expect(seen.filter((id) => ids.has(id))).toEqual(inOrder(staying, sort));
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('arguments that make no page are BAD_USER_INPUT', () => {
  test.each([
    [{ first: 1, last: 1 }, 'last'], [{ last: 0 }, 'last'], [{ last: 1_001 }, 'last'], [{ first: -1 }, 'first'], [{ after: 'forged' }, 'after'], [{ before: 'bm90IGEgY3Vyc29yIGF0IGFsbA' }, 'before'],
    [{ sort: Array.from({ length: 10 }, () => ({ field: 'TITLE' })) }, 'sort'], [{ filter: { title: { contains: 'a\u0000' } } }, 'filter.title.contains'],
  ])('%j', async (variables, path) => {
    expect(await task.refused(everything, variables, someViewer())).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  });

  test('a cursor of another sort', async () => {
    const ada = someViewer();
    await task.ok(createTask, { input: { title: 'one' } }, ada);
    const after = (await task.ok(everything, { sort: [{ field: 'TITLE' }] }, ada)).tasks.pageInfo.endCursor;
    for (const sort of [null, [{ field: 'TITLE', direction: 'DESC' }], [{ field: 'RANK' }], [{ field: 'TITLE' }, { field: 'RANK' }]]) {
      expect(await task.refused(everything, { sort, after }, ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] });
    }
    expect((await task.ok(everything, { sort: [{ field: 'TITLE', direction: 'ASC' }], after }, ada)).tasks.nodes).toEqual([]);
  });

  test('a duration that is none', async () => {
    expect(await task.refused(everything, { filter: { dueAt: { within: '7 days' } } }, someViewer())).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('filters in lists', () => {
  test('nested conditions, by nested edges too; totalCount counts what matches', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'NES');
    for (const [title, priority, dueAt] of [['Pay rent', 1, '2030-01-01T00:00:00Z'], ['pay taxes', 2, null], ['Sleep', 1, null], ['Pay nobody', 9, null]] as const) {
      await task.ok(createTask, { input: { title, priority, dueAt, projectId } }, ada);
    }
    const filter = { title: { startsWith: 'PAY' }, or: [{ priority: { lte: 2 } }, { dueAt: { isNull: false } }], not: { title: { contains: 'TAXES' } } };
    const project = (await task.ok(entities, { filter, r: [{ __typename: 'Project', id: projectId }] }, ada))._entities[0].tasks;
    expect(project).toMatchObject({ totalCount: 1, nodes: [{ title: 'Pay rent' }] });
    await eventually(async () => expect((await task.ok(everything, { filter: { and: [filter, { projectId: { eq: projectId } }] } }, ada)).tasks).toMatchObject({ totalCount: 1, nodes: [{ title: 'Pay rent' }] }));
    expect((await task.ok(everything, { filter: { personal: true } }, ada)).tasks).toMatchObject({ totalCount: 0 });
  });

  test('full-text search finds words of title and description at once, in one\'s own scopes only', async () => {
    const [ada, eve] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'FTS');
    const { createTask: made } = await task.ok(createTask, { input: { title: 'Zebra crossing', description: 'white **stripes**', projectId } }, ada);
    await task.ok(createTask, { input: { title: 'Zebra of eve' } }, eve);
    await task.ok(createTask, { input: { title: 'Zebra of ada' } }, ada);
    const found = async (text: string, viewer = ada, more: object = {}) => (await task.ok(everything, { filter: { text, ...more }, sort: [{ field: 'TITLE' }] }, viewer)).tasks.nodes.map((node: { title: string }) => node.title);
    await eventually(async () => expect(await found('ZEBRA')).toEqual(['Zebra crossing', 'Zebra of ada']));
    expect(await found('zebra stripes')).toEqual(['Zebra crossing']);
    expect(await found('"crossing zebra"')).toEqual([]);
    expect(await found('zebra -stripes')).toEqual(['Zebra of ada']);
    expect(await found('stripes or ada')).toEqual(['Zebra crossing', 'Zebra of ada']);
    expect(await found('zebra', eve)).toEqual(['Zebra of eve']);
    expect(await found('zebra', ada, { projectId: { eq: projectId } })).toEqual(['Zebra crossing']);
    expect(await found('!!! ( & |')).toEqual([]);
    // The word by which the index tells scopes is of no use to a stranger.
    expect(await found(`scope${scopeId('user', eve.id).replaceAll('-', '')}`)).toEqual([]);
    await task.ok(updateTask, { input: { id: made.task.id, description: 'painted' } }, ada);
    expect(await found('stripes')).toEqual([]);
    expect(await found('painted')).toEqual(['Zebra crossing']);
    const ofProject = await task.ok(entities, { filter: { text: 'zebra' }, r: [{ __typename: 'Project', id: projectId }] }, ada);
    expect(ofProject._entities[0].tasks).toMatchObject({ totalCount: 1, nodes: [{ id: made.task.id }] });
    const ofUser = await task.ok(entities, { filter: { text: 'zebra' }, r: [{ __typename: 'User', id: ada.id }] }, ada);
    expect(ofUser._entities[0].tasks).toMatchObject({ totalCount: 1, nodes: [{ title: 'Zebra of ada' }] });
  });

  test('what lies in the trash is listed on demand, to those who may restore it (RULES §6)', async () => {
    const [owner, member, viewer] = [someViewer(), someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'TRA');
    task.addMember('project', projectId, member, 'MEMBER');
    task.addMember('project', projectId, viewer, 'VIEWER');
    const made = await Promise.all([owner, member].map(async (maker) => (await task.ok(createTask, { input: { title: 'gone', projectId } }, maker)).createTask.task.id as string));
    await admin.query('update tasks set deleted_at = now() where id = any ($1::uuid[])', [made]);
    const listed = async (who: typeof owner, filter: object | null) => (await task.ok(entities, { filter, r: [{ __typename: 'Project', id: projectId }] }, who))._entities[0].tasks;
    expect(await listed(owner, null)).toMatchObject({ totalCount: 0, nodes: [] });
    expect(await listed(owner, { deleted: true })).toMatchObject({ totalCount: 2 });
    expect(await listed(member, { deleted: true })).toMatchObject({ totalCount: 1, nodes: [{ id: made[1] }] });
    expect(await listed(member, { not: { deleted: false } })).toMatchObject({ totalCount: 1 });
    expect(await listed(viewer, { or: [{ deleted: true }, { deleted: false }] })).toMatchObject({ totalCount: 0, nodes: [] });
  });
});
