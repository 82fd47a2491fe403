import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTask, startTask, updateTask, type Harness } from './harness.js';

let task: Harness;
beforeAll(async () => void (task = await startTask()));
afterAll(() => task.stop());

const show = 'query ($id: ID!) { task(id: $id) { id title } }';

describe('creating', () => {
  test('a personal task is its creator\'s alone', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const { createTask: made } = await task.ok(createTask, { input: { title: 'Buy milk' } }, ada);
    expect(made.task).toMatchObject({ ref: null, status: 'PENDING', priority: 5, version: 1, assignees: [] });
    expect((await task.ok(show, { id: made.task.id }, bob)).task).toBeNull();
    expect(await task.refused(updateTask, { input: { id: made.task.id, title: 'mine now' } }, bob)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await task.refused(createTask, { input: { title: 'x', assigneeIds: [bob.id] } }, ada)).toMatchObject({
      code: 'BAD_USER_INPUT', fields: [{ path: 'input.assigneeIds' }],
    });
  });

  test('tasks of a project number themselves KEY-n without gaps when made at once', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'GAP');
    const made = await Promise.all(Array.from({ length: 20 }, (_, index) => task.ok(createTask, { input: { title: `t${index}`, projectId } }, ada)));
    const refs = made.map((data) => data.createTask.task.ref as string).sort((a, b) => a.length - b.length || a.localeCompare(b));
    expect(refs).toEqual(Array.from({ length: 20 }, (_, index) => `GAP-${index + 1}`));
    const found = await task.ok('query { task(ref: "gap-7") { ref } }', {}, ada);
    expect(found.task.ref).toBe('GAP-7');
  });

  test('a member added a moment ago can act at once, before the copy has heard of it', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = newId();
    task.project.setMember(projectId, ada.id, { role: 'OWNER', version: 1, key: 'NOW', writable: true });
    const { createTask: made } = await task.ok(createTask, { input: { title: 'first', projectId } }, ada);
    expect(made.task.ref).toBe('NOW-1');
    expect(await task.refused(createTask, { input: { title: 'no', projectId } }, bob)).toMatchObject({ code: 'NOT_FOUND' });
    task.project.setMember(projectId, bob.id, { role: 'MEMBER', version: 2, key: 'NOW', writable: true });
    expect((await task.ok(createTask, { input: { title: 'second', projectId, assigneeIds: [ada.id, bob.id] } }, bob)).createTask.task.ref).toBe('NOW-2');
  });

  test('the same create sent again, also at once, is one task; another input under the same id is CONFLICT', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'ONE');
    const input = { id: newId(), title: 'once', projectId };
    const answers = await Promise.all(Array.from({ length: 8 }, () => task.ok(createTask, { input }, ada)));
    expect(new Set(answers.map((data) => `${data.createTask.task.ref} ${data.createTask.cursor}`)).size).toBe(1);
    expect(await task.refused(createTask, { input: { ...input, title: 'twice' } }, ada)).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    expect(await task.refused(createTask, { input: { id: input.id, title: 'stolen' } }, someViewer())).toMatchObject({ code: 'CONFLICT' });
    const next = await task.ok(createTask, { input: { title: 'next', projectId } }, ada);
    expect(next.createTask.task.ref).toBe('ONE-2');
  });

  test.each([
    [{ title: '' }, 'input.title'],
    [{ title: '   ' }, 'input.title'],
    [{ title: 'x'.repeat(256) }, 'input.title'],
    [{ title: 'a\u0000b' }, 'input.title'],
    [{ title: 'ok', priority: 0 }, 'input.priority'],
    [{ title: 'ok', priority: 11 }, 'input.priority'],
    [{ title: 'ok', startAt: '2026-12-02T00:00:00Z', dueAt: '2026-12-01T00:00:00Z' }, 'input.dueAt'],
    [{ title: 'ok', description: 'é'.repeat(40_000) }, 'input.description'],
    [{ title: 'ok', id: '6d0b1a3e-6f57-4b5e-9a8f-0d5f5f5f5f5f' }, 'input.id'],
    [{ title: 'ok', projectId: newId(), channelId: newId() }, 'input.channelId'],
  ])('bad input is BAD_USER_INPUT naming the path: %j', async (input, path) => {
    expect(await task.refused(createTask, { input }, someViewer())).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  });

  test('markup, right-to-left text and emoji are stored as they are', async () => {
    const ada = someViewer();
    const title = '<b>שלום</b> 👩‍👩‍👧 \u202Eabc';
    expect((await task.ok(createTask, { input: { title } }, ada)).createTask.task.title).toBe(title);
  });
});

test('before a no for a role too low or an archived project its owner is asked (RULES §8)', async () => {
  const [ada, bob] = [someViewer(), someViewer()];
  const projectId = task.addProject(ada, 'ASK');
  task.addMember('project', projectId, bob, 'VIEWER');
  await eventually(async () => expect(await task.refused(createTask, { input: { title: 'no', projectId } }, bob)).toMatchObject({ code: 'FORBIDDEN' }));
  // Promoted a moment ago: the owner knows, the log has not told yet.
  task.project.setMember(projectId, bob.id, { role: 'MEMBER', version: 9, key: 'ASK', writable: true });
  await task.ok(createTask, { input: { title: 'yes', projectId } }, bob);
});

