import type { Viewer } from '@taskgraph/shared/identity';
import { openDatabase } from '@taskgraph/shared/database';
import { scopeId } from '@taskgraph/shared/scope';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entities } from '../src/database.js';
import { tellDueTasks } from '../src/jobs/due-notices.js';
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

const hour = 3_600_000;
const at = (offsetMs: number) => new Date(Date.now() + offsetMs).toISOString();
const make = async (viewer: Viewer, input: object): Promise<string> => (await task.ok(createTask, { input: { title: 't', ...input } }, viewer)).createTask.task.id;
const patch = (viewer: Viewer, input: object) => task.ok(updateTask, { input }, viewer);
const told = async (id: string): Promise<string[]> =>
  (await admin.query(`select type from task.events where aggregate_id = $1 and type in ('task.due-soon', 'task.overdue') order by seq`, [id])).rows.map((row) => row.type);
/** Runs both workers until neither finds anything. */
const work = async () => {
  for (let more = true; more; ) more = (await Promise.all(workers.map((worker) => tellDueTasks(worker)))).some(Boolean);
};
/** As if so much time had passed: everything about the task's dates lies that much earlier. */
const pass = (id: string, ms: number) =>
  admin.query(`update task.tasks set due_at = due_at - $2::interval where id = $1`, [id, `${ms} milliseconds`]);

describe('due-soon and overdue (RULES §4)', () => {
  test('are told by the worker on its own, without a new version, as changes that one can follow', async () => {
    const ada = someViewer();
    const id = await make(ada, { dueAt: at(2_500) });
    await eventually(async () => expect(await told(id)).toEqual(['task.due-soon', 'task.overdue']));
    const { taskChanges } = await task.ok('query ($id: ID!) { taskChanges(scope: { taskId: $id }) { nodes { kind changes { field } actor { id } task { version overdue } } } }', { id }, ada);
    expect(taskChanges.nodes).toMatchObject([
      { kind: 'CREATED' },
      { kind: 'DUE_SOON', changes: [], actor: null },
      { kind: 'OVERDUE', changes: [], actor: null, task: { version: 1, overdue: true } },
    ]);
    const { rows } = await admin.query('select version, seq from task.events where aggregate_id = $1 order by seq', [id]);
    expect(rows).toEqual([{ version: 1, seq: 1 }, { version: 1, seq: 2 }, { version: 1, seq: 3 }]);
    // The next write goes on from there.
    await patch(ada, { id, title: 'x', expectedVersion: 1 });
    const { rows: after } = await admin.query('select version, seq from task.events where aggregate_id = $1 order by seq desc limit 1', [id]);
    expect(after).toEqual([{ version: 2, seq: 4 }]);
  });

  test('come once per task and due date, however many workers look at the same time', async () => {
    const ada = someViewer();
    const ids = await Promise.all(Array.from({ length: 30 }, (_, index) => make(ada, { dueAt: at(index % 2 ? -hour : hour) })));
    await work();
    for (const [index, id] of ids.entries()) expect(await told(id)).toEqual([index % 2 ? 'task.overdue' : 'task.due-soon']);
    for (const id of ids) await patch(ada, { id, priority: 1 });
    await work();
    for (const id of ids) expect(await told(id)).toHaveLength(1);
  });

  test('a new due date is told of anew, the same one set again is not', async () => {
    const ada = someViewer();
    const dueAt = at(3 * hour);
    const id = await make(ada, { dueAt });
    await work();
    await patch(ada, { id, dueAt: null });
    await patch(ada, { id, dueAt });
    await work();
    expect(await told(id)).toEqual(['task.due-soon']);
    await patch(ada, { id, dueAt: at(72 * hour) });
    await work();
    expect(await told(id)).toHaveLength(1);
    await pass(id, 60 * hour);
    await work();
    expect(await told(id)).toHaveLength(2);
    await pass(id, 20 * hour);
    await work();
    expect(await told(id)).toEqual(['task.due-soon', 'task.due-soon', 'task.overdue']);
  });

  test('what is completed, cancelled or in the trash is not told of; what is reopened is', async () => {
    const ada = someViewer();
    const [completed, cancelled, trashed] = [await make(ada, { dueAt: at(48 * hour) }), await make(ada, { dueAt: at(48 * hour) }), await make(ada, { dueAt: at(48 * hour) })];
    await patch(ada, { id: completed, status: 'COMPLETED' });
    await patch(ada, { id: cancelled, status: 'CANCELLED' });
    await task.ok('mutation ($id: ID!) { deleteTask(input: { id: $id }) { task { id } } }', { id: trashed }, ada);
    for (const id of [completed, cancelled, trashed]) await pass(id, 40 * hour);
    await work();
    for (const id of [completed, cancelled, trashed]) expect(await told(id)).toEqual([]);
    await patch(ada, { id: completed, status: 'PENDING' });
    await work();
    expect(await told(completed)).toEqual(['task.due-soon']);
  });

  test('pause while the project is archived (RULES §1)', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'ARC');
    const id = await make(ada, { projectId, dueAt: at(48 * hour) });
    const scope = scopeId('project', projectId);
    await admin.query('update task.scopes set writable = false where scope_id = $1', [scope]);
    await pass(id, 47 * hour);
    await work();
    expect(await told(id)).toEqual([]);
    await admin.query('update task.scopes set writable = true where scope_id = $1', [scope]);
    await work();
    expect(await told(id)).toEqual(['task.due-soon']);
  });

  test('looking is cheap: the plan reads the index of what is due, not the tasks', async () => {
    await admin.query('begin; set local enable_seqscan = off');
    const { rows } = await admin.query(`explain select t.id from task.tasks t left join task.scopes s on s.scope_id = t.scope_id
      where t.notice_at <= now() and s.writable is distinct from false order by t.notice_at, t.id limit 20`);
    await admin.query('rollback');
    expect(JSON.stringify(rows)).toContain('tasks_notice');
  });
});
