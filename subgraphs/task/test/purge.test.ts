import type { Viewer } from '@taskgraph/shared/identity';
import { openDatabase } from '@taskgraph/shared/database';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entities } from '../src/database.js';
import { expireRecords } from '../src/jobs/expire-records.js';
import { forgetPurged } from '../src/jobs/forget-purged.js';
import { purgeTrash } from '../src/jobs/purge-trash.js';
import { createTask, startTask, updateTask, type Harness } from './harness.js';

let task: Harness;
let admin: pg.Client;
const workers: DataSource[] = [];
beforeAll(async () => {
  task = await startTask();
  admin = new pg.Client({ connectionString: task.database.admin });
  await admin.connect();
  const log = pino({ level: 'error' });
  for (const applicationName of ['one', 'two']) workers.push(await openDatabase({ url: task.database.worker, poolSize: 3, entities, applicationName, log }));
});
afterAll(async () => {
  for (const worker of workers) await worker.destroy();
  await admin.end();
  await task.stop();
});

const byId = (name: string) => `mutation ($id: ID!) { ${name}(input: { id: $id }) { cursor task { id } } }`;
const [trash, restore] = [byId('deleteTask'), byId('restoreTask')];
const changes = 'query ($scope: TaskScope!, $after: String) { taskChanges(scope: $scope, after: $after) { nodes { kind taskId task { id } changes { field } } } }';
const make = async (viewer: Viewer, input: object): Promise<string> => (await task.ok(createTask, { input: { title: 'secret', ...input } }, viewer)).createTask.task.id;
const age = (id: string, days: number) => admin.query('update task.tasks set deleted_at = deleted_at - make_interval(days => $2) where id = $1', [id, days]);
const work = async () => {
  for (let more = true; more; ) more = (await Promise.all(workers.map((worker) => purgeTrash(worker)))).some(Boolean);
};
const rowsWith = async (id: string): Promise<string[]> => {
  const found: string[] = [];
  const { rows: tables } = await admin.query(`select relname as name from pg_class where relnamespace = 'task'::regnamespace and relkind = 'r'`);
  for (const { name } of tables) {
    const { rows } = await admin.query(`select 1 from task."${name}" r where r::text like '%' || $1 || '%' limit 1`, [id]);
    if (rows.length > 0) found.push(name.replace(/^events_.*/, 'events'));
  }
  return [...new Set(found)].toSorted();
};

test('after 30 days in the trash a task is gone with comments and history; a shorter stay is left alone (RULES §6)', async () => {
  const ada = someViewer();
  const projectId = task.addProject(ada, 'PUR');
  const [old, young] = [await make(ada, { projectId, description: 'very secret', assigneeIds: [ada.id] }), await make(ada, { projectId })];
  await task.ok('mutation ($id: ID!) { addComment(input: { taskId: $id, body: "whispered" }) { comment { id } } }', { id: old }, ada);
  const { cursor } = (await task.ok(trash, { id: young }, ada)).deleteTask;
  await task.ok(trash, { id: old }, ada);
  await age(old, 31);
  await age(young, 29);
  await work();

  expect((await task.ok('query ($id: ID!) { task(id: $id) { id } }', { id: old }, ada)).task).toBeNull();
  expect((await task.ok('query ($id: ID!) { task(id: $id) { id } }', { id: young }, ada)).task).toEqual({ id: young });
  expect(await task.refused(restore, { id: old }, ada)).toEqual({ code: 'NOT_FOUND' });
  // What is left names the task and where it was, and nothing that it said; undo tokens and resends end with their day.
  expect(await rowsWith('very secret')).toEqual([]);
  expect(await rowsWith('whispered')).toEqual([]);
  expect((await rowsWith(old)).filter((name) => name !== 'undo_tokens' && name !== 'idempotency')).toEqual(['events']);
  const { rows } = await admin.query('select type, version, payload from task.events where aggregate_id = $1', [old]);
  expect(rows).toEqual([{ type: 'task.purged', version: expect.any(Number), payload: { taskId: old, projectId, channelId: null, ownerId: null, version: rows[0].version } }]);

  // Whoever follows the log hears of it, in the project and in the own list.
  for (const scope of [{ projectId }, { mine: true }]) {
    const { nodes } = (await task.ok(changes, { scope, after: cursor }, ada)).taskChanges;
    expect(nodes).toEqual([{ kind: 'DELETED', taskId: old, task: null, changes: [] }]);
  }
});

