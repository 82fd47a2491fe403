import { readdirSync } from 'node:fs';
import { newId } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTask, startTask, type Harness } from './harness.js';
import { begin, cancelImport, ended, errorLines, internal, showImport, startImport, upload } from './import-tools.js';

let task: Harness;
let admin: pg.Client;
beforeAll(async () => {
  task = await startTask();
  admin = new pg.Client(task.database.admin);
  await admin.connect();
  await admin.query('set search_path to task');
});
afterAll(async () => {
  await admin.end();
  await task.stop();
});

const start = async (viewer: Parameters<Harness['ok']>[2], input: object) => (await task.ok(startImport, { input: { format: 'CSV', ...input } }, viewer)).startTaskImport.taskImport;
const tasksOf = async (scope: string) => (await admin.query('select * from tasks where scope_id = $1 order by rank', [scope])).rows;

describe('starting (RULES §10)', () => {
  test('answers a signed address at the gateway, good for one file', async () => {
    const ada = someViewer();
    const made = await start(ada, { personal: true });
    expect(made).toMatchObject({ status: 'AWAITING_UPLOAD', totalRows: null, processedRows: 0, dryRun: false, errorFileUrl: null, startedAt: null });
    expect(made.uploadUrl).toMatch(/^https:\/\/tasks\.example\.org\/uploads\/[\w-]{40,}$/);
    expect((await task.ok(showImport, { id: made.id }, ada)).taskImport.uploadUrl).toBe(made.uploadUrl);
    expect((await upload(task, made.uploadUrl, 'title\na\n')).status).toBe(202);
    expect((await upload(task, made.uploadUrl, 'title\nb\n')).status).toBe(409);
    expect(await ended(task, ada, made.id)).toMatchObject({ status: 'COMPLETED', uploadUrl: null, totalRows: 1, createdRows: 1, failedRows: 0 });
    expect((await tasksOf(scopeId('user', ada.id))).map((row) => row.title)).toEqual(['a']);
  });

  test('a twin that uploads at the same moment is refused, and the file is that of one of them', async () => {
    const ada = someViewer();
    const made = await start(ada, { personal: true });
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((title) => upload(task, made.uploadUrl, `title\n${title}\n`)));
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([202, 409, 409, 409]);
    expect(await ended(task, ada, made.id)).toMatchObject({ status: 'COMPLETED', createdRows: 1 });
  });

  test('a forged, foreign or damaged token opens nothing', async () => {
    const made = await start(someViewer(), { personal: true });
    const damaged = `${made.uploadUrl.slice(0, -1)}${made.uploadUrl.endsWith('A') ? 'B' : 'A'}`;
    for (const url of [damaged, '/uploads/x', `/uploads/${'A'.repeat(71)}`]) expect((await upload(task, url, 'title\na\n')).status).toBe(404);
    expect((await internal(task, 'exports', made.uploadUrl)).status).toBe(404);
    expect((await upload(task, made.uploadUrl, '')).status).toBe(400);
    expect((await fetch(`${task.url}/internal/uploads/x`, { method: 'PUT', body: 'title\na\n' })).status).toBe(401);
  });

  test('the address ends after an hour', async () => {
    const ada = someViewer();
    const made = await start(ada, { personal: true });
    await admin.query(`update imports set upload_until = now() - interval '1 second' where id = $1`, [made.id]);
    expect((await task.ok(showImport, { id: made.id }, ada)).taskImport.uploadUrl).toBeNull();
  });

  test('the same start sent again is the same import; another input under its id is CONFLICT', async () => {
    const ada = someViewer();
    const input = { id: newId(), personal: true, mapping: { a: 'title' } };
    const answers = await Promise.all(Array.from({ length: 5 }, () => start(ada, input)));
    expect(new Set(answers.map((made) => made.uploadUrl)).size).toBe(1);
    expect(await task.refused(startImport, { input: { ...input, format: 'JSON' } }, ada)).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    expect(await task.refused(startImport, { input: { ...input, format: 'CSV' } }, someViewer())).toMatchObject({ code: 'CONFLICT' });
  });

  test('only its owner sees and cancels it', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const { id } = await start(ada, { personal: true });
    expect((await task.ok(showImport, { id }, bob)).taskImport).toBeNull();
    expect(await task.refused(cancelImport, { input: { id } }, bob)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await task.refused(showImport, { id }, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await task.refused(startImport, { input: { format: 'CSV', personal: true } }, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('imports are for MAINTAINER and OWNER of a project, and for those above a plain member of a channel (RULES §1)', async () => {
    const [owner, maintainer, member, viewer, stranger, moderator] = Array.from({ length: 6 }, () => someViewer()) as [ReturnType<typeof someViewer>, ReturnType<typeof someViewer>, ReturnType<typeof someViewer>, ReturnType<typeof someViewer>, ReturnType<typeof someViewer>, ReturnType<typeof someViewer>];
    const projectId = task.addProject(owner, 'IMP');
    task.addMember('project', projectId, maintainer, 'MAINTAINER');
    task.addMember('project', projectId, member, 'MEMBER');
    task.addMember('project', projectId, viewer, 'VIEWER');
    const channelId = task.addChannel(owner);
    task.addMember('channel', channelId, member, 'MEMBER');
    task.addMember('channel', channelId, moderator, 'MODERATOR');
    for (const who of [owner, maintainer]) expect((await start(who, { projectId })).status).toBe('AWAITING_UPLOAD');
    for (const who of [owner, moderator]) expect((await start(who, { channelId })).status).toBe('AWAITING_UPLOAD');
    for (const who of [member, viewer]) expect(await task.refused(startImport, { input: { format: 'CSV', projectId } }, who)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await task.refused(startImport, { input: { format: 'CSV', channelId } }, member)).toMatchObject({ code: 'FORBIDDEN' });
    for (const place of [{ projectId }, { channelId }, { projectId: newId() }]) {
      expect(await task.refused(startImport, { input: { format: 'CSV', ...place } }, stranger)).toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test.each([
    [{}, 'input.projectId'],
    [{ personal: true, channelId: newId() }, 'input.projectId'],
    [{ personal: true, id: 'x' }, 'input.id'],
    [{ personal: true, mapping: ['title'] }, 'input.mapping'],
    [{ personal: true, mapping: { a: 'titel' } }, 'input.mapping.a'],
    [{ personal: true, mapping: { a: 'title', b: 'title' } }, 'input.mapping.b'],
  ])('bad input is BAD_USER_INPUT naming the path: %j', async (input, path) => {
    expect(await task.refused(startImport, { input: { format: 'CSV', ...input } }, someViewer())).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  });

  test('one person has at most five imports that wait or run', async () => {
    const ada = someViewer();
    for (let count = 0; count < 5; count += 1) await start(ada, { personal: true });
    expect(await task.refused(startImport, { input: { format: 'CSV', personal: true } }, ada)).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
  });
});

describe('rows', () => {
  test('become tasks of the project in order, with refs, dates, people, labels, parents and one event each that is marked', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const handle = `bob${bob.id.slice(-6)}`;
    task.user.setHandle(handle, bob.id);
    const projectId = task.addProject(ada, 'ROW');
    task.addMember('project', projectId, bob, 'MEMBER');
    const before = (await task.ok(createTask, { input: { title: 'there before', projectId } }, ada)).createTask.task;
    const id = await begin(task, ada, { projectId }, [
      'ref,title,description,status,priority,start,due,assignees,labels,parent',
      `OLD-7,first,"a, b",done,2,2026-11-20,2026-12-01T09:00:00+01:00,@${handle},"Red, dark blue",`,
      `,second,,,,,,"${handle}@example.org ${ada.id}",red,OLD-7`,
      ',third,,,,,,,,second',
      ',fourth,,,,,,,,ROW-1',
      `,fifth,,,,,,,,${before.id}`,
    ].join('\n'));
    const done = await ended(task, ada, id);
    expect(done).toMatchObject({ status: 'COMPLETED', totalRows: 5, processedRows: 5, createdRows: 5, failedRows: 0, errorFileUrl: null, columns: { ref: 'ref', parent: 'parent' } });
    const rows = await tasksOf(scopeId('project', projectId));
    const [, first, second] = rows;
    expect(rows.map((row) => [row.ref, row.title, row.status, row.priority])).toEqual([
      ['ROW-1', 'there before', 'PENDING', 5], ['ROW-2', 'first', 'COMPLETED', 2], ['ROW-3', 'second', 'PENDING', 5], ['ROW-4', 'third', 'PENDING', 5],
      ['ROW-5', 'fourth', 'PENDING', 5], ['ROW-6', 'fifth', 'PENDING', 5],
    ]);
    expect(rows.map((row) => row.parent_id)).toEqual([null, null, first.id, second.id, before.id, before.id]);
    expect(first).toMatchObject({
      description: 'a, b', creator_id: ada.id, assignee_ids: [bob.id], start_at: new Date('2026-11-20T00:00:00Z'), due_at: new Date('2026-12-01T08:00:00Z'), completed_at: expect.any(Date),
    });
    expect(second.assignee_ids.toSorted()).toEqual([ada.id, bob.id].toSorted());
    const labels = await admin.query('select name from labels where project_id = $1 order by name_key', [projectId]);
    expect(labels.rows.map((row) => row.name)).toEqual(['dark blue', 'Red']);
    expect(first.label_ids).toHaveLength(2);
    expect(first.label_ids).toEqual(expect.arrayContaining(second.label_ids));
    const { rows: events } = await admin.query(`select * from events where scope_id = $1 and type = 'task.created' order by xid, ordinal`, [scopeId('project', projectId)]);
    expect(events.map((event) => [event.payload.state.title, event.payload.imported ?? false])).toEqual([
      ['there before', false], ['first', true], ['second', true], ['third', true], ['fourth', true], ['fifth', true],
    ]);
    expect(events[1]).toMatchObject({ actor_id: ada.id, version: 1, seq: 1, payload: { ref: 'ROW-2', state: { labels: expect.arrayContaining(['red', 'dark blue']) } } });
    const found = await task.ok('query ($f: TaskFilter) { tasks(filter: $f) { nodes { title } } }', { f: { projectId: { eq: projectId }, text: 'second' } }, ada);
    expect(found.tasks.nodes).toEqual([{ title: 'second' }]);
    expect(readdirSync(task.settings['UPLOAD_DIR'] as string).filter((name) => name.startsWith(id))).toEqual([]);
  });

  test('a bad row goes to the error file with line, column and reason, and the rest goes on (RULES §10)', async () => {
    const [ada, eve] = [someViewer(), someViewer()];
    const handle = `eve${eve.id.slice(-6)}`;
    task.user.setHandle(handle, eve.id);
    const projectId = task.addProject(ada, 'BAD');
    const id = await begin(task, ada, { projectId, mapping: { Wichtigkeit: 'priority' } }, [
      'Titel;title;Wichtigkeit;assignees;parent;due', 'x;fine;1;;;', 'x;;;;;', 'x;worst;99;;;yesterday', `x;stranger;;${handle};;`, 'x;nobody;;no-such-user;;', 'x;orphan;;;missing;', 'x;"fine\ntoo";;;;',
    ].join('\n'));
    const done = await ended(task, ada, id);
    expect(done).toMatchObject({ status: 'COMPLETED', totalRows: 7, processedRows: 7, createdRows: 2, failedRows: 5 });
    expect(done.errorFileUrl).toMatch(/^https:\/\/tasks\.example\.org\/exports\//);
    const lines = await errorLines(task, done);
    expect(lines.map((line) => line.split(',').slice(0, 2))).toEqual([['3', 'title'], ['4', 'Wichtigkeit'], ['5', 'assignees'], ['6', 'assignees'], ['7', 'parent']]);
    expect(lines[1]).toMatch(/must lie between 1 and 10; due must be a date/);
    // Somebody who cannot see the project is told in the same words as somebody who does not exist.
    expect(lines[2]?.replace(handle, 'no-such-user').replace(/^5/, '6')).toBe(lines[3]);
    expect((await tasksOf(scopeId('project', projectId))).map((row) => row.ref)).toEqual(['BAD-1', 'BAD-2']);
  });

  test('a dry run checks everything and creates nothing', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'DRY');
    const id = await begin(task, ada, { projectId, dryRun: true }, 'title,labels,parent\na,new,\nb,,a\n,,\nc,,nowhere\n');
    const done = await ended(task, ada, id);
    expect(done).toMatchObject({ status: 'COMPLETED', dryRun: true, totalRows: 4, processedRows: 4, createdRows: 0, failedRows: 2 });
    expect(await errorLines(task, done)).toHaveLength(2);
    expect(await tasksOf(scopeId('project', projectId))).toEqual([]);
    expect((await admin.query('select 1 from labels where project_id = $1', [projectId])).rows).toEqual([]);
    expect((await admin.query('select 1 from import_keys')).rows).toEqual([]);
  });

  test('JSON goes the same way', async () => {
    const ada = someViewer();
    const id = await begin(task, ada, { personal: true, format: 'JSON' }, JSON.stringify([{ title: 'a', dueAt: '2026-12-01T00:00:00Z', assignees: [ada.id] }, { name: 'b', priority: 11 }, { name: 'c' }], null, 1));
    expect(await ended(task, ada, id)).toMatchObject({ status: 'COMPLETED', createdRows: 2, failedRows: 1 });
    expect((await tasksOf(scopeId('user', ada.id))).map((row) => row.title)).toEqual(['a', 'c']);
  });

  test.each([
    ['without a title column', 'a,b\n1,2\n', {}, 'No column holds the title'],
    ['without rows', 'title\n', {}, 'no rows'],
    ['without a mapped column', 'title\na\n', { mapping: { Due: 'due' } }, 'does not have: Due'],
    ['of nothing but text after its array', '[] x', { format: 'JSON' }, 'after the end of the array'],
  ])('a file %s fails as a whole and says why', async (_title, content, input, failure) => {
    const ada = someViewer();
    const done = await ended(task, ada, await begin(task, ada, { personal: true, ...input }, content));
    expect(done).toMatchObject({ status: 'FAILED', createdRows: 0, failure: expect.stringContaining(failure) });
  });

  test('tasks nest at most 10 levels deep', async () => {
    const ada = someViewer();
    const rows = Array.from({ length: 12 }, (_, index) => `t${index},${index === 0 ? '' : `t${index - 1}`}`);
    const done = await ended(task, ada, await begin(task, ada, { personal: true }, `title,parent\n${rows.join('\n')}\n`));
    expect(done).toMatchObject({ createdRows: 10, failedRows: 2 });
    expect((await errorLines(task, done)).map((line) => line.slice(0, 24))).toEqual(['12,parent,would nest more', '13,parent,must name a row'].map((line) => line.slice(0, 24)));
  });

  test('tasks that were overdue before they were imported make nobody a notice (RULES §7)', async () => {
    const ada = someViewer();
    await ended(task, ada, await begin(task, ada, { personal: true }, 'title,due\nlong ago,2020-01-01\n'));
    const [row] = await tasksOf(scopeId('user', ada.id));
    expect(row).toMatchObject({ title: 'long ago', notice_at: null });
  });
});
