import { someViewer } from '@taskgraph/shared/testing/identity';
import type { Viewer } from '@taskgraph/shared/identity';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTask, startTask, type Harness } from './harness.js';

let task: Harness;
/** Every statement over tasks or memberships that the subgraph has run. */
const statements: string[] = [];
const log = pino({ level: 'trace' }, { write: (line: string) => void collect(JSON.parse(line) as { sql?: string }) });
const collect = ({ sql }: { sql?: string }) => sql && /\b(tasks|scope_members) /.test(sql) && statements.push(sql);

beforeAll(async () => void (task = await startTask(log)));
afterAll(() => task.stop());

const titles = (connection: { nodes: { title: string }[] }) => connection.nodes.map((node) => node.title);

async function makeTasks(viewer: Viewer, count: number, input: object): Promise<void> {
  for (let index = 0; index < count; index += 1) await task.ok(createTask, { input: { title: `t${index}`, ...input } }, viewer);
}

describe('lists', () => {
  test('pages follow each other without a gap or a double while rows come', async () => {
    const ada = someViewer();
    await makeTasks(ada, 7, {});
    const list = 'query ($first: Int, $after: String) { tasks(first: $first, after: $after) { totalCount nodes { title } pageInfo { hasNextPage hasPreviousPage endCursor } } }';
    const first = (await task.ok(list, { first: 3 }, ada)).tasks;
    expect(titles(first)).toEqual(['t6', 't5', 't4']);
    expect(first).toMatchObject({ totalCount: 7, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    await task.ok(createTask, { input: { title: 'new' } }, ada);
    const second = (await task.ok(list, { first: 3, after: first.pageInfo.endCursor }, ada)).tasks;
    expect(titles(second)).toEqual(['t3', 't2', 't1']);
    const third = (await task.ok(list, { first: 3, after: second.pageInfo.endCursor }, ada)).tasks;
    expect(titles(third)).toEqual(['t0']);
    expect(third.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  test.each([[0], [-1], [1001]])('first: %i is BAD_USER_INPUT', async (first) => {
    expect(await task.refused('query ($first: Int) { tasks(first: $first) { totalCount } }', { first }, someViewer())).toMatchObject({
      code: 'BAD_USER_INPUT', fields: [{ path: 'first' }],
    });
  });

  test('a forged cursor is BAD_USER_INPUT', async () => {
    expect(await task.refused('{ tasks(after: "bm90IGEgY3Vyc29yIGF0IGFsbA") { totalCount } }', {}, someViewer())).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('a person\'s tasks are those assigned to them plus their personal ones, as far as the viewer sees them', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'USR');
    task.addMember('project', projectId, bob, 'MEMBER');
    await task.ok(createTask, { input: { title: 'shared', projectId, assigneeIds: [bob.id] } }, ada);
    await task.ok(createTask, { input: { title: 'not his', projectId } }, ada);
    await task.ok(createTask, { input: { title: 'private', assigneeIds: [bob.id] } }, bob);
    const entity = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { tasks { totalCount nodes { title } } } } }';
    const variables = { r: [{ __typename: 'User', id: bob.id }] };
    const own = (await task.ok(entity, variables, bob))._entities[0].tasks;
    expect([titles(own), own.totalCount]).toEqual([['private', 'shared'], 2]);
    expect(titles((await task.ok(entity, variables, ada))._entities[0].tasks)).toEqual(['shared']);
    expect(titles((await task.ok(entity, variables, someViewer()))._entities[0].tasks)).toEqual([]);
  });

  test('the tasks of many projects cost as many statements as those of one', async () => {
    const ada = someViewer();
    const projects: string[] = [];
    for (const key of ['PA', 'PB', 'PC', 'PD', 'PE']) {
      projects.push(task.addProject(ada, key));
      await makeTasks(ada, 2, { projectId: projects.at(-1) });
    }
    const entity = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Project { tasks(first: 1) { totalCount nodes { title project { id } } } } } }';
    const count = async (ids: string[]) => {
      statements.length = 0;
      const { _entities } = await task.ok(entity, { r: ids.map((id) => ({ __typename: 'Project', id })) }, ada);
      expect(_entities.map((project: { tasks: { totalCount: number; nodes: { project: { id: string } }[] } }) => [project.tasks.totalCount, project.tasks.nodes[0]?.project.id]))
        .toEqual(ids.map((id) => [2, id]));
      return statements.filter((sql) => /select/i.test(sql)).length;
    };
    // Jobs of the worker in this process look at tasks too, now and then: the fewest are those of the question.
    const fewest = async (ids: string[]) => Math.min(await count(ids), await count(ids), await count(ids), await count(ids));
    await count(projects);
    const one = await fewest(projects.slice(0, 1));
    expect(one).toBeGreaterThan(0);
    expect(await fewest(projects)).toBe(one);
  });
});

describe('row level security', () => {
  test('without any filter the application role sees the viewer\'s scopes only, and nothing without a viewer', async () => {
    const [ada, eve] = [someViewer(), someViewer()];
    await task.ok(createTask, { input: { title: 'private' } }, ada);
    const projectId = task.addProject(ada, 'RLS');
    await task.ok(createTask, { input: { title: 'of the project', projectId } }, ada);
    const app = new pg.Client({ connectionString: task.database.app });
    await app.connect();
    try {
      expect((await app.query('select 1 from tasks')).rowCount).toBe(0);
      await app.query('begin');
      await app.query(`select set_config('app.viewer', $1, true)`, [eve.id]);
      expect((await app.query('select 1 from tasks')).rowCount).toBe(0);
      await app.query(`select set_config('app.viewer', $1, true)`, [ada.id]);
      expect((await app.query('select title from tasks')).rows).toEqual([{ title: 'of the project' }]);
      await app.query('commit');
      // The setting ends with its transaction: the next user of this connection starts without it.
      expect((await app.query('select 1 from tasks')).rowCount).toBe(0);
    } finally {
      await app.end();
    }
  });

  test('a project made under a stranger\'s user id opens nothing of that stranger', async () => {
    const [ada, mallory] = [someViewer(), someViewer()];
    await task.ok(createTask, { input: { title: 'private' } }, ada);
    task.project.publish('project.created', ada.id, { projectId: ada.id, key: 'EVIL', name: 'x', status: 'ACTIVE', ownerId: mallory.id, version: 1 });
    task.project.setMember(ada.id, mallory.id, { role: 'OWNER', version: 1, key: 'EVIL', writable: true });
    await task.ok(createTask, { input: { title: 'own', projectId: ada.id } }, mallory);
    expect(titles((await task.ok('{ tasks { nodes { title } } }', {}, mallory)).tasks)).toEqual(['own']);
  });
});
