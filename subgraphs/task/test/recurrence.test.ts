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

const fields = 'id ref title status priority startAt dueAt version assignees { id } parent { id } creator { id } recurrence { rule timeZone next(first: 3) }';
const mutation = (name: string, type: string, more = '') => `mutation ($input: ${type}!) { ${name}(input: $input) { ${more} task { ${fields} } } }`;
const [create, update] = [mutation('createTask', 'CreateTaskInput'), mutation('updateTask', 'UpdateTaskInput')];
const [complete, reopen] = [mutation('completeTask', 'TaskIdInput', 'undoToken'), mutation('reopenTask', 'TaskIdInput')];
const undo = 'mutation ($token: String!) { undo(input: { token: $token }) { undoToken task { id status } tasks { id } } }';
const list = `query { tasks(first: 50) { nodes { ${fields} } } }`;
const trashed = 'query { tasks(filter: { deleted: true }) { nodes { id } } }';

interface Shown { id: string; ref: string | null; title: string; status: string; startAt: string | null; dueAt: string | null; version: number; recurrence: { rule: string; next: string[] } | null }
const make = async (viewer: Viewer, input: object): Promise<Shown> => (await task.ok(create, { input: { title: 'water the plants', ...input } }, viewer)).createTask.task;
const done = async (viewer: Viewer, id: string) => (await task.ok(complete, { input: { id } }, viewer)).completeTask;
const all = async (viewer: Viewer): Promise<Shown[]> => (await task.ok(list, {}, viewer)).tasks.nodes;
const open = async (viewer: Viewer) => (await all(viewer)).filter((row) => row.status === 'PENDING');
const daily = { rule: 'FREQ=DAILY', timeZone: 'Europe/Berlin' };
const inDays = (days: number) => new Date(Math.ceil(Date.now() / 86_400_000 + days) * 86_400_000 + 8 * 3_600_000).toISOString();

