import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTask, startTask, updateTask, type Harness } from './harness.js';

let task: Harness;
const statements: string[] = [];
const collect = ({ sql }: { sql?: string }) => sql && /from labels /.test(sql) && statements.push(sql);
const log = pino({ level: 'trace' }, { write: (line: string) => void collect(JSON.parse(line) as { sql?: string }) });
beforeAll(async () => void (task = await startTask(log)));
afterAll(() => task.stop());

const createLabel = 'mutation ($input: CreateLabelInput!) { createLabel(input: $input) { label { id name color } } }';
const updateLabel = 'mutation ($input: UpdateLabelInput!) { updateLabel(input: $input) { label { id name color } } }';
const deleteLabel = 'mutation ($input: DeleteLabelInput!) { deleteLabel(input: $input) { id } }';
const show = 'query ($id: ID!) { task(id: $id) { version labels { id name } } }';
const ofProject = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Project { labels { id name color } } } }';
const labelsOf = async (projectId: string, viewer: Viewer | null) =>
  (await task.ok(ofProject, { r: [{ __typename: 'Project', id: projectId }] }, viewer))._entities[0].labels;
const make = async (viewer: Viewer, projectId: string, name: string): Promise<string> =>
  (await task.ok(createLabel, { input: { projectId, name } }, viewer)).createLabel.label.id;
const makeTask = async (viewer: Viewer, input: object) => (await task.ok(createTask, { input: { title: 't', ...input } }, viewer)).createTask.task;

