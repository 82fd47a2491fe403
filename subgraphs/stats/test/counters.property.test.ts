// RULES §9: whatever happens to tasks and to the worker, the figures are those of a recount, and of a rebuild from the log.
import { openDatabase } from '@taskgraph/shared/database';
import { createLogger } from '@taskgraph/shared/logger';
import type { TailedEvent } from '@taskgraph/shared/event-tail';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countTasks } from '../src/commands/count-tasks.js';
import { loadConfig } from '../src/config.js';
import { findGenerations, requestRebuild } from '../src/repositories/generation-repository.js';
import { startWorker } from '../src/worker.js';
import { startStats, type Harness } from './harness.js';
import { dump, newModel, play, recount, step } from './histories.js';
import { startPeer } from './peers.js';

let stats: Harness;
let owner: DataSource;
let admin: DataSource;
let worker: DataSource;
const log = createLogger({ service: 'test', level: 'silent' });
beforeAll(async () => {
  stats = await startStats({ worker: false });
  const open = (url: string) => openDatabase({ url, poolSize: 1, applicationName: 'test', log });
  [owner, admin, worker] = await Promise.all([open(stats.database.owner), open(stats.database.admin), open(stats.database.worker)]);
});
afterAll(async () => {
  await Promise.all([owner, admin, worker].map((database) => database?.destroy()));
  await stats?.stop();
});

const lines = async (generation: number) => ((await owner.query(dump, [generation])) as { line: string }[]).map((row) => row.line).sort();

/** How many times longer than in the default run is searched: LONGER=20 is some four minutes. */
const longer = Number(process.env['LONGER'] ?? 1);

/** What befalls the worker after a batch was appended. */
const mishap = fc.constantFrom('none', 'none', 'restarted', 'redelivered', 'connections lost', 'new epoch');
const history = fc.array(fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 14 }), mishap }), { minLength: 1, maxLength: 5 });

test('figures equal a recount of the final tasks and a rebuild from the start of the log, after any history of events delivered in any batches, with restarts, redelivery, lost connections and new epochs in between (RULES §9)', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (batches) => {
      await owner.query('truncate positions');
      await owner.query(`update generations set state = 'retired'`);
      await owner.query(`insert into generations (state) values ('serving')`);
      const source = await startPeer(stats.identities, 'task');
      const config = loadConfig({ ...stats.settings, TASK_URL: source.url });
      let running = await startWorker(config, log, { probes: false });
      try {
        const model = newModel();
        for (const { steps, mishap: happens } of batches) {
          source.append(...steps.flatMap((one) => play(model, one)));
          if (happens === 'connections lost') await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'stats worker' and datname = current_database()`);
          if (happens === 'restarted') {
            await running.stop();
            running = await startWorker(config, log, { probes: false });
          }
          // A new epoch in which nothing was lost: everything is read again from the start.
          if (happens === 'new epoch') source.restore(Number.MAX_SAFE_INTEGER);
          if (happens === 'redelivered') await owner.query(`update positions set place = '' where source = 'task'`);
        }
                const followed = () => owner.query(`select place || ' ' || epoch as line from positions where source = 'task' and consumer = 'figures'`);
        await eventually(async () => expect(await followed()).toEqual([{ line: `${source.head()} ${source.epoch()}` }]));
        const expected = recount(model);
        const { serving: live } = await findGenerations(owner);
        expect(await lines(live)).toEqual(expected);

        await requestRebuild(worker);
        const rebuilt = await eventually(async () => {
          const { serving, building } = await findGenerations(owner);
          return building === null && serving !== live ? serving : null;
        });
        expect(await lines(rebuilt)).toEqual(expected);
      } finally {
        await running.stop();
        await source.stop();
      }
    }),
    { numRuns: 25 * longer, interruptAfterTimeLimit: 9_000 * longer },
  );
}, 90_000 * longer);

test('the order in which events are heard, and how often, makes no difference, erased tasks included (RULES §9)', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  const shuffled = fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }).chain((steps) =>
    fc.record({ steps: fc.constant(steps), order: fc.array(fc.nat(steps.length - 1), { maxLength: steps.length }), sizes }),
  );
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ steps, order, sizes }) => {
      const model = newModel();
      // Few tasks, so that much happens to each.
      const told = steps.flatMap((one) => play(model, { ...one, task: one.task % 2 })) as unknown as TailedEvent[];
      // Some in an order of their own, some twice, and in the end each of them once, backwards.
      const heard = [...order.flatMap((index) => told[index] ?? []), ...told.toReversed()];
      const [row] = (await owner.query(`insert into generations (state) values ('retired') returning generation`)) as [{ generation: number }];
      for (let turn = 0; heard.length > 0; turn += 1) {
        const batch = heard.splice(0, sizes[turn % sizes.length]);
        await writeTransaction(worker, { lock: [] }, (tx) => countTasks(tx, row.generation, batch));
      }
      expect(await lines(row.generation)).toEqual(recount(model));
    }),
    { numRuns: 150 * longer, interruptAfterTimeLimit: 4_000 * longer },
  );
}, 60_000 * longer);
