import type { Viewer } from '@taskgraph/shared/identity';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTask, startTask, updateTask, type Harness } from './harness.js';

let task: Harness;
beforeAll(async () => void (task = await startTask()));
afterAll(() => task.stop());

const watch = 'mutation ($id: ID!) { watchTask(input: { id: $id }) { cursor task { version watchers { id } } } }';
const unwatch = 'mutation ($id: ID!) { unwatchTask(input: { id: $id }) { cursor task { version watchers { id } } } }';
const changes = `query ($scope: TaskScope!, $after: String, $until: String) {
  taskChanges(scope: $scope, after: $after, until: $until) { head nodes { kind taskId changes { field } task { id } } } }`;
const read = async (viewer: Viewer, variables: object) => (await task.ok(changes, variables, viewer)).taskChanges;
const kinds = async (viewer: Viewer, variables: object): Promise<string[]> => (await read(viewer, variables)).nodes.map((node: { kind: string }) => node.kind);
const head = async (viewer: Viewer): Promise<string> => (await read(viewer, { scope: { mine: true } })).head;
const make = async (viewer: Viewer, input: object): Promise<string> => (await task.ok(createTask, { input: { title: 't', ...input } }, viewer)).createTask.task.id;
const patch = async (viewer: Viewer, input: object) => (await task.ok(updateTask, { input }, viewer)).updateTask;

async function withAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client(task.database.admin);
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

