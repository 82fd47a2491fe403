// A worker that is alive and takes nothing: what counts is that a job that goes in comes out.
import { Worker } from 'bullmq';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createQueueBackend, type QueueBackend } from '../src/queue.js';
import { eventually } from '../src/testing/eventually.js';
import { createTestDatabase } from '../src/testing/postgres.js';
import { redisAvailable, startRedis, type TestRedis } from '../src/testing/redis.js';

const lines: string[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
const silence = 'jobs wait and the worker takes none';

interface Server {
  options: { redisUrl?: string; databaseUrl?: string };
  stop: () => Promise<unknown>;
}

async function redisServer(): Promise<Server> {
  const redis = await startRedis();
  return { options: { redisUrl: redis.url }, stop: () => redis.stop() };
}

async function postgresServer(): Promise<Server> {
  const database = await createTestDatabase('stats', async () => {});
  return { options: { databaseUrl: database.queue }, stop: () => database.drop() };
}

/** Workers that are made from now on connect, say that they run, and never ask for a job. */
const silenceWorkers = () => vi.spyOn(Worker.prototype, 'run').mockImplementation(() => new Promise(() => {}));
afterEach(() => vi.restoreAllMocks());

const backends = [
  { name: 'postgres', start: postgresServer, skip: false },
  { name: 'redis', start: redisServer, skip: !redisAvailable() },
];

describe.each(backends.filter((backend) => !backend.skip))('a worker of a queue on $name', ({ start }) => {
  let server: Server;
  let owners = 0;
  const open: QueueBackend[] = [];
  beforeAll(async () => void (server = await start()));
  afterEach(() => Promise.all(open.splice(0).map((backend) => backend.close())));
  afterAll(() => server.stop());

  function openBackend(): QueueBackend {
    const backend = createQueueBackend({ owner: `watched${owners++}`, ...server.options, watchEveryMs: 50, log });
    open.push(backend);
    return backend;
  }
  const replacedOf = (backend: QueueBackend, queue: string) => backend.state().workers.find((worker) => worker.queue === queue)?.replaced ?? 0;

  test('that takes nothing while a job waits is told of and replaced until one takes it', async () => {
    const backend = openBackend();
    lines.length = 0;
    const hush = silenceWorkers();
    const seen: string[] = [];
    backend.work('jobs', async (_data, job) => void seen.push(job.id));
    await backend.queue('jobs').add({ id: 'waits', data: {} });
    await eventually(async () => expect(await backend.missing()).toEqual(['worker of the queue jobs']));
    expect(seen).toEqual([]);
    expect(lines.some((line) => line.includes(silence))).toBe(true);
    hush.mockRestore();
    await eventually(() => expect(seen).toEqual(['waits']));
    await eventually(async () => expect(await backend.missing()).toEqual([]));
    expect(replacedOf(backend, 'jobs')).toBeGreaterThan(0);
  });

  test('that takes nothing is seen before there is work: a job of the watchdog goes in, and must come out', async () => {
    const backend = openBackend();
    const hush = silenceWorkers();
    const seen: string[] = [];
    backend.work('jobs', async (_data, job) => void seen.push(job.id));
    await eventually(async () => expect(await backend.missing()).toEqual(['worker of the queue jobs']));
    hush.mockRestore();
    await eventually(async () => expect(await backend.missing()).toEqual([]));
    // What the watchdog puts in is not for the handler.
    expect(seen).toEqual([]);
  });

  test('that has all hands full is left alone, however many jobs wait', async () => {
    const backend = openBackend();
    let [began, ended] = [0, 0];
    let finish = (): void => {};
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const handler = async () => {
      began += 1;
      await gate;
      ended += 1;
    };
    backend.work('busy', handler, { concurrency: 2 });
    for (const id of ['a', 'b', 'c', 'd']) await backend.queue('busy').add({ id, data: {} });
    await eventually(() => expect(began).toBe(2));
    const before = replacedOf(backend, 'busy');
    // As many looks as it takes to replace another one several times.
    silenceWorkers();
    backend.work('silent', async () => {});
    await backend.queue('silent').add({ id: 'x', data: {} });
    await eventually(() => expect(replacedOf(backend, 'silent')).toBeGreaterThan(2));
    expect([replacedOf(backend, 'busy'), began]).toEqual([before, 2]);
    vi.restoreAllMocks();
    finish();
    await eventually(() => expect(ended).toBe(4));
  });
});

describe.skipIf(!redisAvailable())('while Redis is away', () => {
  let redis: TestRedis;
  beforeAll(async () => void (redis = await startRedis()));
  afterAll(() => redis.stop());

  test('no worker is blamed, and work goes on when it is back', async () => {
    const backend = createQueueBackend({ owner: 'away', redisUrl: redis.url, watchEveryMs: 50, log });
    const seen: string[] = [];
    backend.work('jobs', async (_data, job) => void seen.push(job.id));
    const queue = backend.queue('jobs');
    await eventually(() => queue.add({ id: 'before', data: {} }).then(() => true));
    await eventually(() => expect(seen).toEqual(['before']));
    const before = backend.state().workers[0]?.replaced;
    await redis.kill();
    await eventually(async () => expect(await backend.missing()).toEqual(['queue']));
    for (let asked = 0; asked < 10; asked += 1) expect(await queue.accepts()).toBe(false);
    expect(backend.state().workers[0]?.replaced).toBe(before);
    await redis.restart();
    await eventually(() => queue.add({ id: 'after', data: {} }).then(() => true));
    await eventually(() => expect(seen).toEqual(['before', 'after']));
    await backend.close();
  });
});
