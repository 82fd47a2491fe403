// One set of cases for both queue backends: nothing else in the product may notice which one runs.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badInput } from '../src/errors.js';
import { createQueueBackend, type QueueBackend } from '../src/queue.js';
import { eventually } from '../src/testing/eventually.js';
import { freePort } from '../src/testing/ports.js';
import { createTestDatabase, type TestDatabase } from '../src/testing/postgres.js';
import { redisAvailable, startRedis, type TestRedis } from '../src/testing/redis.js';

const log = pino({ level: 'silent' });
let owners = 0;

interface Server {
  options: { redisUrl?: string; databaseUrl?: string };
  /** Cuts every connection from the server's side. */
  cut: () => Promise<unknown>;
  /** Connections that are open now. */
  connections: () => Promise<number>;
  stop: () => Promise<unknown>;
}

async function redisServer(): Promise<Server> {
  const redis = await startRedis();
  const admin = new Redis(redis.url);
  return {
    options: { redisUrl: redis.url },
    cut: () => admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
    connections: async () => String(await admin.call('CLIENT', 'LIST')).trim().split('\n').length - 1,
    stop: async () => {
      admin.disconnect();
      await redis.stop();
    },
  };
}

async function postgresServer(): Promise<Server> {
  const database: TestDatabase = await createTestDatabase('stats', async () => {});
  const admin = new pg.Client(database.admin);
  await admin.connect();
  const others = 'from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
  return {
    options: { databaseUrl: database.queue },
    cut: () => admin.query(`select pg_terminate_backend(pid) ${others}`),
    connections: async () => (await admin.query<{ n: number }>(`select count(*)::int as n ${others}`)).rows[0]?.n ?? 0,
    stop: async () => {
      await admin.end();
      await database.drop();
    },
  };
}

// Compiled beside the package, so that a child process can run it and finds its dependencies.
const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url));
let compiled: string;
beforeAll(() => {
  mkdirSync(cache, { recursive: true });
  compiled = mkdtempSync(`${cache}/queue-`);
  const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url));
  const { status, stdout } = spawnSync(tsc, ['-p', 'tsconfig.build.json', '--outDir', compiled], { cwd: fileURLToPath(new URL('..', import.meta.url)) });
  if (status !== 0) throw new Error(String(stdout));
});
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

const backends = [
  { name: 'postgres', start: postgresServer, skip: false },
  { name: 'redis', start: redisServer, skip: !redisAvailable() },
];

