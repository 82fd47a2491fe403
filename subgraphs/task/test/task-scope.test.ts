// The scope of one task, for people who lose sight of it (RULES §4).
import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { openDatabase } from '@taskgraph/shared/database';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { entities } from '../src/database.js';
import { purgeTrash } from '../src/jobs/purge-trash.js';
import { createTask, startTask, updateTask, type Harness } from './harness.js';

let task: Harness;
beforeAll(async () => void (task = await startTask()));
afterAll(() => task.stop());

const changes = `query ($scope: TaskScope!, $after: String, $until: String, $first: Int, $filter: TaskFilter) {
  taskChanges(scope: $scope, after: $after, until: $until, first: $first, filter: $filter) {
    head pageInfo { endCursor hasNextPage } nodes { cursor kind taskId task { title } changes { field after } }
  }
}`;
const moveTask = 'mutation ($input: MoveTaskInput!) { moveTask(input: $input) { cursor } }';
const read = async (viewer: Viewer, variables: object) => (await task.ok(changes, variables, viewer)).taskChanges;
const kinds = async (viewer: Viewer, variables: object): Promise<string[]> => (await read(viewer, variables)).nodes.map((node: { kind: string }) => node.kind);
const patch = async (viewer: Viewer, input: object): Promise<string> => (await task.ok(updateTask, { input }, viewer)).updateTask.cursor;
const move = async (viewer: Viewer, input: object): Promise<string> => (await task.ok(moveTask, { input }, viewer)).moveTask.cursor;

let [ada, bob]: Viewer[] = [];
let [projectId, secretId, id, made] = ['', '', '', ''];
let scope: { taskId: string };
let projects = 0;
/** Refs of tasks begin with the key, and are unique. */
const key = () => `P${String((projects += 1)).padStart(2, '0')}`;
/** A task in a project of both, and another project that only ada sees. */
beforeEach(async () => {
  [ada, bob] = [someViewer(), someViewer()];
  projectId = task.addProject(ada, key());
  secretId = task.addProject(ada, key());
  task.addMember('project', projectId, bob, 'MEMBER');
  const { createTask: done } = await task.ok(createTask, { input: { title: 'seen', projectId } }, ada);
  id = done.task.id;
  made = done.cursor;
  scope = { taskId: id };
});

test('a move out of sight is told as MOVED and then ACCESS_LOST, which is the last thing, whatever becomes of the task', async () => {
  expect(await kinds(bob as Viewer, { scope, until: made })).toEqual(['CREATED']);
  await patch(ada as Viewer, { id, title: 'seen too' });
  const moved = await move(ada as Viewer, { id, projectId: secretId });
  const after = await patch(ada as Viewer, { id, title: 'hushed' });
  const page = await read(bob as Viewer, { scope, after: made, until: after });
  expect(page.nodes).toMatchObject([{ kind: 'UPDATED' }, { kind: 'MOVED', cursor: moved, task: null }, { kind: 'ACCESS_LOST', taskId: null, task: null, changes: [] }]);
  expect(JSON.stringify(page)).not.toContain('hushed');
  // Ada sees all of it, and no loss.
  expect(await kinds(ada as Viewer, { scope, after: made })).toEqual(['UPDATED', 'MOVED', 'UPDATED']);
});

test('whoever was away hears of the loss once on resume, from any place and page by page, always at the same cursor', async () => {
  const moved = await move(ada as Viewer, { id, projectId: secretId });
  const whole = await read(bob as Viewer, { scope, until: moved });
  expect(whole.nodes.map((node: { kind: string }) => node.kind)).toEqual(['CREATED', 'MOVED', 'ACCESS_LOST']);
  const last = whole.nodes.at(-1);
  expect((await read(bob as Viewer, { scope, after: moved })).nodes).toEqual([last]);
  // What happened to others meanwhile moves the log on and the loss not.
  await task.ok(createTask, { input: { title: 'another', projectId } }, ada as Viewer);
  expect((await read(bob as Viewer, { scope, after: made })).nodes.at(-1)).toEqual(last);
  // A later resume gives that single item again.
  expect(await kinds(bob as Viewer, { scope, after: last.cursor })).toEqual(['ACCESS_LOST']);
  const seen: string[] = [];
  let after: string | null = null;
  for (let more = true; more; ) {
    const page = await read(bob as Viewer, { scope, after, first: 1 });
    seen.push(...page.nodes.map((node: { kind: string }) => node.kind));
    after = page.pageInfo.endCursor;
    more = page.pageInfo.hasNextPage;
  }
  expect(seen).toEqual(['CREATED', 'MOVED', 'ACCESS_LOST']);
});

