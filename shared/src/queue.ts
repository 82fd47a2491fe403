// The one file that knows which queue backend runs: BullMQ on Redis where REDIS_URL is set, else BullMQ on Postgres.
import { setTimeout as delay } from 'node:timers/promises';
import { UnrecoverableError, type Job } from 'bullmq';
import type { Logger } from 'pino';
import { DomainError } from './errors.js';
import { newId } from './ids.js';
import { jobsAdded, jobSeconds, tellOfQueues } from './metrics/queue-metrics.js';
import { postgresDriver, redisDriver, withDeadline, type Handle, type QueueHandle } from './queue-drivers.js';
import { watchMemory, type QueueMemory } from './queue-memory.js';
import { watchWorker, type Watchdog, type WorkerCounts } from './queue-watchdog.js';

export interface NewJob {
  id: string;
  data: Record<string, string>;
  delayMs?: number;
}

/** Puts jobs on one queue. The row in Postgres is the record; a job only carries its id. */
export interface JobQueue {
  /**
   * Adds a job; the same `id` twice while the first still exists is one job. Rejects at once while the backend is away or
   * nearly full: the sweep of the owner brings the row back.
   */
  add(job: NewJob): Promise<void>;
  /** The same for many at once. */
  addAll(jobs: readonly NewJob[]): Promise<void>;
  /**
   * Whether a sweep is to bring rows now: the backend is there and has room, and not so many jobs wait that more could only wait
   * in Redis instead of in their rows.
   */
  accepts(): Promise<boolean>;
}

export type JobHandler = (data: Record<string, string>, job: { id: string; attempt: number }) => Promise<void>;

export interface QueueBackend {
  kind: 'redis' | 'postgres';
  queue(name: string): JobQueue;
  /** Works on jobs until closed. Unknown errors, CONFLICT, RATE_LIMITED, OVERLOADED and SUBGRAPH_UNAVAILABLE are tried again; other refusals are final. */
  work(name: string, handler: JobHandler, options?: { concurrency?: number }): void;
  /** What keeps this process from doing queued work: the backend, or a worker that takes nothing. For /readyz. */
  missing(): Promise<string[]>;
  state(): QueueState;
  /** Lets running jobs end (4 s at most), then closes every connection. */
  close(): Promise<void>;
}

export interface QueueState {
  /** Whether producers wait because Redis is nearly full. */
  paused: boolean;
  /** Null where the backend does not keep jobs in memory, or has no limit. */
  memory: QueueMemory | null;
  workers: { queue: string; silent: boolean; replaced: number }[];
}

export interface QueueOptions {
  /** Subgraph that owns the queues; prefixes their names. */
  owner: string;
  redisUrl?: string | undefined;
  /** Direct connection (it LISTENs), role bullmq. */
  databaseUrl?: string | undefined;
  /** Share of Redis' `maxmemory` above which no job is added, in per cent. @default 85 */
  memoryMarkPercent?: number;
  /** Pause between two looks of the watchdog of a worker, in milliseconds. @default 2000 */
  watchEveryMs?: number;
  log: Logger;
}

/** Jobs are tried this often by the queue itself; the owner's row counts tries over crashes and sweeps. */
const attempts = 8;
// A finished job is not kept: its id would swallow the next one for the same row, and the row says what came of it.
const jobOptions = { attempts, backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 }, removeOnComplete: true, removeOnFail: true };
const closeDeadlineMs = 4_000;
/** Pause before a worker looks again for a backend that is away. */
const retryMs = 500;
/** Jobs that may wait before a sweep brings no more. */
const enough = 1_000;
/** Name of a job that does nothing: the watchdog puts it in to see it taken. */
const probeName = 'probe';
const retryable = new Set(['CONFLICT', 'RATE_LIMITED', 'OVERLOADED', 'SUBGRAPH_UNAVAILABLE']);