describe('patching', () => {
  test('absent keeps, null clears, an empty patch changes nothing and emits nothing', async () => {
    const ada = someViewer();
    const { createTask: made } = await task.ok(createTask, { input: { title: 'a', description: 'b', priority: 3 } }, ada);
    const id = made.task.id;
    const patched = (await task.ok(updateTask, { input: { id, description: null, title: 'c' } }, ada)).updateTask;
    expect(patched.task).toMatchObject({ title: 'c', description: null, priority: 3, version: 2 });
    const empty = (await task.ok(updateTask, { input: { id } }, ada)).updateTask;
    expect(empty).toMatchObject({ cursor: patched.cursor, task: { version: 2 } });
    expect(await task.refused(updateTask, { input: { id, title: null } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.title' }] });
  });

  test('with expectedVersion disjoint fields merge and overlapping ones are CONFLICT with the present values', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'VER');
    task.addMember('project', projectId, bob, 'MEMBER');
    const { createTask: made } = await task.ok(createTask, { input: { title: 'a', projectId } }, ada);
    const id = made.task.id;
    await task.ok(updateTask, { input: { id, title: 'from bob' } }, bob);
    const merged = (await task.ok(updateTask, { input: { id, expectedVersion: 1, priority: 1 } }, ada)).updateTask.task;
    expect(merged).toMatchObject({ title: 'from bob', priority: 1, version: 3 });
    const clash = await task.refused(updateTask, { input: { id, expectedVersion: 1, title: 'from ada' } }, ada);
    expect(clash).toMatchObject({ code: 'CONFLICT', fields: ['title'], current: { version: 3, title: 'from bob' } });
    // One's own changes since then are no conflict.
    await task.ok(updateTask, { input: { id, expectedVersion: 1, title: 'from bob again' } }, bob);
  });

  test('completing sets completedAt, a repeat changes nothing, reopening clears it', async () => {
    const ada = someViewer();
    const { createTask: made } = await task.ok(createTask, { input: { title: 'a' } }, ada);
    const id = made.task.id;
    const complete = 'mutation ($id: ID!) { completeTask(input: { id: $id }) { cursor task { status completedAt version } } }';
    const reopen = 'mutation ($id: ID!) { reopenTask(input: { id: $id }) { cursor task { status completedAt version } } }';
    const first = (await task.ok(complete, { id }, ada)).completeTask;
    expect(first.task).toMatchObject({ status: 'COMPLETED', completedAt: expect.any(String), version: 2 });
    expect((await task.ok(complete, { id }, ada)).completeTask).toEqual(first);
    const again = (await task.ok(reopen, { id }, ada)).reopenTask;
    expect(again.task).toEqual({ status: 'PENDING', completedAt: null, version: 3 });
    expect((await task.ok(reopen, { id }, ada)).reopenTask).toEqual(again);
  });

  test('VIEWER sees and may not change; in a channel a member edits only own or assigned tasks and completes any (RULES §1)', async () => {
    const [owner, viewer, member, other] = [someViewer(), someViewer(), someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'POL');
    task.addMember('project', projectId, viewer, 'VIEWER');
    const inProject = (await task.ok(createTask, { input: { title: 'a', projectId } }, owner)).createTask.task.id;
    expect((await task.ok(show, { id: inProject }, viewer)).task.title).toBe('a');
    expect(await task.refused(updateTask, { input: { id: inProject, title: 'b' } }, viewer)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await task.refused(createTask, { input: { title: 'b', projectId } }, viewer)).toMatchObject({ code: 'FORBIDDEN' });

    const channelId = task.addChannel(owner);
    task.addMember('channel', channelId, member, 'MEMBER');
    task.addMember('channel', channelId, other, 'MEMBER');
    const own = (await task.ok(createTask, { input: { title: 'mine', channelId } }, member)).createTask.task.id;
    expect(await task.refused(updateTask, { input: { id: own, title: 'theirs' } }, other)).toMatchObject({ code: 'FORBIDDEN' });
    const complete = 'mutation ($id: ID!) { completeTask(input: { id: $id }) { task { status } } }';
    expect((await task.ok(complete, { id: own }, other)).completeTask.task.status).toBe('COMPLETED');
    expect((await task.ok(updateTask, { input: { id: own, title: 'by the owner' } }, owner)).updateTask.task.title).toBe('by the owner');
  });

  test('who was removed is refused like a stranger', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'OUT');
    task.addMember('project', projectId, bob, 'MEMBER');
    const id = (await task.ok(createTask, { input: { title: 'a', projectId } }, bob)).createTask.task.id;
    task.removeMember('project', projectId, bob);
    await eventually(async () => expect((await task.ok(show, { id }, bob)).task).toBeNull());
    expect(await task.refused(updateTask, { input: { id, title: 'b' } }, bob)).toMatchObject({ code: 'NOT_FOUND' });
    const { tasks } = await task.ok('query { tasks { totalCount nodes { id } } }', {}, bob);
    expect(tasks).toEqual({ totalCount: 0, nodes: [] });
  });
});

test('without a token everything is UNAUTHENTICATED', async () => {
  expect(await task.refused('query { tasks { totalCount } }', {}, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await task.refused(createTask, { input: { title: 'x' } }, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
});
