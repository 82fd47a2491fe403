import { expect, test } from 'vitest';
import { periodically } from '../src/periodically.js';
import { eventually } from '../src/testing/eventually.js';
import { silentLog } from './log-database.js';

test('runs at once and again, also after a run that failed, until it is stopped', async () => {
  let runs = 0;
  const job = periodically({
    name: 'test', everyMs: 5, log: silentLog,
    run: async () => {
      runs += 1;
      if (runs === 2) throw new Error('once');
    },
  });
  await eventually(() => expect(runs).toBeGreaterThan(3));
  await job.stop();
  const stopped = runs;
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toBe(stopped);
});

test('stopping waits for the run that is under way, and no other follows it', async () => {
  let finish = () => {};
  let runs = 0;
  const job = periodically({ name: 'test', everyMs: 0, log: silentLog, run: () => new Promise((resolve) => ((runs += 1), (finish = resolve))) });
  let stopped = false;
  const stopping = job.stop().then(() => (stopped = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(stopped).toBe(false);
  finish();
  await stopping;
  expect(runs).toBe(1);
});
