// A worker that dies in the middle of a file: real processes, killed for good, over the queue in Postgres.
import { createAccess } from '@taskgraph/shared/access/access';
import { openDatabase } from '@taskgraph/shared/database';
import { createLogger } from '@taskgraph/shared/logger';
import { createPeer } from '@taskgraph/shared/peer';
import { newId } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entities } from '../src/database.js';
import { runImport } from '../src/jobs/run-import.js';
import { startTask, type Harness } from './harness.js';
import { begin, ended, errorLines, showImport, spawnWorker, startImport, upload } from './import-tools.js';

const log = createLogger({ service: 'task worker', level: 'silent' });
let task: Harness;
let admin: pg.Client;
beforeAll(async () => {
  task = await startTask(undefined, { ROLES: 'api' });
  admin = new pg.Client(task.database.admin);
  await admin.connect();
  await admin.query('set search_path to task');
});
afterAll(async () => {
  await admin.end();
  await task.stop();
});

const total = 20_000;
const isBad = (row: number) => row % 100 === 99;

test('20,000 rows, 1 % bad, workers killed midway: each good row is one task, each bad row one line, and a second run adds nothing', async () => {
  const ada = someViewer();
  const projectId = task.addProject(ada, 'BIG');
  const rows = Array.from({ length: total }, (_, row) => (isBad(row) ? `row ${row},99` : `row ${row},${(row % 10) + 1}`));
  const id = newId();
  const input = { id, projectId };
  await begin(task, ada, input, `title,priority\n${rows.join('\n')}\n`);
  const progress = async () => (await task.ok(showImport, { id }, ada)).taskImport.processedRows as number;

  // One is told to stop, one dies without a word; the last one comes to the end.
  let reached = 0;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const worker = spawnWorker(task);
    await eventually(async () => expect(await progress()).toBeGreaterThan(reached), { timeoutMs: 40_000 });
    await worker.kill(signal);
    reached = await progress();
    expect(reached).toBeLessThan(total);
  }
  const worker = spawnWorker(task);
  try {
    const done = await ended(task, ada, id, 90_000);
    expect(done).toMatchObject({ status: 'COMPLETED', totalRows: total, processedRows: total, createdRows: total * 0.99, failedRows: total * 0.01 });

    const { rows: found } = await admin.query('select title, ref from tasks where scope_id = $1 order by rank, id', [scopeId('project', projectId)]);
    expect(found.map((row) => row.title)).toEqual(Array.from({ length: total }, (_, row) => row).filter((row) => !isBad(row)).map((row) => `row ${row}`));
    expect(found.map((row) => row.ref)).toEqual(Array.from({ length: total * 0.99 }, (_, index) => `BIG-${index + 1}`));
    const { rows: events } = await admin.query(`select count(*)::int as count, count(distinct aggregate_id)::int as tasks from events where scope_id = $1`, [scopeId('project', projectId)]);
    expect(events[0]).toEqual({ count: total * 0.99, tasks: total * 0.99 });

    const lines = await errorLines(task, done);
    expect(lines).toEqual(Array.from({ length: total }, (_, row) => row).filter(isBad).map((row) => `${row + 2},priority,must lie between 1 and 10`));

    // The same start again is the same import, which takes no second file.
    const again = (await task.ok(startImport, { input: { format: 'CSV', ...input } }, ada)).startTaskImport.taskImport;
    expect(again).toMatchObject({ id, status: 'COMPLETED', uploadUrl: null, createdRows: total * 0.99 });
    expect((await admin.query('select count(*)::int as count from tasks where scope_id = $1', [scopeId('project', projectId)])).rows).toEqual([{ count: total * 0.99 }]);
  } finally {
    await worker.kill('SIGTERM');
  }
}, 240_000);

/** What the worker gives to a job, on connections of its own. */
async function services() {
  const database = await openDatabase({ url: task.database.worker, poolSize: 6, entities, applicationName: 'test worker', log });
  const signer = task.identities.signer('task');
  const peer = (name: 'user' | 'project' | 'channel') => createPeer({ name, url: task[name].url, signer });
  const [users, project, channel] = [peer('user'), peer('project'), peer('channel')];
  const access = createAccess({ database, consumer: 'access', peers: { project, channel } });
  return {
    options: { database, access, users, directory: task.settings['UPLOAD_DIR'] as string, stopping: new AbortController().signal, log },
    stop: () => Promise.all([database.destroy(), users.close(), project.close(), channel.close()]),
  };
}

test('two workers with the same job do each row once, and the file is gone after', async () => {
  const ada = someViewer();
  const projectId = task.addProject(ada, 'TWO');
  const id = await begin(task, ada, { projectId }, `title,priority\n${Array.from({ length: 1_500 }, (_, row) => `row ${row},${row % 50 === 0 ? 0 : 1}`).join('\n')}\n`);
  const { options, stop } = await services();
  // Whoever finds rows done by the other leaves the rest to it.
  await Promise.all([runImport(options, id), runImport(options, id), runImport(options, id)]);
  await runImport(options, id);
  await stop();
  const done = await ended(task, ada, id);
  expect(done).toMatchObject({ status: 'COMPLETED', processedRows: 1_500, createdRows: 1_470, failedRows: 30 });
  expect(await errorLines(task, done)).toHaveLength(30);
  const { rows } = await admin.query('select ref from tasks where scope_id = $1 order by rank, id', [scopeId('project', projectId)]);
  expect(rows.map((row) => row.ref)).toEqual(Array.from({ length: 1_470 }, (_, index) => `TWO-${index + 1}`));
});

test('while the user subgraph is away an import with assignees waits, however often it is tried', async () => {
  const ada = someViewer();
  task.user.setHandle('ada', ada.id);
  const id = await begin(task, ada, { personal: true }, 'title,assignees\na,ada\n');
  const { options, stop } = await services();
  task.user.setAway(true);
  try {
    for (let tries = 0; tries < 25; tries += 1) await expect(runImport(options, id)).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
  } finally {
    task.user.setAway(false);
  }
  await runImport(options, id);
  await stop();
  expect(await ended(task, ada, id)).toMatchObject({ status: 'COMPLETED', createdRows: 1 });
});

test('a batch has at most 200 rows (RULES §4)', async () => {
  const ada = someViewer();
  const worker = spawnWorker(task);
  try {
    const { taskImport } = (await task.ok(startImport, { input: { format: 'CSV', personal: true } }, ada)).startTaskImport;
    expect((await upload(task, taskImport.uploadUrl, `title\n${Array.from({ length: 5_000 }, (_, row) => `row ${row}`).join('\n')}\n`)).status).toBe(202);
    await ended(task, ada, taskImport.id, 60_000);
    // All rows of a batch have the moment of its transaction.
    const { rows } = await admin.query('select count(*)::int as rows from tasks where creator_id = $1 group by created_at', [ada.id]);
    expect(Math.max(...rows.map((row) => row.rows))).toBeLessThanOrEqual(200);
  } finally {
    await worker.kill('SIGTERM');
  }
}, 120_000);
