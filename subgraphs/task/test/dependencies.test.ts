import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTask, startTask, updateTask, type Harness } from './harness.js';

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

const dependency = (name: string) => `mutation ($taskId: ID!, $blockedById: ID!) { ${name}(input: { taskId: $taskId, blockedById: $blockedById }) { cursor task { id version } } }`;
const [add, remove] = [dependency('addTaskDependency'), dependency('removeTaskDependency')];
const byId = (name: string) => `mutation ($id: ID!) { ${name}(input: { id: $id }) { cursor task { status version } } }`;
const [complete, reopen, trash, restore] = [byId('completeTask'), byId('reopenTask'), byId('deleteTask'), byId('restoreTask')];
const show = 'query ($id: ID!) { task(id: $id) { version blockedBy { id } blocks { id } } }';
const history = 'query ($id: ID!) { task(id: $id) { history { nodes { kind changes { field before after } actor { id } } } } }';

const make = async (viewer: Viewer, input: object = {}): Promise<string> => (await task.ok(createTask, { input: { title: 't', ...input } }, viewer)).createTask.task.id;
const wait = (viewer: Viewer, taskId: string, blockedById: string) => task.ok(add, { taskId, blockedById }, viewer);
const shown = async (viewer: Viewer, id: string) => (await task.ok(show, { id }, viewer)).task;
const blocked = async (id: string): Promise<boolean> => (await admin.query('select blocked from task.tasks where id = $1', [id])).rows[0].blocked;
const ids = (list: { id: string }[]) => list.map((row) => row.id);

