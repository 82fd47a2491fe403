import type { Viewer } from '@taskgraph/shared/identity';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTask, startTask, type Harness } from './harness.js';

let task: Harness;
beforeAll(async () => void (task = await startTask()));
afterAll(() => task.stop());

const dependency = (name: string) => `mutation ($taskId: ID!, $blockedById: ID!) { ${name}(input: { taskId: $taskId, blockedById: $blockedById }) { undoToken task { version } } }`;
const [add, remove] = [dependency('addTaskDependency'), dependency('removeTaskDependency')];
const undo = 'mutation ($token: String!) { undo(input: { token: $token }) { undoToken task { id version } } }';
const trash = 'mutation ($id: ID!) { deleteTask(input: { id: $id }) { undoToken } }';
const show = 'query ($id: ID!) { task(id: $id) { version blockedBy { id } history { nodes { kind changes { field before after } } } } }';

const make = async (viewer: Viewer, input: object = {}): Promise<string> => (await task.ok(createTask, { input: { title: 't', ...input } }, viewer)).createTask.task.id;
const link = async (viewer: Viewer, taskId: string, blockedById: string): Promise<string | null> => (await task.ok(add, { taskId, blockedById }, viewer)).addTaskDependency.undoToken;
const unlink = async (viewer: Viewer, taskId: string, blockedById: string): Promise<string | null> => (await task.ok(remove, { taskId, blockedById }, viewer)).removeTaskDependency.undoToken;
const takeBack = async (viewer: Viewer, token: string | null) => (await task.ok(undo, { token }, viewer)).undo;
const shown = async (viewer: Viewer, id: string) => (await task.ok(show, { id }, viewer)).task;
const blockers = async (viewer: Viewer, id: string): Promise<string[]> => (await shown(viewer, id)).blockedBy.map((row: { id: string }) => row.id);

describe('undo of dependencies (RULES §6)', () => {
  test('takes back an added and a removed one, each as a write of its own that can itself be undone', async () => {
    const ada = someViewer();
    const [a, b, c] = [await make(ada), await make(ada), await make(ada)];
    const added = await link(ada, a, b);
    await link(ada, a, c);
    const again = await takeBack(ada, added);
    expect(again.task).toMatchObject({ id: a, version: 4 });
    expect(await blockers(ada, a)).toEqual([c]);
    const redone = await takeBack(ada, again.undoToken);
    // In its old place.
    expect(await blockers(ada, a)).toEqual([b, c]);
    await takeBack(ada, redone.undoToken);

    const removed = await unlink(ada, a, c);
    await takeBack(ada, removed);
    const now = await shown(ada, a);
    expect(now).toMatchObject({ version: 8, blockedBy: [{ id: c }] });
    expect(now.history.nodes.at(-1)).toMatchObject({ kind: 'UPDATED', changes: [{ field: 'blockedBy', before: [], after: [c] }, { field: 'blocked', before: false, after: true }] });
  });

  test('works once, for the same viewer; what changed nothing gives no token; a resend shows the same one (RULES §3)', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'UND');
    task.addMember('project', projectId, bob, 'MEMBER');
    const [a, b] = [await make(ada, { projectId }), await make(ada, { projectId })];
    const send = () => task.query(add, { taskId: a, blockedById: b }, ada, { 'idempotency-key': 'link' });
    const token = (await send()).data.addTaskDependency.undoToken;
    expect(token).toEqual(expect.any(String));
    expect((await send()).data.addTaskDependency.undoToken).toBe(token);
    expect(await link(ada, a, b)).toBeNull();
    expect(await task.refused(undo, { token }, bob)).toMatchObject({ code: 'BAD_USER_INPUT' });
    await takeBack(ada, token);
    expect(await task.refused(undo, { token }, ada)).toMatchObject({ code: 'CONFLICT' });
    expect(await unlink(ada, a, b)).toBeNull();
  });

  test('is CONFLICT where somebody changed the same dependency since, and nothing is written', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'UNC');
    task.addMember('project', projectId, bob, 'MEMBER');
    const [a, b] = [await make(ada, { projectId }), await make(ada, { projectId })];
    const added = await link(ada, a, b);
    await unlink(bob, a, b);
    expect(await task.refused(undo, { token: added }, ada)).toMatchObject({ code: 'CONFLICT', fields: ['blockedBy'], current: { version: 3, blockedBy: [] } });
    await link(ada, a, b);
    const removed = await unlink(ada, a, b);
    await link(bob, a, b);
    expect(await task.refused(undo, { token: removed }, ada)).toMatchObject({ code: 'CONFLICT', fields: ['blockedBy'], current: { blockedBy: [b] } });
    expect((await shown(ada, a)).version).toBe(6);
  });

  test('is CONFLICT where it would close a circle by now, or one of the two lies in the trash; NOT_FOUND where the other is out of sight', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(bob, 'UNX');
    task.addMember('project', projectId, ada, 'MEMBER');
    const [a, b, theirs] = [await make(ada), await make(ada), await make(bob, { projectId })];
    await link(ada, a, b);
    const removed = await unlink(ada, a, b);
    const other = await link(ada, b, a);
    expect(await task.refused(undo, { token: removed }, ada)).toMatchObject({ code: 'CONFLICT', fields: ['blockedBy'] });
    await takeBack(ada, other);
    await task.ok(trash, { id: b }, ada);
    expect(await task.refused(undo, { token: removed }, ada)).toMatchObject({ code: 'CONFLICT' });

    await link(ada, a, theirs);
    const gone = await unlink(ada, a, theirs);
    const kept = await link(ada, a, theirs);
    await unlink(ada, a, theirs);
    task.removeMember('project', projectId, ada);
    // The copy of memberships hears of it a moment later; until then it says yes.
    await eventually(async () => expect(await task.refused(trash, { id: theirs }, ada)).toMatchObject({ code: 'NOT_FOUND' }));
    expect(await task.refused(undo, { token: gone }, ada)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await task.refused(undo, { token: kept }, ada)).toMatchObject({ code: 'CONFLICT', current: { blockedBy: [] } });
  });
});
