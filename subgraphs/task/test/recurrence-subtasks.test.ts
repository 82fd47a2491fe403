import type { Viewer } from '@taskgraph/shared/identity';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTask, type Harness } from './harness.js';

let task: Harness;
let admin: pg.Client;
beforeAll(async () => {
  task = await startTask();
  admin = new pg.Client({ connectionString: task.database.admin });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await task.stop();
});

const fields = 'id ref title status startAt dueAt version rank labels { name } assignees { id } parent { id title } recurrence { rule }';
const mutation = (name: string, type: string) => `mutation ($input: ${type}!) { ${name}(input: $input) { undoToken cursor task { ${fields} } } }`;
const [create, update] = [mutation('createTask', 'CreateTaskInput'), mutation('updateTask', 'UpdateTaskInput')];
const [complete, reopen, trash] = [mutation('completeTask', 'TaskIdInput'), mutation('reopenTask', 'TaskIdInput'), mutation('deleteTask', 'TaskIdInput')];
const undo = 'mutation ($token: String!) { undo(input: { token: $token }) { undoToken tasks { id } } }';
const list = `query { tasks(first: 200, sort: [{ field: RANK, direction: ASC }]) { nodes { ${fields} } } }`;
const watch = 'mutation ($id: ID!) { watchTask(input: { id: $id }) { cursor } }';

interface Shown { id: string; ref: string | null; title: string; status: string; startAt: string | null; dueAt: string | null; version: number; parent: { id: string; title: string } | null; recurrence: { rule: string } | null }
const make = async (viewer: Viewer, input: object): Promise<Shown> => (await task.ok(create, { input }, viewer)).createTask.task;
const done = async (viewer: Viewer, id: string) => (await task.ok(complete, { input: { id } }, viewer)).completeTask;
const all = async (viewer: Viewer): Promise<Shown[]> => (await task.ok(list, {}, viewer)).tasks.nodes;
const weekly = { rule: 'FREQ=WEEKLY', timeZone: 'UTC' };
/** Ids of the tasks that were not there before. */
const since = async (viewer: Viewer, known: Shown[]) => (await all(viewer)).filter((row) => !known.some(({ id }) => id === row.id));