describe('watching (RULES §2)', () => {
  test('makes no version and no change but in the watcher\'s own list: ENTERED, LEFT, and what happens between', async () => {
    const [owner, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'WTA');
    task.addMember('project', projectId, bob, 'VIEWER');
    const id = await make(owner, { projectId });
    const after = await head(owner);
    const first = (await task.ok(watch, { id }, bob)).watchTask;
    expect(first.task).toEqual({ version: 1, watchers: [{ id: bob.id }] });
    expect((await task.ok(watch, { id }, bob)).watchTask).toEqual(first);
    await patch(owner, { id, priority: 1 });
    const last = (await task.ok(unwatch, { id }, bob)).unwatchTask;
    expect(last.task).toEqual({ version: 2, watchers: [] });
    await patch(owner, { id, priority: 2 });
    const until = (await task.ok(unwatch, { id }, bob)).unwatchTask.cursor;
    expect(await kinds(bob, { scope: { mine: true }, after, until })).toEqual(['ENTERED', 'UPDATED', 'LEFT']);
    for (const scope of [{ projectId }, { taskId: id }]) {
      for (const viewer of [owner, bob]) expect(await kinds(viewer, { scope, after, until })).toEqual(['UPDATED', 'UPDATED']);
    }
    expect(await kinds(owner, { scope: { mine: true }, after, until })).toEqual(['UPDATED', 'UPDATED']);
  });

  test('who is tied to the task anyway sees neither ENTERED nor LEFT for watching it', async () => {
    const [owner, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'WTB');
    task.addMember('project', projectId, bob, 'MEMBER');
    const id = await make(owner, { projectId, assigneeIds: [bob.id] });
    const after = await head(owner);
    for (const viewer of [owner, bob]) await task.ok(watch, { id }, viewer);
    await patch(owner, { id, assigneeIds: [] });
    // The watch is the last tie.
    await task.ok(unwatch, { id }, bob);
    const until = (await task.ok(unwatch, { id }, owner)).unwatchTask.cursor;
    expect(await kinds(bob, { scope: { mine: true }, after, until })).toEqual(['ASSIGNED', 'LEFT']);
    expect(await kinds(owner, { scope: { mine: true }, after, until })).toEqual(['ASSIGNED']);
  });

  test('strangers hear of no task, the trash cannot be watched, and watching at once counts everybody', async () => {
    const owner = someViewer();
    const projectId = task.addProject(owner, 'WTC');
    const id = await make(owner, { projectId });
    expect(await task.refused(watch, { id }, someViewer())).toMatchObject({ code: 'NOT_FOUND' });
    expect(await task.refused(watch, { id }, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
    const members = Array.from({ length: 8 }, () => someViewer());
    for (const member of members) task.addMember('project', projectId, member, 'VIEWER');
    await Promise.all(members.map((member) => task.ok(watch, { id }, member)));
    const shown = await task.ok('query ($id: ID!) { task(id: $id) { version watchers { id } } }', { id }, owner);
    expect(shown.task.version).toBe(1);
    expect(shown.task.watchers.map((user: { id: string }) => user.id).sort()).toEqual(members.map((member) => member.id).sort());
    await task.ok('mutation ($id: ID!) { deleteTask(input: { id: $id }) { cursor } }', { id }, owner);
    expect(await task.refused(watch, { id }, owner)).toMatchObject({ code: 'CONFLICT' });
  });

  test('a resend under one key is one watch (RULES §3)', async () => {
    const ada = someViewer();
    const id = await make(ada, {});
    const send = (document: string, key: string) => task.query(document, { id }, ada, { 'idempotency-key': key });
    const first = await send(watch, 'w');
    await send(unwatch, 'u');
    const again = await send(watch, 'w');
    // The same place; the task as it is by now.
    expect(again.data.watchTask).toEqual({ cursor: first.data.watchTask.cursor, task: { version: 1, watchers: [] } });
  });
});

describe('who loses access (RULES §1)', () => {
  test('stops being assignee and watcher: one version and event per task, LEFT once per tied task in their own list', async () => {
    const [owner, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'WTD');
    const elsewhere = task.addProject(owner, 'WTE');
    for (const place of [projectId, elsewhere]) task.addMember('project', place, bob, 'MEMBER');
    const assigned: string[] = [];
    for (let index = 0; index < 23; index += 1) assigned.push(await make(owner, { projectId, assigneeIds: [bob.id, owner.id] }));
    const [watched, made, both, kept] = [
      await make(owner, { projectId }), await make(bob, { projectId }), await make(bob, { projectId, assigneeIds: [bob.id] }),
      await make(owner, { projectId: elsewhere, assigneeIds: [bob.id] }),
    ];
    await task.ok(watch, { id: watched }, bob);
    await task.ok(watch, { id: assigned[0] }, bob);
    const after = await head(owner);
    task.removeMember('project', projectId, bob);

    await eventually(async () => {
      const mine = (await read(bob, { scope: { mine: true }, after })).nodes;
      expect(mine.map((node: { taskId: string }) => node.taskId).sort()).toEqual([...assigned, watched, made, both].sort());
      for (const node of mine) expect(node).toEqual({ kind: 'LEFT', taskId: node.taskId, changes: [], task: null });
    });
    const { nodes } = await read(owner, { scope: { projectId }, after });
    expect(nodes.map((node: { taskId: string }) => node.taskId).sort()).toEqual([...assigned, both].sort());
    for (const node of nodes) expect(node).toMatchObject({ kind: 'ASSIGNED', changes: [{ field: 'assigneeIds' }] });
    // Rows of his own list are nobody else's, in no scope.
    expect(await kinds(owner, { scope: { taskId: assigned[0] }, after })).toEqual(['ASSIGNED']);
    expect(await kinds(owner, { scope: { taskId: made }, after })).toEqual([]);
    const state = await withAdmin((admin) => admin.query('select id, version, assignee_ids, watcher_ids from task.tasks where $1 = any (assignee_ids || watcher_ids)', [bob.id]));
    expect(state.rows).toMatchObject([{ id: kept, version: 1 }]);
    const ties = await withAdmin((admin) => admin.query('select task_id from task.task_assignees where user_id = $1 union select task_id from task.task_watchers where user_id = $1', [bob.id]));
    expect(ties.rows).toEqual([{ task_id: kept }]);

    // Back again: what they made is theirs as before, what they were given is not.
    const before = await head(owner);
    task.addMember('project', projectId, bob, 'MEMBER');
    await eventually(async () => {
      const mine = (await read(bob, { scope: { mine: true }, after: before })).nodes;
      expect(mine.map((node: { kind: string; taskId: string }) => [node.kind, node.taskId])).toEqual([made, both].map((id) => ['ENTERED', id]));
    });
  });

  test('a write checked just before the loss is put right at the second look, and nobody who came back is touched', async () => {
    const [owner, bob, cyd] = [someViewer(), someViewer(), someViewer()];
    const channelId = task.addChannel(owner);
    for (const person of [bob, cyd]) task.addMember('channel', channelId, person, 'MEMBER');
    const id = await make(owner, { channelId, assigneeIds: [bob.id] });
    for (const person of [bob, cyd]) task.removeMember('channel', channelId, person);
    const assignees = async () => (await task.ok('query ($id: ID!) { task(id: $id) { assignees { id } } }', { id }, owner)).task.assignees;
    await eventually(async () => expect(await assignees()).toEqual([]));
    const pending = () => withAdmin((admin) => admin.query(`select user_id, told from task.follow_ups where user_id = any ($1) order by user_id`, [[bob.id, cyd.id]]));
    await eventually(async () => expect((await pending()).rows.filter((row: { told: boolean }) => row.told)).toHaveLength(2));
    task.addMember('channel', channelId, cyd, 'MEMBER');
    await patch(owner, { id, assigneeIds: [cyd.id] });
    await withAdmin(async (admin) => {
      // As a write would have left it that began before the loss and committed after the first look.
      await admin.query(`update task.tasks set assignee_ids = assignee_ids || $2::uuid where id = $1`, [id, bob.id]);
      await admin.query('insert into task.task_assignees (task_id, user_id, scope_id, created_at) select id, $2, scope_id, created_at from task.tasks where id = $1', [id, bob.id]);
      await admin.query(`update task.follow_ups set created_at = now() - interval '1 hour', look_at = now() where user_id = any ($1)`, [[bob.id, cyd.id]]);
    });
    await eventually(async () => expect((await pending()).rows).toEqual([]));
    expect(await assignees()).toEqual([{ id: cyd.id }]);
  });
});