describe.each(backends.filter((backend) => !backend.skip))('a queue on $name', ({ name, start }) => {
  let server: Server;
  beforeAll(async () => void (server = await start()));
  afterAll(() => server.stop());

  /** A backend with queues of its own on the shared server. */
  async function withBackend(work: (backend: QueueBackend, owner: string) => Promise<void>): Promise<void> {
    const owner = `owner${owners++}`;
    const backend = createQueueBackend({ owner, ...server.options, log });
    try {
      await work(backend, owner);
    } finally {
      await backend.close();
    }
  }

  test('hands each job to a worker, with its data and id', () =>
    withBackend(async (backend) => {
      expect(backend.kind).toBe(name);
      const seen: string[] = [];
      backend.work('jobs', async (data, job) => void seen.push(`${job.id} ${data['n']} ${job.attempt}`));
      const queue = backend.queue('jobs');
      await Promise.all(['a', 'b', 'c'].map((id) => queue.add({ id, data: { n: id.toUpperCase() } })));
      await eventually(() => expect(seen.toSorted()).toEqual(['a A 1', 'b B 1', 'c C 1']));
    }));

  test('the same id is one job while it exists, and can be added again once it is finished', () =>
    withBackend(async (backend) => {
      const queue = backend.queue('jobs');
      await queue.add({ id: 'x', data: { n: '1' } });
      await queue.add({ id: 'x', data: { n: '2' } });
      const seen: string[] = [];
      backend.work('jobs', async (data) => void seen.push(data['n'] as string));
      await eventually(() => expect(seen).toEqual(['1']));
      await eventually(async () => {
        await queue.add({ id: 'x', data: { n: '3' } });
        expect(seen.length).toBeGreaterThan(1);
      });
      expect(seen.slice(0, 2)).toEqual(['1', '3']);
    }));

  test('many are added at once, and one that is there already stays as it is', () =>
    withBackend(async (backend) => {
      const queue = backend.queue('jobs');
      await queue.add({ id: 'a', data: { n: '1' } });
      await queue.addAll(['a', 'b', 'c'].map((id) => ({ id, data: { n: '2' } })));
      const seen: string[] = [];
      backend.work('jobs', async (data, job) => void seen.push(`${job.id} ${data['n']} ${job.attempt}`));
      await eventually(() => expect(seen.toSorted()).toEqual(['a 1 1', 'b 2 1', 'c 2 1']));
    }));

  test('a job that fails is tried again with a pause; a refusal that is final is not', () =>
    withBackend(async (backend) => {
      const tries: Record<string, number> = { flaky: 0, refused: 0, last: 0 };
      backend.work('jobs', async (_data, job) => {
        tries[job.id] = (tries[job.id] ?? 0) + 1;
        if (job.id === 'refused') throw badInput('x', 'is wrong');
        if (job.id === 'flaky' && job.attempt < 2) throw new Error('once');
      });
      const queue = backend.queue('jobs');
      for (const id of ['refused', 'flaky', 'last']) await queue.add({ id, data: {} });
      await eventually(() => expect(tries).toEqual({ flaky: 2, refused: 1, last: 1 }));
    }));

  test('a delayed job waits its time', () =>
    withBackend(async (backend) => {
      let at = 0;
      backend.work('jobs', async () => void (at = Date.now()));
      const added = Date.now();
      await backend.queue('jobs').add({ id: 'later', data: {}, delayMs: 700 });
      await eventually(() => expect(at).toBeGreaterThan(0));
      expect(at - added).toBeGreaterThanOrEqual(690);
    }));

  test('goes on by itself after the server cut every connection', () =>
    withBackend(async (backend) => {
      const seen: string[] = [];
      backend.work('jobs', async (_data, job) => void seen.push(job.id));
      const queue = backend.queue('jobs');
      await queue.add({ id: 'before', data: {} });
      await eventually(() => expect(seen).toContain('before'));
      await server.cut();
      await eventually(() => queue.add({ id: 'after', data: {} }).then(() => true));
      await eventually(() => expect(seen).toContain('after'));
    }));

  test('a job whose worker process was killed in the middle, twice, runs again', () =>
    withBackend(async (backend, owner) => {
      await backend.queue('jobs').add({ id: 'survivor', data: { n: '42' } });
      const startChild = async () => {
        const module = pathToFileURL(`${compiled}/queue.js`).href;
        const script = fileURLToPath(new URL('fixtures/queue-worker.mjs', import.meta.url));
        const child = spawn(process.execPath, [script, module, JSON.stringify({ owner, ...server.options })], { stdio: ['ignore', 'pipe', 'inherit'] });
        const [line] = (await once(child.stdout, 'data')) as [Buffer];
        expect(String(line)).toBe('42\n');
        child.kill('SIGKILL');
        await once(child, 'exit');
      };
      await startChild();
      await startChild();
      let again = 0;
      backend.work('jobs', async () => void (again += 1));
      await eventually(() => expect(again).toBe(1));
    }));

  test('close lets a running job end and leaves no connection open', async () => {
    const before = await server.connections();
    let ended = false;
    let began = false;
    await withBackend(async (backend) => {
      backend.work('jobs', async () => {
        began = true;
        await new Promise((resolve) => setTimeout(resolve, 300));
        ended = true;
      });
      await backend.queue('jobs').add({ id: 'slow', data: {} });
      await eventually(() => began);
      expect(await server.connections()).toBeGreaterThan(before);
    });
    expect(ended).toBe(true);
    // At most: connections of the test before may have been going away still.
    await eventually(async () => expect(await server.connections()).toBeLessThanOrEqual(before));
  });

  test('while the server is away from the start: add rejects at once, the queue is missing, and close ends', async () => {
    const port = await freePort();
    const away = name === 'redis' ? { redisUrl: `redis://127.0.0.1:${port}` } : { databaseUrl: `postgres://x:y@127.0.0.1:${port}/z` };
    const backend = createQueueBackend({ owner: 'nobody', ...away, log });
    backend.work('jobs', async () => {});
    const started = Date.now();
    await expect(backend.queue('jobs').add({ id: 'x', data: {} })).rejects.toThrow();
    expect(await backend.queue('jobs').accepts()).toBe(false);
    expect(await backend.missing()).toEqual(['queue']);
    await backend.close();
    expect(Date.now() - started).toBeLessThan(15_000);
  });
});

describe.skipIf(!redisAvailable())('Redis that goes and comes', () => {
  let redis: TestRedis;
  beforeAll(async () => void (redis = await startRedis()));
  afterAll(() => redis.stop());

  test('add fails at once while it is away or hangs, and everything works again when it is back', async () => {
    await redis.kill();
    const backend = createQueueBackend({ owner: 'patient', redisUrl: redis.url, log });
    const seen: string[] = [];
    backend.work('jobs', async (_data, job) => void seen.push(job.id));
    const queue = backend.queue('jobs');
    const add = (id: string) => queue.add({ id, data: {} });
    await expect(add('too-early')).rejects.toThrow();

    await redis.restart();
    await eventually(() => add('first').then(() => true));
    await eventually(() => expect(seen).toContain('first'));

    await redis.kill();
    const started = Date.now();
    await eventually(() => expect(add('meanwhile')).rejects.toThrow());
    expect(Date.now() - started).toBeLessThan(15_000);
    await redis.restart();
    await eventually(() => add('second').then(() => true));
    await eventually(() => expect(seen).toContain('second'));

    process.kill(redis.pid(), 'SIGSTOP');
    const frozen = Date.now();
    await expect(add('frozen')).rejects.toThrow();
    expect(Date.now() - frozen).toBeLessThan(15_000);
    process.kill(redis.pid(), 'SIGCONT');
    await eventually(() => add('third').then(() => true));
    await eventually(() => expect(seen).toContain('third'));
    await backend.close();
  });
});
