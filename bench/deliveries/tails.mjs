// How many events a second the figures follow: each by itself, as they were until now, and a batch at a time.
import { openDatabase } from '@taskgraph/shared/database';
import { startTail } from '@taskgraph/shared/event-tail';
import { createPeer } from '@taskgraph/shared/peer';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import { countTasks } from '@taskgraph/stats/dist/commands/count-tasks.js';
import { onTasksChanged } from '@taskgraph/stats/dist/events/on-task-changed.js';
import { holdServing, serveEmpty } from '@taskgraph/stats/dist/repositories/generation-repository.js';
import { log, quantile, taskCreated, until } from './world.mjs';

export async function measureTails(world, people, { events, rounds }) {
  const { urls, identities, logs, admin } = world;
  const database = await openDatabase({ url: urls.stats.worker, poolSize: 5, applicationName: 'bench stats', log });
  const source = createPeer({ name: 'task', url: logs.task.url, signer: identities.signer('stats') });
  try {
    const writer = await openDatabase({ url: urls.task.app, poolSize: 1, applicationName: 'bench', log });
    for (let written = 0; written < events; written += 500) {
      const made = Array.from({ length: 500 }, (_, index) => taskCreated(people, { actor: 0, assignee: 1 + (index % (people.people.length - 1)), mailed: true }));
      await writeTransaction(writer, { lock: [] }, async (tx) => void (await tx.emitAll(made.map(({ taskId, actorId, type, payload }) => ({ type, aggregateId: taskId, seq: 1, version: 1, payload, actorId, traceId: null })))));
    }
    await writer.destroy();

    // As it was: the generation is held once in a transaction, then each event is counted by itself.
    const held = new WeakMap();
    const one = async (tx, event) => {
      if (!held.has(tx)) held.set(tx, holdServing(tx));
      await countTasks(tx, await held.get(tx), [event]);
    };
    const kinds = { one: { batchSize: 50 }, together: { batchSize: 250, together: onTasksChanged } };
    const rates = { one: [], together: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const [kind, options] of Object.entries(kinds)) {
        await writeTransaction(database, { lock: [] }, serveEmpty);
        const consumer = `bench ${kind} ${round}`;
        const began = performance.now();
        const tail = startTail({ consumer, source, reactions: { 'task.created': one }, onNewEpoch: 'continue', dataSource: database, log, ...options });
        await until(async () => (await admin.query('select 1 from stats.positions where consumer = $1 and as_of is not null', [consumer])).length > 0, { limitS: 600 });
        rates[kind].push(events / ((performance.now() - began) / 1_000));
        await tail.stop();
      }
    }
    return Object.fromEntries(Object.entries(rates).map(([kind, list]) => [kind, quantile(list, 0.5)]));
  } finally {
    await source.close();
    await database.destroy();
  }
}