describe('dependencies', () => {
  test('are shown from both ends in the order in which they were added; repeats change nothing', async () => {
    const ada = someViewer();
    const [a, b, c] = [await make(ada), await make(ada), await make(ada)];
    await wait(ada, a, c);
    const { addTaskDependency: first } = await wait(ada, a, b);
    expect(first.task.version).toBe(3);
    expect((await wait(ada, a, b)).addTaskDependency).toEqual(first);
    expect(ids((await shown(ada, a)).blockedBy)).toEqual([c, b]);
    expect(ids((await shown(ada, b)).blocks)).toEqual([a]);
    await task.ok(remove, { taskId: a, blockedById: c }, ada);
    const { removeTaskDependency: again } = await task.ok(remove, { taskId: a, blockedById: c }, ada);
    expect(again.task.version).toBe(4);
    expect(ids((await shown(ada, a)).blockedBy)).toEqual([b]);
    const { nodes } = (await task.ok(history, { id: a }, ada)).task.history;
    expect(nodes.at(-1)).toMatchObject({ kind: 'UPDATED', changes: [{ field: 'blockedBy', before: [c, b], after: [b] }], actor: { id: ada.id } });
    expect(nodes[1].changes).toEqual([{ field: 'blockedBy', before: [], after: [c] }, { field: 'blocked', before: false, after: true }]);
  });

  test('a cycle is BAD_USER_INPUT with its path, each task waiting for the next', async () => {
    const ada = someViewer();
    const [a, b, c] = [await make(ada), await make(ada), await make(ada)];
    await wait(ada, a, b);
    await wait(ada, b, c);
    const refusal = await task.refused(add, { taskId: c, blockedById: a }, ada);
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.blockedById', cycle: [c, a, b, c] }] });
    expect(await task.refused(add, { taskId: a, blockedById: a }, ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ cycle: [a, a] }] });
    expect((await shown(ada, c)).blockedBy).toEqual([]);
  });

  test('a cycle through a task that one cannot see does not name it', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'HID');
    task.addMember('project', projectId, bob, 'MEMBER');
    const [a, b, secret] = [await make(ada, { projectId }), await make(ada, { projectId }), await make(bob, { title: 'secret' })];
    await wait(bob, b, secret);
    await wait(bob, secret, a);
    const refusal = await task.refused(add, { taskId: a, blockedById: b }, ada);
    expect(refusal).toMatchObject({ fields: [{ cycle: [a, b, null, a] }] });
    expect(JSON.stringify(refusal)).not.toContain(secret);
    expect(JSON.stringify(refusal)).not.toContain('secret');
  });

  test('two that close a circle at the same time without a task in common: one is refused', async () => {
    const ada = someViewer();
    for (let round = 0; round < 10; round += 1) {
      const [a, b, c, d] = [await make(ada), await make(ada), await make(ada), await make(ada)];
      await wait(ada, b, c);
      await wait(ada, d, a);
      const answers = await Promise.all([[a, b], [c, d]].map(([taskId, blockedById]) => task.query(add, { taskId, blockedById }, ada)));
      expect(answers.filter((answer) => answer.errors === undefined)).toHaveLength(1);
    }
  });

  test('nor do they in four projects, of which no two dependencies added share one', async () => {
    const ada = someViewer();
    const projects = ['CA', 'CB', 'CC', 'CD'].map((key) => task.addProject(ada, key));
    for (let round = 0; round < 10; round += 1) {
      const [a, b, c, d] = (await Promise.all(projects.map((projectId) => make(ada, { projectId })))) as [string, string, string, string];
      await wait(ada, b, c);
      await wait(ada, d, a);
      const answers = await Promise.all([[a, b], [c, d]].map(([taskId, blockedById]) => task.query(add, { taskId, blockedById }, ada)));
      expect(answers.filter((answer) => answer.errors === undefined)).toHaveLength(1);
    }
  });

  test('three that close a circle at the same time: one is refused', async () => {
    const ada = someViewer();
    const projects = ['TA', 'TB', 'TC'].map((key) => task.addProject(ada, key));
    for (let round = 0; round < 10; round += 1) {
      const [a, b, c] = (await Promise.all(projects.map((projectId) => make(ada, { projectId })))) as [string, string, string];
      const [b2, c2, a2] = (await Promise.all(projects.map((projectId) => make(ada, { projectId })))) as [string, string, string];
      await wait(ada, b2, b);
      await wait(ada, c2, c);
      await wait(ada, a2, a);
      const answers = await Promise.all([[a, b2], [b, c2], [c, a2]].map(([taskId, blockedById]) => task.query(add, { taskId, blockedById }, ada)));
      expect(answers.filter((answer) => answer.errors === undefined)).toHaveLength(2);
    }
  });

  test('added in unrelated projects do not wait for each other; one that leads into a project waits for who adds one there', async () => {
    const ada = someViewer();
    const [far, near, mine] = [task.addProject(ada, 'LFA'), task.addProject(ada, 'LNE'), task.addProject(ada, 'LMI')];
    const [a, b, c, d] = [await make(ada, { projectId: mine }), await make(ada, { projectId: mine }), await make(ada, { projectId: near }), await make(ada, { projectId: far })];
    await wait(ada, c, d);
    // Stands for an addition under way in the far project.
    const holder = new pg.Client({ connectionString: task.database.admin });
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`links:${scopeId('project', far)}`]);
      const key = (await holder.query('select classid, objid from pg_locks where locktype = $1 and pid = pg_backend_pid()', ['advisory'])).rows[0];
      const waiting = async () => (await admin.query('select 1 from pg_locks where locktype = $1 and classid = $2 and objid = $3 and not granted', ['advisory', key.classid, key.objid])).rowCount;
      await wait(ada, a, b);
      expect(await waiting()).toBe(0);
      // Behind c lies d, in the far project.
      const last = task.query(add, { taskId: b, blockedById: c }, ada);
      await eventually(async () => expect(await waiting()).toBe(1));
      await holder.query('commit');
      expect((await last).errors).toBeUndefined();
    } finally {
      await holder.end();
    }
  });

  test('resent under its Idempotency-Key it happens once and hears the same, a refusal too (RULES §3)', async () => {
    const ada = someViewer();
    const [a, b] = [await make(ada), await make(ada)];
    const send = (key: string, taskId: string, blockedById: string) => task.query(add, { taskId, blockedById }, ada, { 'idempotency-key': key });
    const first = await send('one', a, b);
    await task.ok(remove, { taskId: a, blockedById: b }, ada);
    const again = await send('one', a, b);
    expect(again.data.addTaskDependency.cursor).toBe(first.data.addTaskDependency.cursor);
    expect((await shown(ada, a)).blockedBy).toEqual([]);
    expect((await send('one', b, a)).errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_MISMATCH');
    const refused = (await send('two', a, a)).errors?.[0]?.extensions;
    expect((await send('two', a, a)).errors?.[0]?.extensions).toEqual(refused);
  });

  test('VIEWER may not; a foreign task is answered like a missing one (RULES §1)', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'DEP');
    task.addMember('project', projectId, bob, 'VIEWER');
    const [a, b] = [await make(ada, { projectId }), await make(ada, { projectId })];
    expect(await task.refused(add, { taskId: a, blockedById: b }, bob)).toEqual({ code: 'FORBIDDEN' });
    expect(await task.refused(add, { taskId: a, blockedById: await make(bob) }, ada)).toEqual({ code: 'NOT_FOUND' });
    expect(await task.refused(add, { taskId: a, blockedById: newId() }, ada)).toEqual({ code: 'NOT_FOUND' });
    expect(await task.refused(remove, { taskId: newId(), blockedById: b }, ada)).toEqual({ code: 'NOT_FOUND' });
    expect(await task.refused(add, { taskId: a, blockedById: b }, null)).toEqual({ code: 'UNAUTHENTICATED' });
  });
});

