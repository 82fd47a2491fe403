// The filter language has two evaluators (RULES §5): one statement in Postgres and one over a state in memory. They must agree.
import type { TaskChanged, TaskState } from '@taskgraph/shared/contracts/task-events';
import { newId } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import { createTestDatabase, type TestDatabase } from '@taskgraph/shared/testing/postgres';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { becomeViewer, migrateDatabase } from '../src/database.js';
import { factsOf, type TaskFacts } from '../src/filter/facts.js';
import { fold } from '../src/filter/fold.js';
import { matches } from '../src/filter/matches.js';
import { readFilter } from '../src/filter/read-filter.js';
import { createBinder, toSql } from '../src/filter/to-sql.js';
import type { TaskFilter } from '../src/generated/resolver-types.js';

/** Trees that must be drawn at least. */
const trees = 2_000;
const now = new Date('2026-11-20T09:00:00.000Z');

const statuses = ['PENDING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED'] as const;
const people = Array.from({ length: 4 }, newId);
const projects = Array.from({ length: 2 }, newId);
const channels = [newId()];
const titles = ['Alpha', 'alpha beta', 'BETA', 'Straße', 'ΟΔΥΣΣΕΥΣ', 'İstanbul', '100% _done_', "it's \\ here", '🦊 fox', ' beta '];
const labelNames = ['Bug', 'bug fix', 'Ünïcode', 'ops%'];
const instants = [now, ...[-1, 1].flatMap((sign) => [1, 1_000, 86_400_000, 7 * 86_400_000, 45 * 86_400_000].map((step) => new Date(now.getTime() + sign * step)))];
const words = ['alpha', 'ALPHA', 'a', '', 'beta', 'ß', 'SS', 'σ', 'i̇', '%', '_', '\\', '🦊', 'bug', 'BUG FIX', 'ü', 'zzz'];
const taskIds = Array.from({ length: 80 }, newId);

/** Draws one of a few, so that filters and tasks meet often. */
const one = <T>(values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 });
const some = <T>(values: readonly T[], max = 3) => fc.uniqueArray(one(values), { maxLength: max });

interface Drawn { projectId: string | null; channelId: string | null; ownerId: string | null; parentId: string | null; creatorId: string; title: string; status: (typeof statuses)[number]; priority: number;
  startAt: Date | null; dueAt: Date | null; completedAt: Date | null; createdAt: Date; updatedAt: Date; assigneeIds: string[]; labels: string[]; blocked: boolean; deletedAt: Date | null }

const drawnTask: fc.Arbitrary<Drawn> = fc
  .record({
    place: fc.oneof(one(projects).map((projectId) => ({ projectId })), one(channels).map((channelId) => ({ channelId })), one(people).map((ownerId) => ({ ownerId }))),
    parentId: maybe(one(taskIds.slice(0, 10))), creatorId: one(people), title: one(titles), status: one(statuses), priority: fc.integer({ min: 1, max: 10 }),
    startAt: maybe(one(instants)), dueAt: maybe(one(instants)), completedAt: maybe(one(instants)), createdAt: one(instants), updatedAt: one(instants),
    assigneeIds: some(people), labels: some(labelNames), blocked: fc.boolean(), deletedAt: fc.option(one(instants), { nil: null, freq: 3 }),
  })
  .map(({ place, ...task }) => ({ projectId: null, channelId: null, ownerId: null, ...place, ...task }));