export function createQueueBackend(options: QueueOptions): QueueBackend {
  const { owner, log } = options;
  const driver = options.redisUrl ? redisDriver(options.redisUrl, log) : postgresDriver(options.databaseUrl, log);
  const queues = new Map<string, Promise<QueueHandle>>();
  const memory = driver.readMemory ? watchMemory({ read: driver.readMemory, markPercent: options.memoryMarkPercent ?? 85, log }) : null;
  const workers: { queue: string; current: () => Promise<Handle | null>; watchdog: Watchdog }[] = [];
  const closing = new AbortController();
  const replica = newId();
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

  async function startWorker(name: string, processor: (job: Job) => Promise<void>, concurrency: number): Promise<Handle | null> {
    for (let tries = 0; !closing.signal.aborted; tries += 1) {
      try {
        return await ready(name, () => driver.makeWorker(fullName(name), processor, { concurrency }));
      } catch (error) {
        if (tries === 0) log.warn({ err: error, queue: name }, 'the queue is away; its worker waits for it');
        await delay(retryMs, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
    return null;
  }

  function startWatched(name: string, handler: JobHandler, concurrency: number): void {
    let counts: WorkerCounts;
    const start = () => {
      const own: WorkerCounts = { taken: 0, running: 0 };
      counts = own;
      const processor = async (job: Job) => {
        own.taken += 1;
        own.running += 1;
        try {
          if (job.name !== probeName) await run(name, handler, job);
        } finally {
          own.running -= 1;
        }
      };
      return startWorker(name, processor, concurrency);
    };
    let current = start();
    const watchdog = watchWorker({
      queue: name,
      concurrency,
      everyMs: options.watchEveryMs,
      log,
      counts: () => counts,
      waiting: async () => {
        await memory?.hasRoom();
        return withDeadline((await queueNamed(name)).getWaitingCount());
      },
      async probe() {
        if ((await memory?.hasRoom()) === false) return;
        await withDeadline((await queueNamed(name)).add(probeName, {}, { ...jobOptions, jobId: `probe-${replica}` }));
      },
      async replace() {
        const old = current;
        current = start();
        // Jobs that it still has may end; where even that hangs its connection is cut.
        void old.then((handle) => handle && withDeadline(handle.close(), closeDeadlineMs).catch(() => handle.close(true))).catch(() => undefined);
      },
    });
    workers.push({ queue: name, current: () => current, watchdog });
  }

  const state = (): QueueState => ({
    ...(memory?.state() ?? { paused: false, memory: null }),
    workers: workers.map(({ queue, watchdog }) => ({ queue, silent: watchdog.silent(), replaced: watchdog.replaced() })),
  });
  const forget = tellOfQueues({ backend: driver.kind, ping: driver.ping, state });

  async function addAll(name: string, jobs: readonly NewJob[]): Promise<void> {
    try {
      const queue = await queueNamed(name);
      if ((await memory?.hasRoom()) === false) throw new Error('Redis is nearly full');
      const made = jobs.map(({ id, data, delayMs }) => ({ name, data, opts: { ...jobOptions, jobId: id, ...(delayMs ? { delay: delayMs } : {}) } }));
      // BullMQ's statement for many on Postgres makes a temporary table, which its role may not.
      const added = driver.kind === 'redis' ? queue.addBulk(made) : Promise.all(made.map(({ data, opts }) => queue.add(name, data, opts)));
      await withDeadline(added);
      jobsAdded.inc({ queue: name, outcome: 'added' }, jobs.length);
    } catch (error) {
      jobsAdded.inc({ queue: name, outcome: 'refused' }, jobs.length);
      throw error;
    }
  }

  return {
    kind: driver.kind,
    queue: (name) => ({
      add: (job) => addAll(name, [job]),
      addAll: (jobs) => addAll(name, jobs),
      async accepts() {
        try {
          return (await memory?.hasRoom()) !== false && (await withDeadline((await queueNamed(name)).getWaitingCount())) < enough;
        } catch {
          return false;
        }
      },
    }),
    work: (name, handler, { concurrency = 5 } = {}) => startWatched(name, handler, concurrency),
    async missing() {
      const there = await withDeadline(driver.ping()).then(() => true, () => false);
      // While the backend is away every worker is silent.
      return there ? workers.filter(({ watchdog }) => watchdog.silent()).map(({ queue }) => `worker of the queue ${queue}`) : ['queue'];
    },
    state,
    async close() {
      forget();
      closing.abort();
      const close = (handle: Handle | null) => handle?.close();
      const deadline = delay(closeDeadlineMs, undefined, { ref: false });
      await Promise.race([deadline, Promise.allSettled(workers.map(({ watchdog }) => watchdog.stop()))]);
      await Promise.race([deadline, Promise.allSettled(workers.map(({ current }) => current().then(close)))]);
      await Promise.race([deadline, Promise.allSettled([...queues.values()].map((queue) => queue.then(close)))]);
      await withDeadline(driver.close()).catch(() => undefined);
    },
  };
}

async function run(queue: string, handler: JobHandler, job: Job): Promise<void> {
  const attempt = job.attemptsMade + 1;
  const told = jobSeconds.startTimer({ queue });
  try {
    await handler(job.data as Record<string, string>, { id: String(job.id), attempt });
    told({ outcome: 'done' });
  } catch (error) {
    const isFinal = error instanceof DomainError && !retryable.has(error.code);
    told({ outcome: isFinal || attempt >= attempts ? 'failed' : 'again' });
    if (isFinal) throw new UnrecoverableError(error.message);
    throw error;
  }
}