test('the loss waits for the move: nothing is told of it while the move is above the horizon', async () => {
  const open = new pg.Client({ connectionString: task.database.admin });
  await open.connect();
  try {
    await read(bob as Viewer, { scope, until: made });
    await open.query('begin');
    await open.query('select pg_current_xact_id()');
    const moved = await move(ada as Viewer, { id, projectId: secretId });
    expect(await kinds(bob as Viewer, { scope, after: made })).toEqual([]);
    await open.query('commit');
    expect(await kinds(bob as Viewer, { scope, after: made, until: moved })).toEqual(['MOVED', 'ACCESS_LOST']);
  } finally {
    await open.end();
  }
});

test('who loses the project of the task hears ACCESS_LOST alone; a stranger and a missing task are NOT_FOUND alike', async () => {
  await read(bob as Viewer, { scope, until: made });
  task.removeMember('project', projectId, bob as Viewer);
  await eventually(async () => expect(await kinds(bob as Viewer, { scope, after: made })).toEqual(['ACCESS_LOST']));
  await patch(ada as Viewer, { id, title: 'hushed' });
  const { nodes } = await read(bob as Viewer, { scope });
  expect(nodes).toMatchObject([{ kind: 'ACCESS_LOST', taskId: null, task: null }]);
  const stranger = someViewer();
  const refusals = [await task.refused(changes, { scope }, stranger), await task.refused(changes, { scope: { taskId: newId() } }, stranger)];
  expect(refusals).toMatchObject([{ code: 'NOT_FOUND' }, { code: 'NOT_FOUND' }]);
});

test('what was never visible is NOT_FOUND: a task of the other project, and a personal one', async () => {
  const { createTask: other } = await task.ok(createTask, { input: { title: 'hushed', projectId: secretId } }, ada as Viewer);
  const { createTask: own } = await task.ok(createTask, { input: { title: 'hushed' } }, ada as Viewer);
  for (const made of [other, own]) expect(await task.refused(changes, { scope: { taskId: made.task.id } }, bob as Viewer)).toMatchObject({ code: 'NOT_FOUND' });
  // From where bob never was to another such place: nothing of it is his.
  await move(ada as Viewer, { id: own.task.id, projectId: secretId });
  expect(await task.refused(changes, { scope: { taskId: own.task.id } }, bob as Viewer)).toMatchObject({ code: 'NOT_FOUND' });
});

test('who had left a place before the task came there never saw it, and hears of none (RULES §1, §4)', async () => {
  const wasHere = someViewer();
  const otherId = task.addProject(ada as Viewer, key());
  task.addMember('project', otherId, wasHere, 'MEMBER');
  const { createTask: before } = await task.ok(createTask, { input: { title: 'early', projectId: otherId } }, ada as Viewer);
  await read(wasHere, { scope: { projectId: otherId } });
  task.removeMember('project', otherId, wasHere);
  await eventually(async () => expect(await kinds(wasHere, { scope: { projectId: otherId }, after: before.cursor })).toEqual(['ACCESS_LOST']));
  await move(ada as Viewer, { id, projectId: otherId });
  expect(await task.refused(changes, { scope }, wasHere)).toMatchObject({ code: 'NOT_FOUND' });
  // The one that was there is lost.
  expect(await kinds(wasHere, { scope: { taskId: before.task.id } })).toEqual(['ACCESS_LOST']);
});

test('a task that comes back, or lies in the trash of a scope one sees, is not lost; one that is erased is', async () => {
  await move(ada as Viewer, { id, projectId: secretId });
  const back = await move(ada as Viewer, { id, projectId });
  expect(await kinds(bob as Viewer, { scope, after: made, until: back })).toEqual(['MOVED', 'MOVED']);
  const { deleteTask } = await task.ok('mutation ($id: ID!) { deleteTask(input: { id: $id }) { cursor } }', { id }, ada as Viewer);
  expect(await kinds(bob as Viewer, { scope, after: back, until: deleteTask.cursor })).toEqual(['DELETED']);
  const { restoreTask } = await task.ok('mutation ($id: ID!) { restoreTask(input: { id: $id }) { cursor } }', { id }, ada as Viewer);
  expect(await kinds(bob as Viewer, { scope, after: back, until: restoreTask.cursor })).toEqual(['DELETED', 'RESTORED']);
  await task.ok('mutation ($id: ID!) { deleteTask(input: { id: $id }) { cursor } }', { id }, ada as Viewer);
  const admin = new pg.Client({ connectionString: task.database.admin });
  await admin.connect();
  await admin.query(`update task.tasks set deleted_at = now() - interval '31 days' where id = $1`, [id]).finally(() => admin.end());
  const worker = await openDatabase({ url: task.database.worker, poolSize: 1, entities, applicationName: 'purge', log: pino({ level: 'silent' }) });
  try {
    while (await purgeTrash(worker));
  } finally {
    await worker.destroy();
  }
  // Its history is gone with it; that it was erased is all that is left.
  await eventually(async () => expect(await kinds(bob as Viewer, { scope, after: restoreTask.cursor })).toEqual(['DELETED', 'ACCESS_LOST']));
});
