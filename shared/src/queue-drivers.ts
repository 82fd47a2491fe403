// The two backends of the queues, as far as queue.ts needs them: BullMQ on Redis and BullMQ on Postgres.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createPostgresBackend, Queue, Worker, withBackend, type Job, type WorkerOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import { queueTelemetry } from './tracing/spans.js';

/** What is used of BullMQ's Queue and Worker; the classes of the two backends have no type in common. */
export interface Handle {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  /** `force` ends what hangs and waits for nothing. */
  close(force?: boolean): Promise<void>;
}
export interface QueueHandle extends Handle {
  add(name: string, data: unknown, options: object): Promise<unknown>;
  addBulk(jobs: { name: string; data: unknown; opts: object }[]): Promise<unknown>;
  /** Jobs that wait for a worker and for nothing else. */
  getWaitingCount(): Promise<number>;
}
export interface Driver {
  kind: 'redis' | 'postgres';
  makeQueue(name: string): QueueHandle;
  /** On connections of its own where that is possible: what ails those of one worker must not outlive it. */
  makeWorker(name: string, processor: (job: Job) => Promise<void>, options: { concurrency: number }): Handle;
  /** Rejects while the backend is away. */
  ping(): Promise<unknown>;
  /** What the server says of its memory; a backend that does not keep its jobs in memory has none. */
  readMemory?(): Promise<string>;
  close(): Promise<unknown>;
}

/**
 * A worker that dies is noticed after `lockDuration`; how often that may happen to one job is left to the owner's own
 * counter, because BullMQ's default of one would fail a healthy job at the second crash. After an error of the backend a worker
 * looks again soon: BullMQ's default is 15 s.
 */
const patience: Pick<WorkerOptions, 'lockDuration' | 'stalledInterval' | 'maxStalledCount' | 'runRetryDelay'> = {
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 100,
  runRetryDelay: 1_000,
};
/** How long a backend may take over one command of a producer. */
const answerMs = 2_000;
/** After that long without a word in answer a connection of producers is made anew: one that a network has lost without telling would fail for many minutes more. */
const silentMs = 2 * answerMs;

/** Rejects when there is no answer in time: a backend that hangs is as good as one that is away. */
export async function withDeadline<T>(work: Promise<T>, ms = answerMs): Promise<T> {
  const done = new AbortController();
  const late = delay(ms, undefined, { signal: done.signal }).then(() => {
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

export function redisDriver(url: string, log: Logger): Driver {
  // Producers fail at once while Redis is away instead of queueing in memory; workers wait for it for ever.
  const connect = (options: object) => {
    const client = new Redis(url, { retryStrategy: (times) => Math.min(2_000, 100 * 2 ** Math.min(times, 5)), ...options });
    client.on('error', (error) => log.debug({ err: error }, 'redis connection'));
    return client;
  };
  const producer = connect({ enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: answerMs, socketTimeout: silentMs });
  return {
    kind: 'redis',
    makeQueue: (name) => new Queue(name, { connection: producer, prefix: 'taskgraph', ...queueTelemetry() }),
    makeWorker(name, processor, { concurrency }) {
      const consumer = connect({ maxRetriesPerRequest: null });
      const worker = new Worker(name, processor, { connection: consumer, prefix: 'taskgraph', concurrency, ...patience, ...queueTelemetry() });
      return {
        on: (event, listener) => worker.on(event, listener),
        waitUntilReady: () => worker.waitUntilReady(),
        close(force = false) {
          if (force) consumer.disconnect();
          return worker.close(force).finally(() => consumer.disconnect());
        },
      };
    },
    async ping() {
      // A connection that is just being made is no sign of absence; one that is waiting to try again is.
      if (producer.status === 'connecting' || producer.status === 'connect') {
        const settled = new AbortController();
        const event = (name: string) => once(producer, name, { signal: AbortSignal.any([settled.signal, AbortSignal.timeout(answerMs)]) });
        await Promise.race([event('ready'), event('close')]).finally(() => settled.abort());
      }
      return producer.ping();
    },
    readMemory: () => producer.info('memory'),
    close: async () => producer.disconnect(),
  };
}

export function postgresDriver(url: string | undefined, log: Logger): Driver {
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
    makeQueue: (name) => new classes.Queue(name, { connection: pool as never, ...queueTelemetry() }) as QueueHandle,
    makeWorker: (name, processor, { concurrency }) =>
      new classes.Worker(name, processor as never, { connection: pool as never, concurrency, ...patience, ...queueTelemetry() }) as Handle,
    ping: () => pool.query('select 1'),
    close: () => pool.end(),
  };
}