test('a subtree goes together, one event each, whichever worker is faster', async () => {
  const ada = someViewer();
  const root = await make(ada, {});
  const middle = await make(ada, { parentId: root });
  const leaves = [await make(ada, { parentId: middle }), await make(ada, { parentId: middle })];
  await task.ok(trash, { id: root }, ada);
  const all = [root, middle, ...leaves];
  for (const id of all) await age(id, 31);
  await work();
  const { rows } = await admin.query('select aggregate_id as id, type from task.events where aggregate_id = any ($1) order by xid, ordinal', [all]);
  expect(rows).toHaveLength(4);
  expect(rows.every((row) => row.type === 'task.purged')).toBe(true);
  expect(rows.at(-1).id).toBe(root);
});

test('who is restored while the worker looks stays', async () => {
  const ada = someViewer();
  for (let round = 0; round < 5; round += 1) {
    const id = await make(ada, {});
    await task.ok(trash, { id }, ada);
    await age(id, 31);
    const [answer] = await Promise.all([task.query(restore, { id }, ada), work()]);
    const { rows } = await admin.query('select 1 from task.tasks where id = $1', [id]);
    expect(rows).toHaveLength(answer.errors ? 0 : 1);
  }
});

test('a purged blocker and a purged task that waited leave the others as they are', async () => {
  const ada = someViewer();
  const [waiting, blocker] = [await make(ada, {}), await make(ada, {})];
  await task.ok('mutation ($a: ID!, $b: ID!) { addTaskDependency(input: { taskId: $a, blockedById: $b }) { task { id } } }', { a: waiting, b: blocker }, ada);
  await task.ok(trash, { id: blocker }, ada);
  await age(blocker, 31);
  await work();
  const { updateTask: done } = await task.ok(updateTask, { input: { id: waiting, status: 'COMPLETED' } }, ada);
  expect(done.task).toMatchObject({ status: 'COMPLETED', version: 4 });
});

test('undo tokens and answers kept for resends end after a day (RULES §3, §6)', async () => {
  const ada = someViewer();
  const make = (key: string) => task.query(createTask, { input: { title: 'x' } }, ada, { 'idempotency-key': key });
  await make('old');
  await admin.query(`update task.idempotency set created_at = created_at - interval '25 hours' where viewer_id = $1`, [ada.id]);
  await admin.query(`update task.undo_tokens set created_at = created_at - interval '25 hours' where viewer_id = $1`, [ada.id]);
  await make('young');
  expect(await expireRecords(workers[0] as DataSource)).toBe(false);
  expect((await admin.query('select key from task.idempotency where viewer_id = $1', [ada.id])).rows).toEqual([{ key: 'young' }]);
  expect((await admin.query('select 1 from task.undo_tokens where viewer_id = $1', [ada.id])).rows).toHaveLength(1);
});

test('a tombstone stays as long as the log reaches back; a cursor from before it is RESYNC_REQUIRED then (RULES §4)', async () => {
  const ada = someViewer();
  const id = await make(ada, {});
  const { cursor: before } = (await task.ok(trash, { id }, ada)).deleteTask;
  await age(id, 31);
  await work();
  const { cursor: behind } = (await task.ok(createTask, { input: { title: 'x' } }, ada)).createTask;
  const scope = { mine: true };
  const worker = workers[0] as DataSource;
  await forgetPurged(worker, 90);
  expect((await task.ok(changes, { scope, after: before }, ada)).taskChanges.nodes).toMatchObject([{ kind: 'DELETED', taskId: id }, { kind: 'ENTERED' }]);
  await admin.query(`update task.events set at = at - interval '91 days' where type = 'task.purged'`);
  await forgetPurged(worker, 90);
  expect(await rowsWith(id)).not.toContain('events');
  expect(await task.refused(changes, { scope, after: before }, ada)).toMatchObject({ code: 'RESYNC_REQUIRED' });
  expect((await task.ok(changes, { scope, after: behind }, ada)).taskChanges.nodes).toEqual([]);
});
