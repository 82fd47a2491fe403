// RULES §9: whatever happens to tasks and to the worker, the counts are those of a recount.
import { openDatabase } from '@taskgraph/shared/database';
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import type { TaskStatus } from '@taskgraph/shared/contracts/task-events';
import { eventually } from '@taskgraph/shared/testing/eventually';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../src/config.js';
import { startWorker } from '../src/worker.js';
import { startStats, type Harness } from './harness.js';
import { startPeer } from './peers.js';
import { someTask, type Place } from './tasks.js';

let stats: Harness;
beforeAll(async () => void (stats = await startStats({ worker: false })));
afterAll(() => stats.stop());

const log = createLogger({ service: 'test', level: 'silent' });
const statuses: TaskStatus[] = ['PENDING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED'];
const people = [newId(), newId(), newId()];
const places: Place[] = [{ projectId: newId() }, { projectId: newId() }, { channelId: newId() }, { ownerId: people[0] as string }, { ownerId: people[1] as string }];

/** One write to one of six tasks, with all that is so after it; the first one makes it. What changed says which event it is. */
const write = fc.record({
  task: fc.nat(5),
  place: fc.constantFrom(...places),
  trashed: fc.constantFrom(false, false, true),
  /** Erased for good where it lay in the trash before. */
  purged: fc.boolean(),
  status: fc.constantFrom(...statuses),
  priority: fc.integer({ min: 1, max: 3 }),
  assigneeIds: fc.subarray(people),
  /** Hours from now. */
  due: fc.option(fc.constantFrom(-48, -1, 48)),
});
/** What befalls the worker after a batch was appended. */
const mishap = fc.constantFrom('none', 'none', 'restarted', 'redelivered', 'connections lost', 'rebuilt');
const history = fc.array(fc.record({ writes: fc.array(write, { minLength: 1, maxLength: 12 }), mishap }), { minLength: 1, maxLength: 5 });

interface Final {
  place: Place;
  status: TaskStatus;
  priority: number;
  assigneeIds: string[];
  due: number | null;
  trashed: boolean;
}

const eventType = (before: Final | undefined, after: Final): string => {
  if (!before) return 'task.created';
  if (before.trashed !== after.trashed) return after.trashed ? 'task.deleted' : 'task.restored';
  return before.place === after.place ? 'task.updated' : 'task.moved';
};

/** Counts from scratch, written apart from the code under test: lines `kind subject status priority n`, and open tasks that are overdue. */
function recount(tasks: Final[]): { counters: string[]; overdue: string[] } {
  const counters = new Map<string, number>();
  const overdue = new Map<string, number>();
  for (const { place, status, priority, assigneeIds, due, trashed } of tasks) {
    if (trashed) continue;
    const subjects = new Set(assigneeIds.map((id) => `user ${id}`));
    if (place.ownerId) subjects.add(`user ${place.ownerId}`);
    if (place.projectId) subjects.add(`project ${place.projectId}`);
    if (place.channelId) subjects.add(`channel ${place.channelId}`);
    for (const subject of subjects) {
      const key = `${subject} ${status} ${priority}`;
      counters.set(key, (counters.get(key) ?? 0) + 1);
      if (['PENDING', 'IN_PROGRESS'].includes(status) && due !== null && due < 0) overdue.set(subject, (overdue.get(subject) ?? 0) + 1);
    }
  }
  const lines = (map: Map<string, number>) => [...map].map(([key, n]) => `${key} ${n}`).sort();
  return { counters: lines(counters), overdue: lines(overdue) };
}

test('counters equal a recount of the final facts after any history of events, moves and the trash included, delivered in any batches, with restarts, redelivery, lost connections and rebuilds in between (RULES §9)', async () => {
  const [owner, admin] = await Promise.all([stats.database.owner, stats.database.admin].map((url) => openDatabase({ url, poolSize: 1, applicationName: 'test', log })));
  if (!owner || !admin) throw new Error('no database');
  const texts = async (sql: string) => ((await owner.query(sql)) as { line: string }[]).map((row) => row.line).sort();

  await fc.assert(
    fc.asyncProperty(history, async (batches) => {
      await owner.query('truncate task_facts, counters, due_tasks, positions');
      const source = await startPeer(stats.identities, 'task');
      const config = loadConfig({ ...stats.settings, TASK_URL: source.url });
      let worker = await startWorker(config, log, { probes: false });
      try {
        const tasks = Array.from({ length: 6 }, () => someTask(places[0] as Place));
        const final = new Map<number, Final>();
        const gone = new Set<number>();
        for (const { writes, mishap: happens } of batches) {
          const events = writes.flatMap(({ task: index, purged, ...written }) => {
            const task = tasks[index];
            if (!task) throw new Error('no such task');
            if (gone.has(index)) return [];
            if (purged && final.get(index)?.trashed) {
              gone.add(index);
              return [task.purged()];
            }
            // What is made is not in the trash yet.
            const after = final.has(index) ? written : { ...written, trashed: false };
            const { place, due, trashed, ...state } = after;
            const type = eventType(final.get(index), after);
            final.set(index, after);
            const dueAt = due === null ? null : new Date(Date.now() + due * 3_600_000).toISOString();
            return task.event(type, { ...state, dueAt, deletedAt: trashed ? new Date().toISOString() : null }, place);
          });
          source.append(...events);
          if (happens === 'connections lost') await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'stats worker' and datname = current_database()`);
          if (happens === 'restarted') {
            await worker.stop();
            worker = await startWorker(config, log, { probes: false });
          }
          // A new epoch in which nothing was lost: everything is read again from the start.
          if (happens === 'rebuilt') source.restore(Number.MAX_SAFE_INTEGER);
          if (happens === 'redelivered') await owner.query(`update positions set place = '' where source = 'task'`);
        }
        await eventually(
          async () => expect(await texts(`select place || ' ' || epoch as line from positions where source = 'task'`)).toEqual([`${source.head()} ${source.epoch()}`]),
          { timeoutMs: 15_000 },
        );
        const expected = recount([...final.values()]);
        expect(await texts(`select concat_ws(' ', kind, subject_id, status, priority, n) as line from counters where n <> 0`)).toEqual(expected.counters);
        expect(new Set(await texts('select task_id::text as line from task_facts'))).toEqual(new Set([...final.keys()].filter((index) => !gone.has(index)).map((index) => tasks[index]?.id)));
        expect(await texts(`select concat_ws(' ', kind, subject_id, count(*)) as line from due_tasks where due_at < now() group by kind, subject_id`)).toEqual(expected.overdue);
      } finally {
        await worker.stop();
        await source.stop();
      }
    }),
    { numRuns: 40, interruptAfterTimeLimit: 40_000 },
  );
  await Promise.all([owner.destroy(), admin.destroy()]);
}, 90_000);
