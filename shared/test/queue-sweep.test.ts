// What brings rows without a living job to the queue.
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createQueueBackend, type QueueBackend } from '../src/queue.js';
import { sweepRows } from '../src/queue-sweep.js';
import { eventually } from '../src/testing/eventually.js';
import { redisAvailable, startRedis, type TestRedis } from '../src/testing/redis.js';

const log = pino({ level: 'silent' });

describe.skipIf(!redisAvailable())('a sweep', () => {
  let redis: TestRedis;
  let backend: QueueBackend;
  beforeAll(async () => {
    redis = await startRedis();
    backend = createQueueBackend({ owner: 'swept', redisUrl: redis.url, log });
  });
  afterAll(async () => {
    await backend.close();
    await redis.stop();
  });

  /** Rows that are due, three at a take. */
  function someRows(count: number) {
    const due = Array.from({ length: count }, (_, index) => `row-${index}`);
    const takes: number[] = [];
    return {
      due,
      takes,
      async take() {
        const taken = due.splice(0, 3);
        takes.push(taken.length);
        return taken;
      },
    };
  }

  test('leaves rows as they are while the queue is away, and takes all of them once it is back', async () => {
    const queue = backend.queue('jobs');
    await eventually(() => queue.accepts());
    const seen: string[] = [];
    backend.work('jobs', async (_data, job) => void seen.push(job.id));
    const rows = someRows(8);
    const sweep = () => sweepRows({ queue, take: rows.take, enqueue: (id) => queue.add({ id, data: {} }), log });
    await redis.kill();
    await eventually(async () => expect(await queue.accepts()).toBe(false));
    await sweep();
    expect([rows.due.length, rows.takes]).toEqual([8, []]);
    await redis.restart();
    await eventually(async () => {
      await sweep();
      expect(rows.due).toEqual([]);
    });
    expect(rows.takes).toEqual([3, 3, 2, 0]);
    await eventually(() => expect(seen.toSorted()).toEqual(Array.from({ length: 8 }, (_, index) => `row-${index}`)));
  });

  test('that is to be fair takes as often as it says and leaves the rest for the next one', async () => {
    const queue = backend.queue('fair');
    await eventually(() => queue.accepts());
    const rows = someRows(8);
    await sweepRows({ queue, take: rows.take, enqueue: (id) => queue.add({ id, data: {} }), most: 1, log });
    expect([rows.takes, rows.due.length]).toEqual([[3], 5]);
  });

  test('brings no more while very many jobs wait already', async () => {
    const queue = backend.queue('full');
    await eventually(() => queue.accepts());
    for (let from = 0; from < 1_000; from += 100) await Promise.all(Array.from({ length: 100 }, (_, index) => queue.add({ id: `job-${from + index}`, data: {} })));
    const rows = someRows(3);
    await sweepRows({ queue, take: rows.take, enqueue: (id) => queue.add({ id, data: {} }), log });
    expect(rows.takes).toEqual([]);
  });
});
