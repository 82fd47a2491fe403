// A load into real schemas: what it writes must be what the subgraphs themselves would have written.
import { eventModels } from '@taskgraph/shared/contracts/events';
import { openDatabase } from '@taskgraph/shared/database';
import { createTestDatabase, type TestDatabase } from '@taskgraph/shared/testing/postgres';
import { migrateDatabase } from '@taskgraph/task/dist/database.js';
import pg from 'pg';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOptions } from '../src/options.js';
import { makePlan } from '../src/plan.js';
import { startProgress } from '../src/progress.js';
import { makeTasks } from '../src/tasks.js';
import { writeTasks } from '../src/write-tasks.js';

const amounts = { tasks: 800, users: 12, projects: 5, seed: 7 };
const today = new Date();
const plan = makePlan(amounts, today);

let database: TestDatabase;
let owner: DataSource;
let admin: pg.Client;
const rows = async (sql: string, parameters: unknown[] = []) => (await admin.query(sql, parameters)).rows;
const none = async (what: string) => expect(await rows(`select t.id from tasks t where ${what} limit 3`)).toEqual([]);

beforeAll(async () => {
  database = await createTestDatabase('task', migrateDatabase);
  owner = await openDatabase({ url: database.owner, poolSize: 2, applicationName: 'load', log: pino({ level: 'silent' }) });
  const report = await writeTasks(owner, plan, () => false, () => undefined);
  expect(report.written).toBe(amounts.tasks);
  admin = new pg.Client({ connectionString: database.admin });
  await admin.connect();
  await admin.query('set search_path to task');
});
afterAll(async () => {
  await admin?.end();
  await owner?.destroy();
  await database?.drop();
});

describe('what a load writes', () => {
  test('numbers follow each other without a gap in each project, and the counter goes on behind them (RULES §6)', async () => {
    expect(await rows('select count(*)::int as n from tasks')).toEqual([{ n: amounts.tasks }]);
    const projects = await rows(
      `select count(*)::int as tasks, max(split_part(ref, '-', 2)::int) as highest, count(distinct ref)::int as refs, (select last from ref_counters c where c.scope_id = t.scope_id) as counter
       from tasks t where project_id is not null group by scope_id`,
    );
    expect(projects.length).toBe(amounts.projects);
    for (const { tasks, highest, refs, counter } of projects) expect([highest, refs, counter]).toEqual([tasks, tasks, tasks]);
    await none('(project_id is null) <> (ref is null)');
  });

  test('lists per person, labels, watchers and search hold what the rows say', async () => {
    await none(`(select array_agg(a.user_id order by a.user_id) from task_assignees a where a.task_id = t.id and a.open = (t.status in ('PENDING', 'IN_PROGRESS')) and a.due_at is not distinct from t.due_at)
      is distinct from (select array_agg(u order by u) from unnest(t.assignee_ids) u)`);
    await none('(select array_agg(l.label_id order by l.label_id) from task_labels l where l.task_id = t.id) is distinct from (select array_agg(u order by u) from unnest(t.label_ids) u)');
    await none('(select array_agg(w.user_id order by w.user_id) from task_watchers w where w.task_id = t.id) is distinct from (select array_agg(u order by u) from unnest(t.watcher_ids) u)');
    await none(`not exists (select 1 from task_search s where s.task_id = t.id and s.document @@ plainto_tsquery('simple', t.title) and s.document @@ ('scope' || replace(t.scope_id::text, '-', ''))::tsquery)`);
    await none('exists (select 1 from unnest(t.label_ids) l where not exists (select 1 from labels x where x.id = l and x.scope_id = t.scope_id))');
  });

  test('dates, parents, blockers, trash and order are such as commands would let through', async () => {
    await none('start_at > due_at or updated_at < created_at or completed_at < created_at or created_at > now()');
    await none(`(status = 'COMPLETED') <> (completed_at is not null)`);
    await none('exists (select 1 from tasks p where p.id = t.parent_id and (p.scope_id <> t.scope_id or p.deleted_at is not null or p.parent_id is not null))');
    await none(`blocked <> exists (select 1 from open_blockers(array[t.id]))`);
    await none(`blocked and status = 'COMPLETED'`);
    await none(`deleted_at < now() - interval '30 days'`);
    // What lies in the trash has no place in the order.
    await none('deleted_at is null and exists (select 1 from tasks o where o.scope_id = t.scope_id and o.rank = t.rank and o.id <> t.id and o.deleted_at is null)');
    await none('length(rank) > 32');
  });

  test('the log has one event per task and comment, in order, marked so that nobody is told (RULES §7)', async () => {
    const events = await rows('select type, seq, version, payload, aggregate_id, scope_id, audience from events');
    const [{ comments }] = (await rows('select count(*)::int as comments from comments')) as [{ comments: number }];
    expect(comments).toBeGreaterThan(50);
    expect(events.length).toBe(amounts.tasks + comments);
    for (const event of events) {
      expect(eventModels[event.type]?.safeParse(event.payload).success).toBe(true);
      expect(event.payload.imported).toBe(true);
      expect(event.version).toBe(1);
    }
    await none('event_seq <> (select max(e.seq) from events e where e.aggregate_id = t.id) or event_seq <> (select count(*) from events e where e.aggregate_id = t.id)');
    await none(`not exists (select 1 from events e where e.aggregate_id = t.id and e.type = 'task.created' and e.scope_id = t.scope_id
      and e.payload->'state'->>'title' = t.title and e.payload->'state'->>'status' = t.status and (e.payload->'state'->>'dueAt')::timestamptz is not distinct from t.due_at and e.audience @> t.assignee_ids)`);
  });

  test('due dates that have passed when the load runs make nobody a notice (RULES §7)', async () => {
    await none('notice_at <= now()');
    expect((await rows('select 1 from tasks where notice_at > now() limit 1')).length).toBe(1);
  });

  test('the tables through which rows came are gone', async () => {
    expect(await rows(`select to_regclass('load_tasks') as a, to_regclass('load_comments') as b`)).toEqual([{ a: null, b: null }]);
  });

  test('a batch that takes too long is undone and begun again with fewer tasks: none is written twice or left out (RULES §4)', async () => {
    const [before] = await rows('select count(*)::int as tasks from tasks');
    const more = makePlan({ ...amounts, tasks: 130, seed: 9 }, today);
    // Nothing is that fast.
    const report = await writeTasks(owner, more, () => false, () => undefined, 0.001);
    expect(report.written).toBe(130);
    expect(report.undone).toBeGreaterThan(0);
    const [after] = await rows('select count(*)::int as tasks, count(distinct ref)::int as refs, count(project_id)::int as numbered from tasks');
    expect(after.tasks).toBe(before.tasks + 130);
    expect(after.refs).toBe(after.numbered);
    await none(`(select count(*) from events e where e.aggregate_id = t.id) <> event_seq or not exists (select 1 from task_search s where s.task_id = t.id)`);
    await none(`project_id is not null and (select last from ref_counters c where c.scope_id = t.scope_id) < split_part(ref, '-', 2)::int`);
  });

  test('a load that is stopped leaves whole batches, and numbers go on where they ended', async () => {
    const more = makePlan({ ...amounts, seed: 8 }, today);
    const [{ n: before }] = (await rows('select count(*)::int as n from tasks')) as [{ n: number }];
    let batches = 0;
    const report = await writeTasks(owner, more, () => (batches += 1) === 2, () => undefined);
    expect(report.written).toBeGreaterThan(0);
    expect(report.written).toBeLessThan(amounts.tasks);
    expect(await rows('select count(*)::int as n from tasks')).toEqual([{ n: before + report.written }]);
    await none('(select count(*) from events e where e.aggregate_id = t.id) <> event_seq');
  });
});

