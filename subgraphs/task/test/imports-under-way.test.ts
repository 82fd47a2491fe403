import { readdirSync } from 'node:fs';
import { scopeId } from '@taskgraph/shared/scope';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTask, startTask, type Harness } from './harness.js';
import { begin, cancelImport, ended, showImport, startImport, upload } from './import-tools.js';

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

const many = (count: number) => `title\n${Array.from({ length: count }, (_, index) => `task ${index}`).join('\n')}\n`;

describe('under way', () => {
  test('cancelling takes effect at the next batch; what was created stays', async () => {
    const ada = someViewer();
    const id = await begin(task, ada, { personal: true }, many(20_000));
    await eventually(async () => expect((await task.ok(showImport, { id }, ada)).taskImport.processedRows).toBeGreaterThan(0));
    expect((await task.ok(cancelImport, { input: { id } }, ada)).cancelTaskImport.taskImport.status).toBe('CANCELLED');
    const stopped = (await task.ok(showImport, { id }, ada)).taskImport;
    expect(stopped.processedRows).toBeLessThan(20_000);
    await eventually(() => expect(readdirSync(task.settings['UPLOAD_DIR'] as string).filter((name) => name.startsWith(id))).toEqual([]));
    expect((await task.ok(showImport, { id }, ada)).taskImport).toMatchObject({ status: 'CANCELLED', processedRows: stopped.processedRows, createdRows: stopped.createdRows });
    expect(await tasksOf(scopeId('user', ada.id))).toHaveLength(stopped.createdRows);
    expect((await task.ok(cancelImport, { input: { id } }, ada)).cancelTaskImport.taskImport.status).toBe('CANCELLED');
  });

  test('one that is over cannot be cancelled, one that waits can', async () => {
    const ada = someViewer();
    const id = await begin(task, ada, { personal: true }, 'title\na\n');
    await ended(task, ada, id);
    expect(await task.refused(cancelImport, { input: { id } }, ada)).toMatchObject({ code: 'CONFLICT' });
    const waiting = await start(ada, { personal: true });
    await task.ok(cancelImport, { input: { id: waiting.id } }, ada);
    expect((await upload(task, waiting.uploadUrl, 'title\na\n')).status).toBe(409);
  });

  test('who loses the project loses the import with it', async () => {
    const [owner, ada] = [someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'LOS');
    task.addMember('project', projectId, ada, 'MAINTAINER');
    const made = await start(ada, { projectId });
    task.removeMember('project', projectId, ada);
    // The copy of memberships hears of it a moment later; until then it says yes.
    await eventually(async () => expect(await task.refused(createTask, { input: { title: 'still', projectId } }, ada)).toMatchObject({ code: 'NOT_FOUND' }));
    expect((await upload(task, made.uploadUrl, many(10))).status).toBe(202);
    const done = await ended(task, ada, made.id);
    expect(done).toMatchObject({ status: 'FAILED', createdRows: 0, failure: 'You may no longer import into this project.' });
  });

  test('the import of a deactivated person ends', async () => {
    const ada = someViewer();
    const made = await start(ada, { personal: true });
    task.user.deactivate(ada.id);
    await upload(task, made.uploadUrl, many(10));
    expect(await ended(task, ada, made.id)).toMatchObject({ status: 'FAILED', createdRows: 0, failure: 'The account was deactivated.' });
  });

  test('creates beside a running import leave no gap in the numbers', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'MIX');
    const id = await begin(task, ada, { projectId }, many(1_000));
    for (let count = 0; count < 20; count += 1) await task.ok(createTask, { input: { title: 'by hand', projectId } }, ada);
    await ended(task, ada, id);
    const numbers = (await tasksOf(scopeId('project', projectId))).map((row) => Number(row.ref.slice(4)));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1_020 }, (_, index) => index + 1));
  });
});
