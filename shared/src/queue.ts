// The one file that knows which queue backend runs: BullMQ on Redis where REDIS_URL is set, else BullMQ on Postgres.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createPostgresBackend, Queue, UnrecoverableError, Worker, withBackend, type Job, type WorkerOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import { DomainError } from './errors.js';

/** Puts jobs on one queue. The row in Postgres is the record; a job only carries its id. */
export interface JobQueue {
  /**
   * Adds a job; the same `id` twice while the first still exists is one job. Rejects at once while the backend is away:
   * the sweep of the owner brings the row back.
   */
  add(job: { id: string; data: Record<string, string>; delayMs?: number }): Promise<void>;
}

export type JobHandler = (data: Record<string, string>, job: { id: string; attempt: number }) => Promise<void>;

export interface QueueBackend {
  kind: 'redis' | 'postgres';
  queue(name: string): JobQueue;
  /** Works on jobs until closed. Unknown errors, CONFLICT, RATE_LIMITED, OVERLOADED and SUBGRAPH_UNAVAILABLE are tried again; other refusals are final. */
  work(name: string, handler: JobHandler, options?: { concurrency?: number }): void;
  answers(): Promise<boolean>;
  /** Lets running jobs end (4 s at most), then closes every connection. */
  close(): Promise<void>;
}

export interface QueueOptions {
  /** Subgraph that owns the queues; prefixes their names. */
  owner: string;
  redisUrl?: string | undefined;
  /** Direct connection (it LISTENs), role bullmq. */
  databaseUrl?: string | undefined;
  log: Logger;
}

/** Jobs are tried this often by the queue itself; the owner's row counts tries over crashes and sweeps. */
const attempts = 8;
/**
 * A worker that dies is noticed after `lockDuration`; how often that may happen to one job is left to the owner's own
 * counter, because BullMQ's default of one would fail a healthy job at the second crash.
 */
const patience: Pick<WorkerOptions, 'lockDuration' | 'stalledInterval' | 'maxStalledCount'> = {
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 100,
};
// A finished job is not kept: its id would swallow the next one for the same row, and the row says what came of it.
const jobOptions = { attempts, backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 }, removeOnComplete: true, removeOnFail: true };
const closeDeadlineMs = 4_000;
/** How long a backend may take over one command of a producer. */
const answerMs = 2_000;
/** Pause before a worker looks again for a backend that is away. */
const retryMs = 500;
const retryable = new Set(['CONFLICT', 'RATE_LIMITED', 'OVERLOADED', 'SUBGRAPH_UNAVAILABLE']);

/** What is used of BullMQ's Queue and Worker; the classes of the two backends have no type in common. */
interface Handle {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}
interface QueueHandle extends Handle {
  add(name: string, data: unknown, options: object): Promise<unknown>;
}
interface Driver {
  kind: QueueBackend['kind'];
  makeQueue(name: string): QueueHandle;
  makeWorker(name: string, processor: (job: Job) => Promise<void>, options: { concurrency: number }): Handle;
  /** Rejects while the backend is away. */
  ping(): Promise<unknown>;
  close(): Promise<unknown>;
}