describe('the subtasks of a recurring task (RULES §6)', () => {
  test('come along with the next instance: open, in their order, at the same distance to its due date, and in one transaction', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'SUB');
    task.addMember('project', projectId, bob, 'MEMBER');
    const label = (await task.ok('mutation ($input: CreateLabelInput!) { createLabel(input: $input) { label { id } } }', { input: { projectId, name: 'Books' } }, ada)).createLabel.label.id;
    const root = await make(ada, { projectId, title: 'close the week', dueAt: '2099-06-05T12:00:00Z', recurrence: weekly });
    const early = await make(ada, { projectId, title: 'collect', parentId: root.id, startAt: '2099-06-03T08:00:00Z', dueAt: '2099-06-04T12:00:00Z', assigneeIds: [bob.id], labelIds: [label] });
    const late = await make(ada, { projectId, title: 'file', parentId: root.id, status: 'CANCELLED' });
    await make(ada, { projectId, title: 'receipts', parentId: early.id, dueAt: '2099-06-02T12:00:00Z', status: 'COMPLETED' });
    const gone = await make(ada, { projectId, title: 'never again', parentId: root.id });
    await task.ok(trash, { input: { id: gone.id } }, ada);
    await task.ok(watch, { id: late.id }, bob);
    const known = await all(ada);
    await done(ada, root.id);

    const made = await since(ada, known);
    const byTitle = new Map(made.map((row) => [row.title, row]));
    expect(made.map((row) => row.title)).toEqual(['close the week', 'collect', 'file', 'receipts']);
    expect(made.map((row) => row.ref)).toEqual(['SUB-6', 'SUB-7', 'SUB-8', 'SUB-9']);
    expect(made.every((row) => row.status === 'PENDING' && row.version === 1)).toBe(true);
    expect(byTitle.get('collect')).toMatchObject({
      startAt: '2099-06-10T08:00:00.000Z', dueAt: '2099-06-11T12:00:00.000Z', parent: { id: byTitle.get('close the week')?.id }, assignees: [{ id: bob.id }], labels: [{ name: 'Books' }],
    });
    expect(byTitle.get('file')).toMatchObject({ dueAt: null, parent: { id: byTitle.get('close the week')?.id } });
    expect(byTitle.get('receipts')).toMatchObject({ dueAt: '2099-06-09T12:00:00.000Z', parent: { id: byTitle.get('collect')?.id } });

    const { rows } = await admin.query('select type, xid::text, payload from task.events where aggregate_id = any ($1) order by xid, ordinal', [made.map((row) => row.id)]);
    expect(rows.map((row) => row.type)).toEqual(Array(4).fill('task.created'));
    expect(new Set(rows.map((row) => row.xid)).size).toBe(1);
    // A filter on labels judges by what the event carries.
    expect(rows.find((row) => row.payload.state.title === 'collect').payload.state.labels).toEqual(['books']);
    expect((await admin.query('select user_id from task.task_watchers where task_id = $1', [byTitle.get('file')?.id])).rows).toEqual([{ user_id: bob.id }]);
  });

  test('lose dates that would have passed, and all dates where the task itself had none', async () => {
    const ada = someViewer();
    const root = await make(ada, { title: 'late', dueAt: '2026-01-05T08:00:00Z', recurrence: weekly });
    // Eight days before the due date is before now, whatever day it is: the next due date is at most seven days away.
    await make(ada, { title: 'before', parentId: root.id, startAt: '2025-12-28T08:00:00Z', dueAt: '2026-01-06T08:00:00Z' });
    const known = await all(ada);
    await done(ada, root.id);
    const [next, sub] = await since(ada, known) as [Shown, Shown];
    expect(sub).toMatchObject({ title: 'before', startAt: null, dueAt: new Date(new Date(next.dueAt as string).getTime() + 86_400_000).toISOString() });

    const undated = await make(ada, { title: 'whenever', recurrence: weekly });
    await make(ada, { title: 'dated', parentId: undated.id, dueAt: '2099-01-01T00:00:00Z' });
    const before = await all(ada);
    await done(ada, undated.id);
    expect((await since(ada, before)).find((row) => row.title === 'dated')).toMatchObject({ dueAt: null });
  });

  test('that repeat by themselves come once, as a series of their own', async () => {
    const ada = someViewer();
    const root = await make(ada, { title: 'month', dueAt: '2099-06-30T12:00:00Z', recurrence: { rule: 'FREQ=MONTHLY', timeZone: 'UTC' } });
    const check = await make(ada, { title: 'check', parentId: root.id, dueAt: '2099-06-01T12:00:00Z', recurrence: weekly });
    await done(ada, check.id);
    const known = await all(ada);
    expect(known.filter((row) => row.title === 'check')).toHaveLength(2);
    await done(ada, root.id);
    const made = await since(ada, known);
    expect(made.map((row) => [row.title, row.recurrence?.rule])).toEqual([['month', 'FREQ=MONTHLY'], ['check', 'FREQ=WEEKLY']]);
    const { rows } = await admin.query('select count(distinct series_id)::int as series from task.tasks where title = $1 and creator_id = $2', ['check', ada.id]);
    expect(rows).toEqual([{ series: 2 }]);
  });

  test('are made once however many complete at the same time', async () => {
    const ada = someViewer();
    const root = await make(ada, { title: 'root', dueAt: '2099-06-05T12:00:00Z', recurrence: weekly });
    for (const title of ['a', 'b', 'c']) await make(ada, { title, parentId: root.id });
    const known = await all(ada);
    await Promise.all(Array.from({ length: 4 }, () => done(ada, root.id)));
    expect((await since(ada, known)).map((row) => row.title)).toEqual(['root', 'a', 'b', 'c']);

    // Two instances of the series that stand before the same occurrence.
    await task.ok(reopen, { input: { id: root.id } }, ada);
    const next = (await all(ada)).find((row) => row.title === 'root' && row.id !== root.id) as Shown;
    await task.ok(update, { input: { id: root.id, dueAt: next.dueAt } }, ada);
    const before = await all(ada);
    await Promise.all([done(ada, root.id), done(ada, next.id)]);
    expect((await since(ada, before)).map((row) => row.title)).toEqual(['root', 'a', 'b', 'c']);
  });

  test('go to the trash with the instance when the completion is undone, and come back when that is undone', async () => {
    const ada = someViewer();
    const root = await make(ada, { title: 'root', dueAt: '2099-06-05T12:00:00Z', recurrence: weekly });
    await make(ada, { title: 'sub', parentId: root.id });
    const known = await all(ada);
    const { undoToken } = await done(ada, root.id);
    const made = (await since(ada, known)).map((row) => row.id).toSorted();
    const { undo: undone } = await task.ok(undo, { token: undoToken }, ada);
    expect(await since(ada, known)).toEqual([]);
    expect((await all(ada)).find((row) => row.id === root.id)?.status).toBe('PENDING');
    await task.ok(undo, { token: undone.undoToken }, ada);
    expect((await since(ada, known)).map((row) => row.id).toSorted()).toEqual(made);
  });

  test.each([
    ['changed', async (ada: Viewer, sub: string) => task.ok(update, { input: { id: sub, priority: 1 } }, ada)],
    ['trashed', async (ada: Viewer, sub: string) => task.ok(trash, { input: { id: sub } }, ada)],
    ['given a subtask', async (ada: Viewer, sub: string) => task.ok(create, { input: { title: 'more', parentId: sub } }, ada)],
  ])('keep the completion from being undone once one of them was %s: CONFLICT, and nothing is written', async (_how, touch) => {
    const ada = someViewer();
    const root = await make(ada, { title: 'root', dueAt: '2099-06-05T12:00:00Z', recurrence: weekly });
    await make(ada, { title: 'sub', parentId: root.id });
    const known = await all(ada);
    const { undoToken } = await done(ada, root.id);
    const made = await since(ada, known);
    await touch(ada, made.find((row) => row.title === 'sub')?.id as string);
    const before = await all(ada);
    expect(await task.refused(undo, { token: undoToken }, ada)).toMatchObject({ code: 'CONFLICT', fields: ['status'] });
    expect(await all(ada)).toEqual(before);
  });
});