/** Each operator is there sometimes, sometimes with an explicit null. */
const operators = (model: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(Object.fromEntries(Object.entries(model).map(([name, value]) => [name, fc.option(value, { nil: null, freq: 12 })])), { requiredKeys: [] })
    .filter((operator) => Object.keys(operator).length <= 3);
const ids = (values: readonly string[]) => {
  const id = fc.oneof({ weight: 8, arbitrary: one(values) }, one([newId(), 'not an id', values[0]?.toUpperCase() ?? '']));
  return operators({ eq: id, in: fc.array(id, { maxLength: 3 }), notIn: fc.array(id, { maxLength: 3 }), isNull: fc.boolean() });
};
const strings = (values: readonly string[]) => {
  const text = one([...values, ...words]);
  return operators({ eq: text, in: fc.array(text, { maxLength: 3 }), contains: one(words), startsWith: one(words) });
};
const priority = fc.integer({ min: -1, max: 11 });
const integers = operators({ eq: priority, in: fc.array(priority, { maxLength: 3 }), gt: priority, gte: priority, lt: priority, lte: priority });
const instant = one(instants);
const durations = one(['P7D', '-P7D', 'PT0S', 'PT1S', '-PT24H', 'P1M', '-P1Y', 'P9999Y', '-P1M15D']);
const dates = operators({ eq: instant, gt: instant, gte: instant, lt: instant, lte: instant, isNull: fc.boolean(), within: durations });
const statusTests = operators({ eq: one(statuses), in: some(statuses), notIn: some(statuses) });

const { tree } = fc.letrec<{ tree: TaskFilter }>((tie) => {
  const leaves = {
    id: ids(taskIds.slice(0, 20)), title: strings(titles), status: statusTests, priority: integers, dueAt: dates, startAt: dates, createdAt: dates, updatedAt: dates, completedAt: dates,
    projectId: ids(projects), channelId: ids(channels), parentId: ids(taskIds.slice(0, 10)), assigneeId: ids(people), creatorId: ids(people), label: strings(labelNames),
    overdue: fc.boolean(), blocked: fc.boolean(), personal: fc.boolean(), deleted: fc.boolean(),
  };
  const leaf = fc.constantFrom(...(Object.keys(leaves) as (keyof typeof leaves)[])).chain((name) => (leaves[name] as fc.Arbitrary<unknown>).map((value) => ({ [name]: value }) as TaskFilter));
  return {
    tree: fc.oneof(
      { depthSize: 'medium', maxDepth: 5 },
      { weight: 2, arbitrary: fc.array(leaf, { maxLength: 2 }).map((parts) => Object.assign({}, ...parts) as TaskFilter) },
      { weight: 2, arbitrary: fc.tuple(leaf, fc.array(tie('tree'), { maxLength: 3 })).map(([own, and]) => ({ ...own, and })) },
      { weight: 2, arbitrary: fc.array(tie('tree'), { maxLength: 3 }).map((or) => ({ or })) },
      { weight: 3, arbitrary: fc.tuple(fc.option(leaf), tie('tree')).map(([own, not]) => ({ ...own, not })) },
    ) as fc.Arbitrary<TaskFilter>,
  };
});

let database: TestDatabase;
let app: pg.Client;
const facts = new Map<string, TaskFacts>();

beforeAll(async () => {
  database = await createTestDatabase('task', migrateDatabase);
  const admin = new pg.Client({ connectionString: database.admin });
  await admin.connect();
  await admin.query('set search_path to task');
  const scopes = [...projects.map((id) => scopeId('project', id)), ...channels.map((id) => scopeId('channel', id)), ...people.map((id) => scopeId('user', id))];
  // Seeing everything: this test is about filters, row level security has its own.
  await admin.query('insert into scope_members (scope_id, user_id, role, version) select s, $2, $3, 1 from unnest($1::uuid[]) s', [scopes, people[0], 'OWNER']);
  const labels = new Map<string, string>();
  const drawn = fc.sample(drawnTask, { numRuns: taskIds.length, seed: 7 });
  for (const [index, task] of drawn.entries()) {
    const id = taskIds[index] as string;
    const scope = task.projectId ? scopeId('project', task.projectId) : task.channelId ? scopeId('channel', task.channelId) : scopeId('user', task.ownerId as string);
    await admin.query(
      `insert into tasks (id, scope_id, project_id, channel_id, owner_id, parent_id, creator_id, title, title_key, status, priority, start_at, due_at, completed_at, created_at, updated_at,
         assignee_ids, blocked, deleted_at, created_as, version, event_seq) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,'',1,1)`,
      [id, scope, task.projectId, task.channelId, task.ownerId, index < 10 ? null : task.parentId, task.creatorId, task.title, fold(task.title), task.status, task.priority, task.startAt, task.dueAt, task.completedAt,
        task.createdAt, task.updatedAt, task.assigneeIds, task.blocked, task.deletedAt],
    );
    await admin.query('insert into task_assignees (task_id, user_id, scope_id, created_at) select $1, u, $3, $4 from unnest($2::uuid[]) u', [id, task.assigneeIds, scope, task.createdAt]);
    for (const name of task.labels) {
      const key = `${scope} ${name}`;
      if (!labels.has(key)) {
        labels.set(key, newId());
        await admin.query('insert into labels (id, scope_id, project_id, name, name_key, color, created_as) values ($1, $2, $1, $3, $4, $5, $5)', [labels.get(key), scope, name, fold(name), '']);
      }
      await admin.query('insert into task_labels (task_id, label_id, scope_id) values ($1, $2, $3)', [id, labels.get(key), scope]);
    }
    // As an event carries it, through JSON.
    const state = { ...task, parentId: index < 10 ? null : task.parentId, labels: task.labels.map(fold) };
    facts.set(id, factsOf({ taskId: id, creatorId: task.creatorId } as TaskChanged, JSON.parse(JSON.stringify(state)) as TaskState));
  }
  await admin.end();
  app = new pg.Client({ connectionString: database.app });
  await app.connect();
  await app.query(`start transaction; ${becomeViewer(people[0] as string)}`);
});
afterAll(async () => {
  await app?.end();
  await database?.drop();
});

async function bySql(filter: TaskFilter): Promise<string[]> {
  const { bind, parameters } = createBinder();
  const { rows } = await app.query<{ id: string; verdict: boolean | null }>(`select t.id, (${toSql(readFilter(filter), now, bind)}) as verdict from tasks t order by t.id`, parameters);
  expect(rows.map((row) => row.id)).toEqual(taskIds);
  expect(rows.filter((row) => row.verdict === null)).toEqual([]);
  return rows.filter((row) => row.verdict).map((row) => row.id);
}

const inMemory = (filter: TaskFilter): string[] => {
  const condition = readFilter(filter);
  return taskIds.filter((id) => matches(condition, facts.get(id) as TaskFacts, now, () => false));
};

test(`Postgres and memory agree row for row on ${trees} random trees (RULES §5)`, async () => {
  let told = 0;
  await fc.assert(
    fc.asyncProperty(tree, async (filter) => {
      const found = await bySql(filter);
      if (found.length > 0 && found.length < taskIds.length) told += 1;
      expect(found).toEqual(inMemory(filter));
    }),
    { numRuns: trees },
  );
  // Trees that hold for all or for none would prove little.
  expect(told).toBeGreaterThan(trees / 4);
}, 120_000);

describe('what a filter means (RULES §5)', () => {
  const both = async (filter: TaskFilter): Promise<string[]> => {
    const found = await bySql(filter);
    expect(found).toEqual(inMemory(filter));
    return found;
  };
  const live = () => taskIds.filter((id) => !facts.get(id)?.deleted);

  test('{} and `and: []` hold for all that is not in the trash, `or: []` and `in: []` for none', async () => {
    expect(await both({})).toEqual(live());
    expect(await both({ and: [] })).toEqual(live());
    expect(await both({ not: {} })).toEqual([]);
    expect(await both({ or: [] })).toEqual([]);
    for (const none of [{ id: { in: [] } }, { status: { in: [] } }, { priority: { in: [] } }, { title: { in: [] } }, { label: { in: [] } }, { assigneeId: { in: [] } }]) expect(await both(none)).toEqual([]);
  });

  test('a comparison with null is false, so its `not` is true', async () => {
    const unset = live().filter((id) => facts.get(id)?.dueAt === null);
    expect(unset.length).toBeGreaterThan(0);
    expect(await both({ dueAt: { gt: now } })).toEqual(expect.not.arrayContaining(unset));
    expect(await both({ not: { dueAt: { gt: now } } })).toEqual(expect.arrayContaining(unset));
    expect(await both({ not: { dueAt: { lte: now } } })).toEqual(expect.arrayContaining(unset));
    expect(await both({ dueAt: { eq: null } })).toEqual([]);
    expect(await both({ dueAt: { isNull: true } })).toEqual(unset);
    // `notIn` is a comparison too: a task in no project is not in "another" one.
    expect(await both({ projectId: { notIn: [projects[0] as string] } })).toEqual(live().filter((id) => facts.get(id)?.projectId === projects[1]));
  });

  test('assigneeId matches if anybody does, `notIn` if nobody does', async () => {
    const [ada, bob] = people as [string, string];
    const withBoth = live().filter((id) => [ada, bob].every((person) => facts.get(id)?.assigneeIds.includes(person)));
    expect(withBoth.length).toBeGreaterThan(0);
    expect(await both({ assigneeId: { eq: ada } })).toEqual(expect.arrayContaining(withBoth));
    expect(await both({ assigneeId: { notIn: [ada] } })).toEqual(live().filter((id) => !facts.get(id)?.assigneeIds.includes(ada)));
    expect(await both({ assigneeId: { isNull: true } })).toEqual(live().filter((id) => facts.get(id)?.assigneeIds.length === 0));
  });

  test('a label matches if one label passes the whole test', async () => {
    expect(await both({ label: { startsWith: 'BUG' } })).toEqual(live().filter((id) => facts.get(id)?.labels.some((label) => label.startsWith('bug'))));
    expect(await both({ label: { startsWith: 'bug', contains: 'ops' } })).toEqual([]);
    expect(await both({ label: {} })).toEqual(live());
  });

  test('text is compared without case and without wildcards', async () => {
    expect(await both({ title: { eq: 'STRASSE' } })).toEqual([]);
    expect((await both({ title: { eq: 'STRAßE' } })).length).toBeGreaterThan(0);
    expect(await both({ title: { contains: '%' } })).toEqual(live().filter((id) => facts.get(id)?.titleKey.includes('%')));
    expect(await both({ title: { startsWith: 'İ' } })).toEqual(live().filter((id) => facts.get(id)?.titleKey.startsWith('i̇')));
  });

  test('`within` reaches from now ahead or back, both ends included', async () => {
    const ahead = live().filter((id) => ((due) => due && due >= now && due <= new Date(now.getTime() + 7 * 86_400_000))(facts.get(id)?.dueAt));
    expect(await both({ dueAt: { within: 'P7D' } })).toEqual(ahead);
    expect(await both({ dueAt: { within: '-P7D' } })).toEqual(live().filter((id) => ((due) => due && due <= now && due >= new Date(now.getTime() - 7 * 86_400_000))(facts.get(id)?.dueAt)));
  });

  test('`deleted: false` applies unless `deleted` occurs anywhere in the tree; `true` means only trashed', async () => {
    const trashed = taskIds.filter((id) => facts.get(id)?.deleted);
    expect(await both({ deleted: true })).toEqual(trashed);
    expect(await both({ or: [{ not: { deleted: true } }, {}] })).toEqual(taskIds);
    expect(await both({ not: { not: { deleted: true } } })).toEqual(trashed);
  });
});

describe('filters that are refused with their path', () => {
  const deep = (levels: number): TaskFilter => (levels === 0 ? { blocked: true } : levels % 2 === 0 ? { not: deep(levels - 1) } : { and: [{}, deep(levels - 1)] });
  test.each<[string, TaskFilter, string]>([
    ['six levels deep', deep(6), 'filter.not.and.1.not.and.1.not.and.0'],
    ['a list of 1001 values', { and: [{ priority: { in: Array.from({ length: 1_001 }, () => 1) } }] }, 'filter.and.0.priority.in'],
    ['201 filters', { or: Array.from({ length: 200 }, () => ({})) }, 'filter'],
    ['201 comparisons', { and: Array.from({ length: 100 }, () => ({ blocked: true, label: {} })), priority: { gt: 1 } }, 'filter'],
    ['six searches', { or: Array.from({ length: 6 }, () => ({ text: 'a' })) }, 'filter.or.5.text'],
    ['U+0000', { title: { contains: 'a\u0000' } }, 'filter.title.contains'],
    ['half a character', { label: { in: ['ok', '\ud800'] } }, 'filter.label.in.1'],
    ['a text of 1001 characters', { not: { title: { eq: 'x'.repeat(1_001) } } }, 'filter.not.title.eq'],
    ['an empty search', { text: ' ' }, 'filter.text'],
    ['a search with U+0000', { text: 'a\u0000' }, 'filter.text'],
  ])('%s', (_what, filter, path) => {
    expect(() => readFilter(filter)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', details: { fields: [expect.objectContaining({ path })] } }));
  });

  test('five levels are read', () => void readFilter(deep(5)));
});