export function createQueueBackend(options: QueueOptions): QueueBackend {
  const { owner, log } = options;
  const driver = options.redisUrl ? redisDriver(options.redisUrl, log) : postgresDriver(options.databaseUrl, log);
  const queues = new Map<string, Promise<QueueHandle>>();
  const workers: Promise<Handle | null>[] = [];
  const closing = new AbortController();
  const fullName = (name: string) => `${owner}-${name}`;

  /**
   * BullMQ remembers a failed first connection for ever, on both backends. So nothing is made before the backend has
   * answered, and what did not become ready is thrown away and made again.
   */
  async function ready<T extends Handle>(name: string, make: () => T): Promise<T> {
    await withDeadline(driver.ping());
    const handle = make();
    handle.on('error', (error) => log.warn({ err: error, queue: name }, 'queue error'));
    try {
      await withDeadline(handle.waitUntilReady());
      return handle;
    } catch (error) {
      await handle.close().catch(() => undefined);
      throw error;
    }
  }

  function queueNamed(name: string): Promise<QueueHandle> {
    const known = queues.get(name);
    if (known) return known;
    const made = ready(name, () => driver.makeQueue(fullName(name)));
    queues.set(name, made);
    made.catch(() => queues.delete(name));
    return made;
  }

  async function startWorker(name: string, handler: JobHandler, concurrency: number): Promise<Handle | null> {
    for (let tries = 0; !closing.signal.aborted; tries += 1) {
      try {
        return await ready(name, () => driver.makeWorker(fullName(name), (job) => run(handler, job), { concurrency }));
      } catch (error) {
        if (tries === 0) log.warn({ err: error, queue: name }, 'the queue is away; its worker waits for it');
        await delay(retryMs, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
    return null;
  }

  return {
    kind: driver.kind,
    queue: (name) => ({
      async add({ id, data, delayMs }) {
        const queue = await queueNamed(name);
        await withDeadline(queue.add(name, data, { ...jobOptions, jobId: id, ...(delayMs ? { delay: delayMs } : {}) }));
      },
    }),
    work: (name, handler, { concurrency = 5 } = {}) => void workers.push(startWorker(name, handler, concurrency)),
    answers: () => withDeadline(driver.ping()).then(() => true, () => false),
    async close() {
      closing.abort();
      const close = (handle: Handle | null) => handle?.close();
      const deadline = delay(closeDeadlineMs, undefined, { ref: false });
      await Promise.race([deadline, Promise.allSettled(workers.map((worker) => worker.then(close)))]);
      await Promise.race([deadline, Promise.allSettled([...queues.values()].map((queue) => queue.then(close)))]);
      await withDeadline(driver.close()).catch(() => undefined);
    },
  };
}

async function run(handler: JobHandler, job: Job): Promise<void> {
  try {
    await handler(job.data as Record<string, string>, { id: String(job.id), attempt: job.attemptsMade + 1 });
  } catch (error) {
    if (error instanceof DomainError && !retryable.has(error.code)) throw new UnrecoverableError(error.message);
    throw error;
  }
}

/** Rejects when there is no answer in time: a backend that hangs is as good as one that is away. */
async function withDeadline<T>(work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = delay(answerMs, undefined, { signal: done.signal }).then(() => {
    throw new Error('the queue gave no answer in time');
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
    late.catch(() => undefined);
    work.catch(() => undefined);
  }
}

function redisDriver(url: string, log: Logger): Driver {
  // Producers fail at once while Redis is away instead of queueing in memory; workers wait for it for ever.
  const connect = (options: object) => {
    const client = new Redis(url, { retryStrategy: (times) => Math.min(2_000, 100 * 2 ** Math.min(times, 5)), ...options });
    client.on('error', (error) => log.debug({ err: error }, 'redis connection'));
    return client;
  };
  const producer = connect({ enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: answerMs });
  const consumer = connect({ maxRetriesPerRequest: null });
  return {
    kind: 'redis',
    makeQueue: (name) => new Queue(name, { connection: producer, prefix: 'taskgraph' }),
    makeWorker: (name, processor, { concurrency }) =>
      new Worker(name, processor, { connection: consumer, prefix: 'taskgraph', concurrency, ...patience }),
    async ping() {
      // A connection that is just being made is no sign of absence; one that is waiting to try again is.
      if (producer.status === 'connecting' || producer.status === 'connect') {
        const settled = new AbortController();
        const event = (name: string) => once(producer, name, { signal: AbortSignal.any([settled.signal, AbortSignal.timeout(answerMs)]) });
        await Promise.race([event('ready'), event('close')]).finally(() => settled.abort());
      }
      return producer.ping();
    },
    async close() {
      producer.disconnect();
      consumer.disconnect();
    },
  };
}

function postgresDriver(url: string | undefined, log: Logger): Driver {
  // BullMQ's statements name tables without a schema, and a pool that we make is not pinned by it.
  const pool = new Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis: answerMs,
    query_timeout: 10_000,
    keepAlive: true,
    options: '-c search_path=bullmq',
    application_name: 'queue',
  });
  pool.on('error', (error) => log.debug({ err: error }, 'queue database connection'));
  const classes = withBackend(createPostgresBackend);
  return {
    kind: 'postgres',
    makeQueue: (name) => new classes.Queue(name, { connection: pool as never }) as QueueHandle,
    makeWorker: (name, processor, { concurrency }) =>
      new classes.Worker(name, processor as never, { connection: pool as never, concurrency, ...patience }) as Handle,
    ping: () => pool.query('select 1'),
    close: () => pool.end(),
  };
}