describe('a blocked task (RULES §6)', () => {
  test('is not completed: CONFLICT names the blockers one can see and counts the others; cancelling is allowed', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'BLK');
    task.addMember('project', projectId, bob, 'MEMBER');
    const [waiting, open] = [await make(ada, { projectId }), await make(ada, { projectId, title: 'first this' })];
    await wait(ada, waiting, open);
    await wait(bob, waiting, await make(bob, { title: 'secret' }));
    const refusal = await task.refused(complete, { id: waiting }, ada);
    expect(refusal).toMatchObject({ code: 'CONFLICT', fields: ['status'], current: { blockedBy: [{ id: open, ref: 'BLK-2', title: 'first this' }], hiddenBlockers: 1 } });
    expect(JSON.stringify(refusal)).not.toContain('secret');
    expect(ids((await shown(ada, waiting)).blockedBy)).toEqual([open]);
    expect((await shown(bob, waiting)).blockedBy).toHaveLength(2);
    expect(JSON.stringify((await task.ok(history, { id: waiting }, ada)).task.history.nodes.at(-1).changes)).toBe(JSON.stringify([{ field: 'blockedBy', before: [open], after: [open, null] }]));
    const { updateTask: cancelled } = await task.ok(updateTask, { input: { id: waiting, status: 'CANCELLED' } }, ada);
    expect(cancelled.task.status).toBe('CANCELLED');
  });

  test('COMPLETED, CANCELLED and trashed blockers do not block, and the dependent task hears of it at once', async () => {
    const ada = someViewer();
    const [a, b] = [await make(ada), await make(ada)];
    await wait(ada, a, b);
    const set = (status: string) => task.ok(updateTask, { input: { id: b, status } }, ada);
    const turns: [() => Promise<unknown>, boolean][] = [
      [() => task.ok(complete, { id: b }, ada), false],
      [() => task.ok(reopen, { id: b }, ada), true],
      [() => set('IN_PROGRESS'), true],
      [() => set('CANCELLED'), false],
      [() => set('PENDING'), true],
      [() => task.ok(trash, { id: b }, ada), false],
      [() => task.ok(restore, { id: b }, ada), true],
      [() => set('COMPLETED'), false],
    ];
    expect(await blocked(a)).toBe(true);
    for (const [turn, now] of turns) {
      const before = (await shown(ada, a)).version;
      const was = await blocked(a);
      await turn();
      expect(await blocked(a)).toBe(now);
      expect((await shown(ada, a)).version).toBe(before + (was === now ? 0 : 1));
    }
    const { nodes } = (await task.ok(history, { id: a }, ada)).task.history;
    expect(nodes.at(-1)).toMatchObject({ kind: 'UPDATED', changes: [{ field: 'blocked', before: true, after: false }] });
    expect((await task.ok(complete, { id: a }, ada)).completeTask.task.status).toBe('COMPLETED');
  });

  test('is told of by a person who cannot see it: completing a blocker unblocks tasks of other places', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'FAR');
    task.addMember('project', projectId, bob, 'MEMBER');
    const [blocker, mine] = [await make(ada, { projectId }), await make(bob)];
    await wait(bob, mine, blocker);
    expect((await shown(ada, blocker)).blocks).toEqual([]);
    await task.ok(complete, { id: blocker }, ada);
    expect(await blocked(mine)).toBe(false);
    const { nodes } = (await task.ok(history, { id: mine }, bob)).task.history;
    expect(nodes.at(-1)).toMatchObject({ kind: 'UPDATED', changes: [{ field: 'blocked', before: true, after: false }] });
  });

  test('whose blockers are all completed at the same time is free, and was told of it once', async () => {
    const ada = someViewer();
    for (let round = 0; round < 5; round += 1) {
      const [a, ...blockers] = [await make(ada), await make(ada), await make(ada), await make(ada)] as [string, ...string[]];
      for (const blocker of blockers) await wait(ada, a, blocker);
      await Promise.all(blockers.map((id) => task.ok(complete, { id }, ada)));
      expect(await blocked(a)).toBe(false);
      expect((await shown(ada, a)).version).toBe(5);
    }
  });

  test('completing the blocker races with completing what waits for it: never both unless the blocker came first', async () => {
    const ada = someViewer();
    for (let round = 0; round < 8; round += 1) {
      const [a, b] = [await make(ada), await make(ada)];
      await wait(ada, a, b);
      const [waiting] = await Promise.all([task.query(complete, { id: a }, ada), task.query(complete, { id: b }, ada)]);
      expect(waiting.errors?.[0]?.extensions.code ?? 'CONFLICT').toBe('CONFLICT');
      const log = await admin.query('select aggregate_id, type from task.events where aggregate_id = any ($1) and type = $2 order by xid, ordinal', [[a, b], 'task.completed']);
      expect(log.rows.map((row) => row.aggregate_id)).toEqual(waiting.errors ? [b] : [b, a]);
      expect(await blocked(a)).toBe(false);
    }
  });
});