describe('the plan', () => {
  test('is the same for the same seed and day, and another for another seed', () => {
    const ids = (seed: number) => [...makeTasks(makePlan({ ...amounts, tasks: 50, seed }, today))].map(({ task }) => [task.id, task.title, task.status]);
    expect(ids(7)).toEqual(ids(7));
    expect(ids(7)).not.toEqual(ids(8));
    expect(makePlan(amounts, today)).toEqual(plan);
  });

  test('has keys, handles and ids that accounts and projects may have, and one owner per place', () => {
    for (const { key, members } of plan.projects) {
      expect(key).toMatch(/^[A-Z0-9]{2,10}$/);
      expect(members.filter(({ role }) => role === 'OWNER').length).toBe(1);
    }
    const most = makePlan({ tasks: 1, users: 3, projects: 1_000, seed: 999_999 }, today);
    expect(most.projects.every(({ key }) => /^[A-Z0-9]{2,10}$/.test(key))).toBe(true);
    expect(most.people.every(({ handle }) => /^[a-z0-9_-]{3,32}$/.test(handle))).toBe(true);
    expect(plan.people.every(({ id }) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true);
  });
});

describe('the command line', () => {
  test.each([
    [['--tasks', 'many'], /^--tasks must be a whole number/],
    [['--tasks', '0'], /^--tasks must be a whole number from 1/],
    [['--users', '1'], /^--users must be a whole number from 2/],
    [['--projects', '1.5'], /^--projects must be/],
    [['--seed', '-1'], /--seed/],
    [['--password', 'short'], /^--password must have/],
    [['--colour', 'red'], /Unknown option '--colour'/],
    [['1000'], /1000/],
  ])('%j is refused with one sentence', (args, sentence) => {
    expect(() => readOptions(args)).toThrow(sentence);
    expect(() => readOptions(args)).toThrow(/^[^\n]+$/);
  });

  test('has defaults, and takes underscores in numbers', () => {
    expect(readOptions(['--tasks', '1_000_000'])).toEqual({ tasks: 1_000_000, users: 50, projects: 20, seed: 1, password: null });
  });

  test('shows one line drawn anew on a terminal, and lines of their own elsewhere', () => {
    const shown = (isTTY: boolean) => {
      const written: string[] = [];
      let time = 0;
      const progress = startProgress(100, { isTTY, write: (text: string) => written.push(text) } as never, () => time);
      for (let done = 0; done <= 100; done += 10, time += 1_000) progress.show(done);
      progress.end();
      return written;
    };
    expect(shown(true).slice(0, -1).every((text) => text.startsWith('\r') && !text.includes('\n'))).toBe(true);
    expect(shown(true).at(-1)).toBe('\n');
    expect(shown(false).every((text) => /^[^\r\n]+\n$/.test(text))).toBe(true);
    expect(shown(false).at(-1)).toMatch(/^100 of 100 tasks/);
  });
});
