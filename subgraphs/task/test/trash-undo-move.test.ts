import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTask, startTask, updateTask, type Harness } from './harness.js';

let task: Harness;
beforeAll(async () => void (task = await startTask()));
afterAll(() => task.stop());

const fields = 'cursor undoToken task { id ref title status version deletedAt rank assignees { id } project { id } channel { id } }';
const mutation = (name: string, type: string) => `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`;
const [deleteTask, restoreTask] = [mutation('deleteTask', 'TaskIdInput'), mutation('restoreTask', 'TaskIdInput')];
const moveTask = mutation('moveTask', 'MoveTaskInput');
const undo = 'mutation ($input: UndoInput!) { undo(input: $input) { undoToken task { id title status version deletedAt project { id } } tasks { id } } }';
const show = 'query ($id: ID!) { task(id: $id) { id title status deletedAt } }';
const update = updateTask.replace('cursor', 'cursor undoToken');

const make = async (viewer: Viewer, input: object) => (await task.ok(createTask.replace('cursor', 'cursor undoToken'), { input }, viewer)).createTask;
const order = async (viewer: Viewer, projectId: string) => {
  const { _entities } = await task.ok(
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Project { tasks { nodes { title rank } } } } }',
    { r: [{ __typename: 'Project', id: projectId }] },
    viewer,
  );
  const nodes = _entities[0].tasks.nodes as { title: string; rank: string }[];
  return nodes.toSorted((a, b) => (a.rank < b.rank ? -1 : 1)).map((node) => node.title);
};

describe('the trash (RULES §6)', () => {
  test('a trashed task leaves the lists, is shown to who may restore it, refuses other writes, and comes back', async () => {
    const [owner, member] = [someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'TRA');
    task.addMember('project', projectId, member, 'VIEWER');
    const { task: made } = await make(owner, { title: 'old', projectId });
    const gone = (await task.ok(deleteTask, { input: { id: made.id } }, owner)).deleteTask;
    expect(gone.task).toMatchObject({ deletedAt: expect.any(String), version: 2 });
    expect((await task.ok(show, { id: made.id }, member)).task).toBeNull();
    expect((await task.ok(show, { id: made.id }, owner)).task.title).toBe('old');
    expect(await order(owner, projectId)).toEqual([]);
    expect(await task.refused(update, { input: { id: made.id, title: 'new' } }, owner)).toMatchObject({ code: 'CONFLICT' });
    expect((await task.ok(deleteTask, { input: { id: made.id } }, owner)).deleteTask.cursor).toBe(gone.cursor);
    expect((await task.ok(restoreTask, { input: { id: made.id } }, owner)).restoreTask.task).toMatchObject({ deletedAt: null, version: 3 });
    expect(await order(owner, projectId)).toEqual(['old']);
  });

  test('a MEMBER deletes own tasks only, MAINTAINER any (RULES §1)', async () => {
    const [owner, ann, ben, max] = [someViewer(), someViewer(), someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'DEL');
    for (const [viewer, role] of [[ann, 'MEMBER'], [ben, 'MEMBER'], [max, 'MAINTAINER']] as const) task.addMember('project', projectId, viewer, role);
    const { task: made } = await make(ann, { title: 'ann', projectId, assigneeIds: [ben.id] });
    expect(await task.refused(deleteTask, { input: { id: made.id } }, ben)).toMatchObject({ code: 'FORBIDDEN' });
    await task.ok(deleteTask, { input: { id: made.id } }, ann);
    await task.ok(restoreTask, { input: { id: made.id } }, max);
    await task.ok(deleteTask, { input: { id: made.id } }, max);
  });
});