describe('recurrence (RULES §6)', () => {
  test('completing makes the next instance, like the completed one but open and due at the next occurrence', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'REC');
    const parentId = (await make(ada, { projectId })).id;
    const dueAt = '2099-03-28T08:00:00.000Z';
    const first = await make(ada, { projectId, parentId, dueAt, startAt: '2099-03-28T07:30:00Z', priority: 2, assigneeIds: [ada.id], recurrence: { rule: 'rrule:freq=daily', timeZone: 'Europe/Berlin' } });
    expect(first.recurrence).toEqual({ rule: 'FREQ=DAILY', timeZone: 'Europe/Berlin', next: ['2099-03-29T07:00:00.000Z', '2099-03-30T07:00:00.000Z', '2099-03-31T07:00:00.000Z'] });
    await done(ada, first.id);
    const [second] = (await open(ada)).filter((row) => row.id !== parentId) as [Shown];
    // 09:00 in Berlin on both sides of the clock change of 29 March.
    expect(second).toMatchObject({
      ref: 'REC-3', title: 'water the plants', status: 'PENDING', priority: 2, dueAt: '2099-03-29T07:00:00.000Z', startAt: '2099-03-29T06:30:00.000Z', version: 1,
      assignees: [{ id: ada.id }], parent: { id: parentId }, creator: { id: ada.id }, recurrence: { rule: 'FREQ=DAILY' },
    });
    await done(ada, second.id);
    expect((await open(ada)).map((row) => row.dueAt)).toContain('2099-03-30T07:00:00.000Z');
  });

  test('the next instance is due after now as well as after the old due date', async () => {
    const ada = someViewer();
    const late = await make(ada, { dueAt: '2026-01-05T08:00:00Z', recurrence: { rule: 'FREQ=WEEKLY', timeZone: 'Europe/Berlin' } });
    await done(ada, late.id);
    const [next] = await open(ada) as [Shown];
    const dueAt = new Date(next.dueAt as string);
    expect(dueAt.getTime()).toBeGreaterThan(Date.now());
    expect(dueAt.getTime()).toBeLessThan(Date.now() + 8 * 86_400_000);
    expect(dueAt.getUTCDay()).toBe(1);
  });

  test('the instance comes in the transaction of the completion, and its event in the log right behind', async () => {
    const ada = someViewer();
    const first = await make(ada, { dueAt: inDays(2), recurrence: daily });
    await done(ada, first.id);
    const [next] = await open(ada) as [Shown];
    const { rows } = await admin.query('select type, xid::text from task.events where aggregate_id = any ($1) order by xid, ordinal', [[first.id, next.id]]);
    expect(rows.map((row) => row.type)).toEqual(['task.created', 'task.completed', 'task.created']);
    expect(rows[2].xid).toBe(rows[1].xid);
  });

  test('two completions at once make one instance, of one task as well as of two of a series', async () => {
    const ada = someViewer();
    const first = await make(ada, { dueAt: inDays(2), recurrence: daily });
    await Promise.all([done(ada, first.id), done(ada, first.id), done(ada, first.id)]);
    expect(await open(ada)).toHaveLength(1);

    await task.ok(reopen, { input: { id: first.id } }, ada);
    const both = await open(ada);
    expect(both).toHaveLength(2);
    // Both stand before the same occurrence once the older one is due on the same day.
    await task.ok(update, { input: { id: first.id, dueAt: both.find((row) => row.id !== first.id)?.dueAt } }, ada);
    await Promise.all(both.map((row) => done(ada, row.id)));
    expect(await open(ada)).toHaveLength(1);
    expect(await all(ada)).toHaveLength(3);
  });

  test('reopening does not unmake the instance, and completing again does not make it again; undo does unmake it', async () => {
    const ada = someViewer();
    const first = await make(ada, { dueAt: inDays(2), recurrence: daily });
    const { undoToken } = await done(ada, first.id);
    await task.ok(reopen, { input: { id: first.id } }, ada);
    expect(await open(ada)).toHaveLength(2);
    await done(ada, first.id);
    expect(await all(ada)).toHaveLength(2);
    expect(undoToken).toEqual(expect.any(String));

    const other = await make(someViewer(), {});
    expect(other.recurrence).toBeNull();
    const bob = someViewer();
    const his = await make(bob, { dueAt: inDays(2), recurrence: daily });
    const { undo: undone } = await task.ok(undo, { token: (await done(bob, his.id)).undoToken }, bob);
    expect(undone.task.status).toBe('PENDING');
    expect((await open(bob)).map((row) => row.id)).toEqual([his.id]);
    expect((await task.ok(trashed, {}, bob)).tasks.nodes).toHaveLength(1);
    // Undoing the undo brings the same instance back, and no second one.
    await task.ok(undo, { token: undone.undoToken }, bob);
    expect(await all(bob)).toHaveLength(2);
    await task.ok(reopen, { input: { id: his.id } }, bob);
    await done(bob, his.id);
    expect(await all(bob)).toHaveLength(2);
  });

  test('after an undo, completing makes the instance anew', async () => {
    const ada = someViewer();
    const first = await make(ada, { dueAt: inDays(2), recurrence: daily });
    await task.ok(undo, { token: (await done(ada, first.id)).undoToken }, ada);
    await done(ada, first.id);
    expect(await open(ada)).toHaveLength(1);
  });

  test('COUNT and UNTIL end the series; null ends it too', async () => {
    const ada = someViewer();
    let current = await make(ada, { dueAt: inDays(2), recurrence: { rule: 'FREQ=DAILY;COUNT=3', timeZone: 'Europe/Berlin' } });
    expect(current.recurrence?.next).toHaveLength(2);
    for (let made = 2; made <= 3; made += 1) {
      await done(ada, current.id);
      [current] = await open(ada) as [Shown];
    }
    expect(current.recurrence?.next).toEqual([]);
    await done(ada, current.id);
    expect(await open(ada)).toEqual([]);
    const stopped = await make(ada, { dueAt: inDays(2), recurrence: daily });
    expect((await task.ok(update, { input: { id: stopped.id, recurrence: null } }, ada)).updateTask.task.recurrence).toBeNull();
    await done(ada, stopped.id);
    expect(await open(ada)).toEqual([]);
  });

  test('another due date alone moves the instance and not the series; the same rule sent again changes nothing', async () => {
    const ada = someViewer();
    const first = await make(ada, { dueAt: '2099-06-08T07:00:00Z', recurrence: { rule: 'FREQ=WEEKLY', timeZone: 'Europe/Berlin' } });
    const moved = (await task.ok(update, { input: { id: first.id, dueAt: '2099-06-10T07:00:00Z' } }, ada)).updateTask.task as Shown;
    expect(moved.recurrence?.next[0]).toBe('2099-06-15T07:00:00.000Z');
    const again = (await task.ok(update, { input: { id: first.id, recurrence: { rule: 'FREQ=WEEKLY', timeZone: 'Europe/Berlin' } } }, ada)).updateTask.task as Shown;
    expect(again).toEqual(moved);
    const other = (await task.ok(update, { input: { id: first.id, dueAt: '2099-06-10T07:00:00Z', recurrence: daily } }, ada)).updateTask.task as Shown;
    expect(other.recurrence?.next[0]).toBe('2099-06-11T07:00:00.000Z');
    expect(other.version).toBe(moved.version + 1);
  });

  test('a blocked instance makes no next one; archived or foreign tasks are refused before', async () => {
    const ada = someViewer();
    const [first, blocker] = [await make(ada, { dueAt: inDays(2), recurrence: daily }), await make(ada, {})];
    await task.ok('mutation ($a: ID!, $b: ID!) { addTaskDependency(input: { taskId: $a, blockedById: $b }) { task { id } } }', { a: first.id, b: blocker.id }, ada);
    expect(await task.refused(complete, { input: { id: first.id } }, ada)).toMatchObject({ code: 'CONFLICT' });
    expect(await all(ada)).toHaveLength(2);
    await done(ada, blocker.id);
    await done(ada, first.id);
    const [next] = await open(ada) as [Shown];
    expect(next.id).not.toBe(first.id);
  });

  test('an invalid rule or an unknown zone is BAD_USER_INPUT and nothing is half written; next takes 1 to 100', async () => {
    const ada = someViewer();
    const input = (recurrence: object) => ({ input: { title: 'x', dueAt: inDays(2), recurrence } });
    expect(await task.refused(create, input({ rule: 'EVERY DAY', timeZone: 'UTC' }), ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.recurrence.rule' }] });
    expect(await task.refused(create, input({ rule: 'FREQ=DAILY', timeZone: 'Mars/Olympus' }), ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.recurrence.timeZone' }] });
    expect(await all(ada)).toEqual([]);
    await make(ada, { recurrence: daily });
    for (const first of [0, -1, 101]) {
      expect(await task.refused('query ($first: Int) { tasks { nodes { recurrence { next(first: $first) } } } }', { first }, ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'first' }] });
    }
  });

  test('a request for very many due dates is QUERY_TOO_COMPLEX', async () => {
    const ada = someViewer();
    await make(ada, { dueAt: inDays(2), recurrence: { rule: 'FREQ=DAILY;COUNT=5', timeZone: 'Europe/Berlin' } });
    const aliases = (count: number) => Array.from({ length: count }, (_, index) => `a${index}: next(first: 100)`).join(' ');
    await task.ok(`query { tasks { nodes { recurrence { ${aliases(50)} } } } }`, {}, ada);
    expect(await task.refused(`query { tasks { nodes { recurrence { ${aliases(51)} } } } }`, {}, ada)).toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
  });

  test('recurrence is one field in the log and in version checks', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'VER');
    task.addMember('project', projectId, bob, 'MEMBER');
    const first = await make(ada, { projectId, dueAt: inDays(2) });
    await task.ok(update, { input: { id: first.id, recurrence: daily } }, bob);
    const clash = await task.refused(update, { input: { id: first.id, expectedVersion: 1, recurrence: { rule: 'FREQ=WEEKLY', timeZone: 'UTC' } } }, ada);
    expect(clash).toMatchObject({ code: 'CONFLICT', fields: ['recurrence'], current: { recurrence: daily } });
  });
});
