// A Redis that is full refuses even what would drain it (`noeviction`): producers stop before.
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { createQueueBackend, type QueueBackend } from '../src/queue.js';
import { eventually } from '../src/testing/eventually.js';
import { redisAvailable, startRedis } from '../src/testing/redis.js';

const lines: string[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
const said = (text: string) => lines.filter((line) => line.includes(text)).length;

describe.skipIf(!redisAvailable())('a Redis of little memory', () => {
  const undo: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const one of undo.splice(0).toReversed()) await one();
    lines.length = 0;
  });

  async function open(args: string[]): Promise<{ backend: QueueBackend; admin: Redis }> {
    const redis = await startRedis({ args });
    undo.push(() => redis.stop());
    const admin = new Redis(redis.url);
    undo.push(async () => admin.disconnect());
    const backend = createQueueBackend({ owner: 'small', redisUrl: redis.url, memoryMarkPercent: 70, log });
    undo.push(() => backend.close());
    return { backend, admin };
  }

  test('above the mark takes no jobs and says so, lets workers go on, and takes jobs again by itself', async () => {
    const { backend, admin } = await open(['--maxmemory', '20mb']);
    const queue = backend.queue('jobs');
    await eventually(() => queue.add({ id: 'before', data: {} }).then(() => true));
    expect(backend.state()).toMatchObject({ paused: false, memory: { limitBytes: 20 * 1_048_576 } });
    // In pieces: what is being written counts too, and Redis would refuse it.
    const ballast = Array.from({ length: 46 }, (_, index) => `ballast-${index}`);
    for (const key of ballast) await admin.set(key, 'x'.repeat(256 * 1_024));
    await eventually(async () => expect(await queue.accepts()).toBe(false));
    await expect(queue.add({ id: 'refused', data: {} })).rejects.toThrow('nearly full');
    expect(backend.state().paused).toBe(true);
    expect(said('Redis is nearly full')).toBe(1);
    const seen: string[] = [];
    backend.work('jobs', async (_data, job) => void seen.push(job.id));
    await eventually(() => expect(seen).toEqual(['before']));
    expect(await queue.accepts()).toBe(false);
    await admin.del(ballast);
    await eventually(async () => expect(await queue.accepts()).toBe(true));
    expect([backend.state().paused, said('Redis has room again')]).toEqual([false, 1]);
    await queue.add({ id: 'after', data: {} });
    await eventually(() => expect(seen).toEqual(['before', 'after']));
  });

  test('is not filled by a burst: producers stop, everything that was taken is done, and the rest is taken afterwards', async () => {
    const { backend } = await open(['--maxmemory', '8mb']);
    const queue = backend.queue('jobs');
    await eventually(() => queue.accepts());
    const taken: string[] = [];
    const reasons = new Set<string>();
    const text = 'x'.repeat(10_000);
    for (let batch = 0; reasons.size === 0 && batch < 500; batch += 1) {
      const ids = Array.from({ length: 20 }, (_, index) => `job-${batch}-${index}`);
      const results = await Promise.allSettled(ids.map((id) => queue.add({ id, data: { text } })));
      for (const [index, result] of results.entries()) {
        if (result.status === 'fulfilled') taken.push(ids[index] as string);
        else reasons.add((result.reason as Error).message);
      }
    }
    expect([...reasons]).toEqual(['Redis is nearly full']);
    const seen = new Set<string>();
    backend.work('jobs', async (_data, job) => void seen.add(job.id), { concurrency: 20 });
    await eventually(() => expect(seen.size).toBe(taken.length));
    await eventually(async () => expect(await queue.accepts()).toBe(true));
    await queue.add({ id: 'held-back', data: {} });
    await eventually(() => expect(seen.has('held-back')).toBe(true));
  });

  test('that may drop jobs is complained about loudly', async () => {
    const { backend } = await open(['--maxmemory-policy', 'allkeys-lru']);
    await eventually(() => backend.queue('jobs').accepts());
    expect(said('set its maxmemory-policy to noeviction')).toBe(1);
    expect(lines.some((line) => (JSON.parse(line) as { level: number }).level === 50)).toBe(true);
  });
});
