import type { Viewer } from '@taskgraph/shared/identity';
import { openDatabase } from '@taskgraph/shared/database';
import { createLogger } from '@taskgraph/shared/logger';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entities } from '../src/database.js';
import { tellRenames } from '../src/jobs/tell-renames.js';
import { createTask, startTask, updateTask, type Harness } from './harness.js';

let task: Harness;
let admin: pg.Client;
const workers: DataSource[] = [];
beforeAll(async () => {
  // The test itself is the worker, so that it decides what comes first.
  task = await startTask(undefined, { ROLES: 'api' });
  admin = new pg.Client(task.database.admin);
  await admin.connect();
  const log = createLogger({ service: 'task worker', level: 'silent' });
  for (let count = 0; count < 2; count += 1) workers.push(await openDatabase({ url: task.database.worker, poolSize: 2, entities, applicationName: 'test worker', log }));
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.destroy()));
  await admin.end();
  await task.stop();
});

const changes = `query ($scope: TaskScope!, $filter: TaskFilter, $after: String) {
  taskChanges(scope: $scope, filter: $filter, after: $after, first: 500) { head nodes { kind taskId actor { id } changes { field before after } task { version } } }
}`;
interface Node { kind: string; taskId: string }
const read = async (viewer: Viewer, projectId: string, after: string | null, name: string | null): Promise<Node[]> =>
  (await task.ok(changes, { scope: { projectId }, after, filter: name && { label: { eq: name } } }, viewer)).taskChanges.nodes;
const kinds = async (viewer: Viewer, projectId: string, after: string, name: string) => (await read(viewer, projectId, after, name)).map((node) => node.kind);
const head = async (viewer: Viewer, projectId: string): Promise<string> => (await task.ok(changes, { scope: { projectId } }, viewer)).taskChanges.head;
const makeLabel = async (viewer: Viewer, projectId: string, name: string): Promise<string> =>
  (await task.ok('mutation ($input: CreateLabelInput!) { createLabel(input: $input) { label { id } } }', { input: { projectId, name } }, viewer)).createLabel.label.id;
const rename = (viewer: Viewer, id: string, name: string) => task.ok('mutation ($input: UpdateLabelInput!) { updateLabel(input: $input) { label { name } } }', { input: { id, name } }, viewer);
const make = async (viewer: Viewer, input: object): Promise<string> => (await task.ok(createTask, { input: { title: 't', ...input } }, viewer)).createTask.task.id;
const patch = (viewer: Viewer, input: object) => task.ok(updateTask, { input }, viewer);
/** Both workers, until neither has anything to do. */
async function tell(): Promise<void> {
  for (let more = true; more; ) more = (await Promise.all(workers.map((worker) => tellRenames(worker)))).some(Boolean);
}
/** As if the pause before the second look were over. */
async function tellAgain(): Promise<void> {
  await admin.query('update task.label_renames set look_at = now()');
  await tell();
}

describe('a renamed label in the change log (RULES §4)', () => {
  test('moves each task that carries it out of one filter and into another, once, without a version, however many workers tell of it', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'REN');
    task.addMember('project', projectId, bob, 'MAINTAINER');
    const [label, other] = [await makeLabel(ada, projectId, 'Urgent'), await makeLabel(ada, projectId, 'Other')];
    const ids: string[] = [];
    for (let count = 0; count < 25; count += 1) ids.push(await make(ada, { projectId, labelIds: [label, other] }));
    const unrelated = await make(ada, { projectId, labelIds: [other] });
    const start = await head(ada, projectId);
    await rename(bob, label, 'Later');
    await tell();
    await tellAgain();
    for (const [name, kind] of [['URGENT', 'LEFT'], ['later', 'ENTERED'], ['other', 'UPDATED']] as const) {
      const nodes = await read(ada, projectId, start, name);
      expect(nodes.map((node) => node.taskId).toSorted()).toEqual(ids.toSorted());
      expect(new Set(nodes.map((node) => node.kind))).toEqual(new Set([kind]));
    }
    const [node] = await read(ada, projectId, start, null);
    expect(node).toMatchObject({ kind: 'UPDATED', actor: { id: bob.id }, task: { version: 1 }, changes: [{ field: 'labels', before: expect.arrayContaining(['urgent', 'other']), after: expect.arrayContaining(['later', 'other']) }] });
    expect((await read(ada, projectId, start, null)).map((one) => one.taskId)).not.toContain(unrelated);
    expect((await admin.query('select 1 from task.label_renames')).rowCount).toBe(0);
    // The log is a chain: each event begins with what the one before it told.
    await patch(ada, { id: ids[0], labelIds: [other] });
    expect(await kinds(ada, projectId, start, 'later')).toContain('LEFT');
    expect(await kinds(ada, projectId, start, 'urgent')).toEqual(Array(25).fill('LEFT'));
  });

  test('is told with whatever else happens to a task first, and then not again', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'FST');
    const label = await makeLabel(ada, projectId, 'a');
    const [changed, stripped, gone] = [await make(ada, { projectId, labelIds: [label] }), await make(ada, { projectId, labelIds: [label] }), await make(ada, { projectId, labelIds: [label] })];
    const start = await head(ada, projectId);
    await rename(ada, label, 'b');
    await patch(ada, { id: changed, priority: 1 });
    await patch(ada, { id: stripped, labelIds: [] });
    await task.ok('mutation ($id: ID!) { deleteTask(input: { id: $id }) { cursor } }', { id: gone }, ada);
    await tell();
    const seen = async (name: string) => (await read(ada, projectId, start, name)).map((node) => [node.taskId, node.kind]);
    expect(await seen('a')).toEqual([[changed, 'LEFT'], [stripped, 'LEFT'], [gone, 'DELETED']]);
    expect(await seen('b')).toEqual([[changed, 'ENTERED']]);
    expect(await read(ada, projectId, start, null)).toHaveLength(3);
  });

  test('twice before anything was told is told once, from the first name to the last; another case of the same name is nothing', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'TWI');
    const label = await makeLabel(ada, projectId, 'one');
    await make(ada, { projectId, labelIds: [label] });
    const start = await head(ada, projectId);
    await rename(ada, label, 'two');
    await rename(ada, label, 'three');
    await tell();
    expect(await kinds(ada, projectId, start, 'one')).toEqual(['LEFT']);
    expect(await kinds(ada, projectId, start, 'two')).toEqual([]);
    expect(await kinds(ada, projectId, start, 'three')).toEqual(['ENTERED']);
    await tellAgain();
    await rename(ada, label, 'THREE');
    expect((await admin.query('select 1 from task.label_renames where label_id = $1', [label])).rowCount).toBe(0);
  });

  test('is told of a task that was given the label by a write under way, at the second look', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'SND');
    const label = await makeLabel(ada, projectId, 'before');
    const late = await make(ada, { projectId, labelIds: [label] });
    const start = await head(ada, projectId);
    await rename(ada, label, 'after');
    // The write had read the old name and commits behind the first look.
    await admin.query('delete from task.task_labels where task_id = $1', [late]);
    await tell();
    expect(await kinds(ada, projectId, start, 'after')).toEqual([]);
    await admin.query('insert into task.task_labels (task_id, label_id, scope_id) select id, $2, scope_id from task.tasks where id = $1', [late, label]);
    await tellAgain();
    expect(await kinds(ada, projectId, start, 'after')).toEqual(['ENTERED']);
    expect((await admin.query('select 1 from task.label_renames where label_id = $1', [label])).rowCount).toBe(0);
  });
});