test('no sequence of writes makes a cycle, and `blocked` always equals a recount', async () => {
  const size = 5;
  const index = fc.nat(size - 1);
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('add' as const), from: index, to: index }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), from: index, to: index }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('COMPLETED', 'PENDING', 'CANCELLED', 'IN_PROGRESS', 'trash', 'restore'), from: index }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 8 }), async (batches) => {
      const ada = someViewer();
      const tasks: string[] = [];
      for (let count = 0; count < size; count += 1) tasks.push(await make(ada));
      // What stands in one batch happens at the same time.
      for (const batch of batches) {
        const answers = await Promise.all(batch.map((one) => {
          const id = tasks[one.from] as string;
          if (one.kind === 'add' || one.kind === 'remove') {
            const to = 'to' in one ? tasks[one.to] : undefined;
            return task.query(one.kind === 'add' ? add : remove, { taskId: id, blockedById: to }, ada);
          }
          if (one.kind === 'trash' || one.kind === 'restore') return task.query(one.kind === 'trash' ? trash : restore, { id }, ada);
          return task.query(updateTask, { input: { id, status: one.kind } }, ada);
        }));
        for (const answer of answers) expect(['CONFLICT', 'BAD_USER_INPUT', undefined]).toContain(answer.errors?.[0]?.extensions.code);
      }
      const { rows } = await admin.query(
        `select t.id, t.blocked, exists (select from task.task_dependencies d join task.tasks b on b.id = d.blocked_by_id
           where d.task_id = t.id and b.deleted_at is null and b.status in ('PENDING', 'IN_PROGRESS')) as recount
         from task.tasks t where t.id = any ($1)`,
        [tasks],
      );
      for (const row of rows) expect(row.blocked).toBe(row.recount);
      const { rows: circles } = await admin.query(
        `with recursive w (start, id) as (
           select task_id, blocked_by_id from task.task_dependencies where task_id = any ($1)
           union select w.start, d.blocked_by_id from w join task.task_dependencies d on d.task_id = w.id
         ) select * from w where start = id`,
        [tasks],
      );
      expect(circles).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