describe('labels of a project', () => {
  test('MAINTAINER and OWNER manage them, others see them, strangers hear of none (RULES §1)', async () => {
    const [owner, maintainer, member, viewer, eve] = [someViewer(), someViewer(), someViewer(), someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'LBA');
    task.addMember('project', projectId, maintainer, 'MAINTAINER');
    task.addMember('project', projectId, member, 'MEMBER');
    task.addMember('project', projectId, viewer, 'VIEWER');
    const bug = (await task.ok(createLabel, { input: { projectId, name: 'Bug', color: '#FF0000' } }, maintainer)).createLabel.label;
    expect(bug).toEqual({ id: expect.any(String), name: 'Bug', color: '#FF0000' });
    await make(owner, projectId, 'api');
    const listed = [{ id: expect.any(String), name: 'api', color: '#808080' }, bug];
    for (const person of [owner, member, viewer]) expect(await labelsOf(projectId, person)).toEqual(listed);
    expect(await labelsOf(projectId, eve)).toBeNull();
    expect(await labelsOf(projectId, null)).toBeNull();
    for (const [document, input] of [[createLabel, { projectId, name: 'x' }], [updateLabel, { id: bug.id, name: 'x' }], [deleteLabel, { id: bug.id }]] as const) {
      expect(await task.refused(document, { input }, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await task.refused(document, { input }, member)).toMatchObject({ code: 'FORBIDDEN' });
      expect(await task.refused(document, { input }, viewer)).toMatchObject({ code: 'FORBIDDEN' });
      const foreign = await task.query(document, { input }, eve);
      const missing = await task.query(document, { input: 'id' in input ? { ...input, id: newId() } : { ...input, projectId: newId() } }, eve);
      expect(foreign.errors?.[0]).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
      expect(foreign.errors?.[0]?.message).toBe(missing.errors?.[0]?.message);
    }
  });

  test('names are unique in a project whatever the case, also when made at once', async () => {
    const owner = someViewer();
    const [one, other] = [task.addProject(owner, 'LBB'), task.addProject(owner, 'LBC')];
    const names = ['Süß', 'süß', 'SÜß', 'sÜß'];
    const answers = await Promise.all(names.map((name) => task.query(createLabel, { input: { projectId: one, name } }, owner)));
    expect(answers.filter((answer) => !answer.errors)).toHaveLength(1);
    for (const { errors } of answers) if (errors) expect(errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    await make(owner, other, 'süß');
    const second = await make(owner, one, 'second');
    expect(await task.refused(updateLabel, { input: { id: second, name: 'SÜß' } }, owner)).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    const renamed = (await task.ok(updateLabel, { input: { id: second, name: 'SECOND' } }, owner)).updateLabel.label;
    expect(renamed).toEqual({ id: second, name: 'SECOND', color: '#808080' });
    expect((await task.ok(updateLabel, { input: { id: second } }, owner)).updateLabel.label).toEqual(renamed);
  });

  test.each([
    [{ name: '' }, 'input.name'], [{ name: ' x' }, 'input.name'], [{ name: 'x'.repeat(65) }, 'input.name'], [{ name: 'a\u0000' }, 'input.name'],
    [{ name: 'ok', color: 'red' }, 'input.color'], [{ name: 'ok', color: '#12345' }, 'input.color'],
  ])('bad input is BAD_USER_INPUT naming the path: %j', async (input, path) => {
    const owner = someViewer();
    const projectId = task.addProject(owner, 'LBD');
    expect(await task.refused(createLabel, { input: { projectId, ...input } }, owner)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  });

  test('an archived project takes no label (RULES §1), and a resend under one key is one label (RULES §3)', async () => {
    const owner = someViewer();
    const projectId = task.addProject(owner, 'LBE');
    const twice = () => task.query(createLabel, { input: { projectId, name: 'once' } }, owner, { 'idempotency-key': 'label-1' });
    const [first, second] = [await twice(), await twice()];
    expect(second.data).toEqual(first.data);
    expect(await labelsOf(projectId, owner)).toHaveLength(1);
    const closed = newId();
    task.project.setMember(closed, owner.id, { role: 'OWNER', version: 1, key: 'OLD', writable: false });
    expect(await task.refused(createLabel, { input: { projectId: closed, name: 'x' } }, owner)).toMatchObject({ code: 'CONFLICT' });
  });
});

describe('labels of a task', () => {
  test('only labels of its own project can be set; each set is one change; labels of a page cost one statement', async () => {
    const owner = someViewer();
    const [projectId, other] = [task.addProject(owner, 'LBF'), task.addProject(owner, 'LBG')];
    const [bug, api, foreign] = [await make(owner, projectId, 'bug'), await make(owner, projectId, 'api'), await make(owner, other, 'bug')];
    const made = await makeTask(owner, { projectId, labelIds: [bug, api] });
    expect((await task.ok(show, { id: made.id }, owner)).task).toEqual({ version: 1, labels: [{ id: api, name: 'api' }, { id: bug, name: 'bug' }] });
    for (const labelIds of [[foreign], [newId()], ['nothing']]) {
      expect(await task.refused(updateTask, { input: { id: made.id, labelIds } }, owner)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.labelIds' }] });
      expect(await task.refused(createTask, { input: { title: 'x', projectId, labelIds } }, owner)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.labelIds' }] });
    }
    expect(await task.refused(createTask, { input: { title: 'personal', labelIds: [bug] } }, owner)).toMatchObject({ code: 'BAD_USER_INPUT' });
    // The same labels in another order are no change.
    await task.ok(updateTask, { input: { id: made.id, labelIds: [api, bug, api] } }, owner);
    await task.ok(updateTask, { input: { id: made.id, labelIds: [api] } }, owner);
    expect((await task.ok(show, { id: made.id }, owner)).task).toEqual({ version: 2, labels: [{ id: api, name: 'api' }] });
    await task.ok(updateTask, { input: { id: made.id, labelIds: null } }, owner);
    expect((await task.ok(show, { id: made.id }, owner)).task).toEqual({ version: 3, labels: [] });

    for (let index = 0; index < 5; index += 1) await makeTask(owner, { projectId, labelIds: [bug] });
    statements.length = 0;
    const page = await task.ok('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Project { tasks { nodes { labels { name } } } } } }', {
      r: [{ __typename: 'Project', id: projectId }],
    }, owner);
    expect(page._entities[0].tasks.nodes.filter((node: { labels: unknown[] }) => node.labels.length === 1)).toHaveLength(5);
    expect(statements).toHaveLength(1);
  });

  test('a bulk adds and takes off labels, task by task with labels of its own project (RULES §2)', async () => {
    const owner = someViewer();
    const [projectId, other] = [task.addProject(owner, 'LBJ'), task.addProject(owner, 'LBK')];
    const [a, b] = [await make(owner, projectId, 'a'), await make(owner, projectId, 'b')];
    const [first, second, foreign] = [await makeTask(owner, { projectId, labelIds: [b] }), await makeTask(owner, { projectId }), await makeTask(owner, { projectId: other })];
    const bulk = 'mutation ($input: BulkUpdateTasksInput!) { bulkUpdateTasks(input: $input) { results { id code } } }';
    const items = [first, second, foreign].map(({ id }) => ({ id }));
    const { results } = (await task.ok(bulk, { input: { items, patch: { addLabelIds: [a.toUpperCase()], removeLabelIds: [b.toUpperCase()] } } }, owner)).bulkUpdateTasks;
    expect(results).toEqual([{ id: first.id, code: null }, { id: second.id, code: null }, { id: foreign.id, code: 'BAD_USER_INPUT' }]);
    for (const { id } of [first, second]) expect((await task.ok(show, { id }, owner)).task).toEqual({ version: 2, labels: [{ id: a, name: 'a' }] });
  });

  test('undo brings a label back, but not one that was deleted since (RULES §6)', async () => {
    const owner = someViewer();
    const projectId = task.addProject(owner, 'LBI');
    const [kept, gone] = [await make(owner, projectId, 'kept'), await make(owner, projectId, 'gone')];
    const { id } = await makeTask(owner, { projectId, labelIds: [kept, gone] });
    const cleared = await task.ok('mutation ($id: ID!) { updateTask(input: { id: $id, labelIds: [] }) { undoToken } }', { id }, owner);
    await task.ok(deleteLabel, { input: { id: gone } }, owner);
    const admin = new pg.Client(task.database.admin);
    await admin.connect();
    await admin.query('delete from task.labels where id = $1', [gone]);
    await admin.end();
    await task.ok('mutation ($token: String!) { undo(input: { token: $token }) { cursor } }', { token: cleared.updateTask.undoToken }, owner);
    expect((await task.ok(show, { id }, owner)).task.labels).toEqual([{ id: kept, name: 'kept' }]);
  });

  test('a deleted label is gone at once and then comes off each task as a change of its own (RULES §2)', async () => {
    const [owner, member] = [someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'LBH');
    task.addMember('project', projectId, member, 'MEMBER');
    const [old, kept] = [await make(owner, projectId, 'old'), await make(owner, projectId, 'kept')];
    // More tasks than one batch of the worker takes.
    const ids: string[] = [];
    for (let index = 0; index < 25; index += 1) ids.push((await makeTask(member, { projectId, labelIds: [old, kept] })).id);
    const { taskChanges: before } = await task.ok('query ($scope: TaskScope!) { taskChanges(scope: $scope) { head } }', { scope: { projectId } }, owner);
    expect((await task.ok(deleteLabel, { input: { id: old } }, owner)).deleteLabel).toEqual({ id: old });
    expect(await labelsOf(projectId, owner)).toEqual([{ id: kept, name: 'kept', color: '#808080' }]);
    expect((await task.ok(show, { id: ids[0] }, owner)).task.labels).toEqual([{ id: kept, name: 'kept' }]);
    expect(await task.refused(deleteLabel, { input: { id: old } }, owner)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await task.refused(updateTask, { input: { id: ids[0], labelIds: [old] } }, owner)).toMatchObject({ code: 'BAD_USER_INPUT' });
    await make(owner, projectId, 'OLD');
    const changes = 'query ($scope: TaskScope!, $after: String) { taskChanges(scope: $scope, after: $after) { nodes { kind taskId actor { id } changes { field before after } task { version } } } }';
    await eventually(async () => {
      const { nodes } = (await task.ok(changes, { scope: { projectId }, after: before.head }, owner)).taskChanges;
      expect(nodes.map((node: { taskId: string }) => node.taskId).sort()).toEqual(ids.toSorted());
      for (const node of nodes) {
        expect(node).toMatchObject({ kind: 'UPDATED', actor: { id: owner.id }, task: { version: 2 }, changes: [{ field: 'labelIds', after: [kept] }] });
        expect(node.changes).toHaveLength(1);
      }
    });
    // The row goes once no write that was checked before can bring it back.
    const admin = new pg.Client(task.database.admin);
    await admin.connect();
    try {
      await admin.query(`update task.follow_ups set created_at = now() - interval '1 hour', look_at = now() where label_id = $1`, [old]);
      await eventually(async () => expect((await admin.query('select 1 from task.labels where id = $1', [old])).rowCount).toBe(0));
      expect((await admin.query('select 1 from task.follow_ups where label_id = $1', [old])).rowCount).toBe(0);
    } finally {
      await admin.end();
    }
  });
});
