import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@taskgraph/shared/logger';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../src/config.js';
import { startServer } from '../src/server.js';
import { startTask, type Harness } from './harness.js';

const directory = mkdtempSync(join(tmpdir(), 'taskgraph-load-'));
const file = join(directory, 'tasks.csv');
const log = createLogger({ service: 'task worker', level: 'error' });
let task: Harness;
beforeAll(async () => {
  writeFileSync(file, 'title,priority\nfirst,1\nbad,99\nsecond,2\n');
  task = await startTask(undefined, { TASKS_CSV: file, TASKS_CSV_OWNER: 'Grace' });
});
afterAll(async () => {
  await task.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('TASKS_CSV becomes the tasks of its owner once that user exists, and once only (RULES §10)', async () => {
  const grace = someViewer();
  const titles = async () => (await task.ok('{ tasks(sort: { field: RANK }) { nodes { title } } }', {}, grace)).tasks.nodes.map((node: { title: string }) => node.title);
  const workers = await Promise.all([0, 1].map(() => startServer(loadConfig({ ...task.settings, ROLES: 'worker' }), log)));
  expect(await titles()).toEqual([]);
  task.user.setHandle('grace', grace.id);
  await eventually(async () => expect(await titles()).toEqual(['first', 'second']));
  await Promise.all(workers.map((worker) => worker.stop()));

  // Another file is another load, the same one is none.
  const other = join(directory, 'more.jsonl');
  writeFileSync(other, '{"title":"third"}\n');
  const again = await startServer(loadConfig({ ...task.settings, ROLES: 'worker' }), log);
  const more = await startServer(loadConfig({ ...task.settings, ROLES: 'worker', TASKS_CSV: other }), log);
  await eventually(async () => expect(await titles()).toEqual(['first', 'second', 'third']));
  await Promise.all([again.stop(), more.stop()]);
  expect(await titles()).toEqual(['first', 'second', 'third']);
});