describe('undo (RULES §6)', () => {
  test('takes back what was written, once, and can itself be undone', async () => {
    const ada = someViewer();
    const { task: made } = await make(ada, { title: 'one' });
    const { undoToken } = (await task.ok(update, { input: { id: made.id, title: 'two', dueAt: '2030-01-01T00:00:00Z' } }, ada)).updateTask;
    const undone = (await task.ok(undo, { input: { token: undoToken } }, ada)).undo;
    expect(undone.task).toMatchObject({ title: 'one', version: 3 });
    expect(await task.refused(undo, { input: { token: undoToken } }, ada)).toMatchObject({ code: 'CONFLICT' });
    expect((await task.ok(undo, { input: { token: undone.undoToken } }, ada)).undo.task.title).toBe('two');
  });

  test('a field somebody changed since is CONFLICT with its present value, and nothing is written', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'UND');
    task.addMember('project', projectId, bob, 'MEMBER');
    const { task: made } = await make(ada, { title: 'a', projectId });
    const { undoToken } = (await task.ok(update, { input: { id: made.id, title: 'b', priority: 1 } }, ada)).updateTask;
    await task.ok(update, { input: { id: made.id, title: 'c' } }, bob);
    expect(await task.refused(undo, { input: { token: undoToken } }, ada)).toMatchObject({ code: 'CONFLICT', fields: ['title'], current: { title: 'c' } });
    expect(await task.refused(undo, { input: { token: undoToken } }, bob)).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await task.refused(undo, { input: { token: 'bm90IGEgdG9rZW4' } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('undo of create is the trash, undo of delete restores', async () => {
    const ada = someViewer();
    const made = await make(ada, { title: 'oops' });
    expect((await task.ok(undo, { input: { token: made.undoToken } }, ada)).undo.task.deletedAt).not.toBeNull();
    await task.ok(restoreTask, { input: { id: made.task.id } }, ada);
    const { undoToken } = (await task.ok(deleteTask, { input: { id: made.task.id } }, ada)).deleteTask;
    expect((await task.ok(undo, { input: { token: undoToken } }, ada)).undo.task.deletedAt).toBeNull();
  });
});

describe('moving', () => {
  test('after and before give one order, also when many move at once', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'ORD');
    const ids = new Map<string, string>();
    for (const title of ['a', 'b', 'c', 'd']) ids.set(title, (await make(ada, { title, projectId })).task.id);
    expect(await order(ada, projectId)).toEqual(['a', 'b', 'c', 'd']);
    await task.ok(moveTask, { input: { id: ids.get('d'), before: ids.get('a') } }, ada);
    await task.ok(moveTask, { input: { id: ids.get('a'), after: ids.get('b') } }, ada);
    expect(await order(ada, projectId)).toEqual(['d', 'b', 'a', 'c']);
    await Promise.all(['a', 'b', 'c'].map((title) => task.ok(moveTask, { input: { id: ids.get(title), after: ids.get('d') } }, ada)));
    const seen = await order(ada, projectId);
    expect(seen[0]).toBe('d');
    expect(seen.toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(await task.refused(moveTask, { input: { id: ids.get('a'), after: newId() } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.after' }] });
  });

  test('many inserts into one gap keep keys at 64 characters at most and the order right', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'GAP');
    const first = (await make(ada, { title: 'first', projectId })).task.id;
    await make(ada, { title: 'last', projectId });
    const expected = ['first', 'last'];
    for (let index = 0; index < 420; index += 1) {
      const { task: made } = await make(ada, { title: `t${index}`, projectId });
      const moved = (await task.ok(moveTask, { input: { id: made.id, after: first } }, ada)).moveTask;
      expect(moved.task.rank.length).toBeLessThanOrEqual(64);
      expected.splice(1, 0, `t${index}`);
    }
    const page = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Project { tasks(first: 1000) { nodes { title rank } } } } }';
    const { _entities } = await task.ok(page, { r: [{ __typename: 'Project', id: projectId }] }, ada);
    const nodes = _entities[0].tasks.nodes as { title: string; rank: string }[];
    expect(nodes.every((node) => node.rank.length <= 64)).toBe(true);
    expect(nodes.toSorted((a, b) => (a.rank < b.rank ? -1 : 1)).map((node) => node.title)).toEqual(expected);
  }, 120_000);

  test('to another project a task gets a new ref, the old one still finds it, and what the target does not know is dropped', async () => {
    const [ada, bob, eve] = [someViewer(), someViewer(), someViewer()];
    const from = task.addProject(ada, 'FRO');
    const to = task.addProject(ada, 'TOO');
    task.addMember('project', from, bob, 'MEMBER');
    const { task: made } = await make(ada, { title: 'wanderer', projectId: from, assigneeIds: [ada.id, bob.id] });
    const moved = (await task.ok(moveTask, { input: { id: made.id, projectId: to } }, ada)).moveTask;
    expect(moved.task).toMatchObject({ ref: 'TOO-1', project: { id: to }, assignees: [{ id: ada.id }] });
    expect((await task.ok('query { task(ref: "FRO-1") { ref } }', {}, ada)).task.ref).toBe('TOO-1');
    expect((await task.ok(show, { id: made.id }, bob)).task).toBeNull();
    expect(await task.refused(moveTask, { input: { id: made.id, projectId: newId() } }, ada)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await task.refused(moveTask, { input: { id: made.id, personal: true, channelId: newId() } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await task.refused(moveTask, { input: { id: made.id, personal: true } }, eve)).toMatchObject({ code: 'NOT_FOUND' });
    const back = (await task.ok(undo, { input: { token: moved.undoToken } }, ada)).undo;
    expect(back.task.project).toEqual({ id: from });
  });
});

describe('idempotency (RULES §3)', () => {
  const withKey = (key: string) => ({ 'idempotency-key': key });

  test('one key is one write however often and at once it is sent, and each answer is the first one\'s', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'IDE');
    const input = { title: 'once', projectId };
    const send = () => task.query(createTask, { input }, ada, withKey('k1'));
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    expect(new Set(answers.map((answer) => `${answer.data.createTask.task.id} ${answer.data.createTask.cursor}`)).size).toBe(1);
    expect(await order(ada, projectId)).toEqual(['once']);
    const other = await task.query(createTask, { input: { ...input, title: 'twice' } }, ada, withKey('k1'));
    expect(other.errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_MISMATCH');
  });

  test('a refusal is kept too, and another person\'s same key is another write', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = newId();
    const refuse = () => task.query(createTask, { input: { title: 'x', projectId } }, ada, withKey('k2'));
    expect((await refuse()).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    task.project.setMember(projectId, ada.id, { role: 'OWNER', version: 1, key: 'KEP', writable: true });
    expect((await refuse()).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect((await task.query(createTask, { input: { title: 'x', projectId } }, ada, withKey('k3'))).errors).toBeUndefined();
    expect((await task.query(createTask, { input: { title: 'mine' } }, bob, withKey('k2'))).errors).toBeUndefined();
  });
});

describe('bulkUpdateTasks', () => {
  const bulk = `mutation ($input: BulkUpdateTasksInput!) { bulkUpdateTasks(input: $input) {
    succeeded failed cursor undoToken results { id code message task { id priority version } } } }`;
  const run = async (viewer: Viewer, input: object, headers: Record<string, string> = {}) => {
    const answer = await task.query(bulk, { input }, viewer, headers);
    expect(answer.errors).toBeUndefined();
    return answer.data.bulkUpdateTasks;
  };

  test('answers per item in order, with one undo token for all it did', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const own = await Promise.all(Array.from({ length: 60 }, (_, index) => make(ada, { title: `t${index}` })));
    const foreign = (await make(bob, { title: 'not yours' })).task.id;
    await task.ok(update, { input: { id: own[3].task.id, priority: 9 } }, ada);
    const items = own.map((made, index) => ({ id: made.task.id, ...(index === 5 ? { expectedVersion: 99 } : {}) }));
    items.splice(10, 0, { id: foreign });
    const done = await run(ada, { items, patch: { priority: 2 } });
    expect(done).toMatchObject({ succeeded: 59, failed: 2, cursor: expect.any(String) });
    expect(done.results.map((result: { id: string }) => result.id)).toEqual(items.map((item) => item.id));
    expect(done.results[10]).toMatchObject({ code: 'NOT_FOUND', task: null });
    expect(done.results[5]).toMatchObject({ code: 'BAD_USER_INPUT', task: { priority: 5 } });
    expect(done.results[0]).toMatchObject({ code: null, task: { priority: 2, version: 2 } });
    const undone = (await task.ok(undo, { input: { token: done.undoToken } }, ada)).undo;
    expect(undone.tasks).toHaveLength(59);
    expect((await task.ok('query ($id: ID!) { task(id: $id) { priority } }', { id: own[3].task.id }, ada)).task.priority).toBe(9);
  });

  test('atomic is all or none, and dryRun says what would happen and does nothing', async () => {
    const ada = someViewer();
    const [a, b] = [(await make(ada, { title: 'a' })).task.id, (await make(ada, { title: 'b' })).task.id];
    const none = await run(ada, { items: [{ id: a }, { id: b, expectedVersion: 7 }], patch: { priority: 1 }, atomic: true });
    expect(none).toMatchObject({ succeeded: 0, failed: 2, cursor: null, undoToken: null });
    expect(none.results.map((result: { code: string }) => result.code)).toEqual(['CONFLICT', 'BAD_USER_INPUT']);
    const dry = await run(ada, { items: [{ id: a }, { id: b }], patch: { delete: true }, dryRun: true });
    expect(dry).toMatchObject({ succeeded: 2, failed: 0, cursor: null, undoToken: null });
    expect((await task.ok(show, { id: a }, ada)).task.deletedAt).toBeNull();
    const all = await run(ada, { items: [{ id: a }, { id: b }], patch: { delete: true }, atomic: true });
    expect(all.succeeded).toBe(2);
  });

  test('a resend under the same key does nothing again and answers the same', async () => {
    const ada = someViewer();
    const items = await Promise.all(Array.from({ length: 30 }, async (_, index) => ({ id: (await make(ada, { title: `t${index}` })).task.id })));
    const input = { items, patch: { priority: 3 } };
    const first = await run(ada, input, { 'idempotency-key': 'bulk' });
    const again = await run(ada, input, { 'idempotency-key': 'bulk' });
    expect(again).toEqual(first);
    expect(again.results[29].task.version).toBe(2);
  });

  test('too many items, none, or one twice is BAD_USER_INPUT', async () => {
    const ada = someViewer();
    const many = Array.from({ length: 501 }, () => ({ id: newId() }));
    for (const items of [[], many, [many[0], many[0]]]) {
      expect(await task.refused(bulk, { input: { items, patch: { priority: 1 } } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });
});

test('history tells each change of a task, page by page', async () => {
  const ada = someViewer();
  const { task: made } = await make(ada, { title: 'a' });
  await task.ok(update, { input: { id: made.id, title: 'b' } }, ada);
  await task.ok(deleteTask, { input: { id: made.id } }, ada);
  const read = 'query ($id: ID!, $after: String) { task(id: $id) { history(first: 2, after: $after) { pageInfo { endCursor hasNextPage } nodes { kind changes { field } } } } }';
  const first = (await task.ok(read, { id: made.id }, ada)).task.history;
  expect(first.nodes.map((node: { kind: string }) => node.kind)).toEqual(['CREATED', 'UPDATED']);
  const second = (await task.ok(read, { id: made.id, after: first.pageInfo.endCursor }, ada)).task.history;
  expect(second.nodes).toEqual([{ kind: 'DELETED', changes: [{ field: 'deletedAt' }] }]);
});
