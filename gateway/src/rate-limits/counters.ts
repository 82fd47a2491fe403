// Where the points of a minute are counted: in memory (of several workers in that of their primary process), or in Redis, where all
// gateways of an installation count together. A window begins with the first point that a key takes and ends a minute later.
import cluster from 'node:cluster';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { RateLimiterCluster, RateLimiterClusterMaster, RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';

/** Length of a window, in seconds. */
export const windowSeconds = 60;

export interface Count {
  /** Points taken in the present window, these included. */
  used: number;
  /** Until the window ends, in milliseconds. */
  resetMs: number;
}

export interface Counters {
  /** Takes points, a negative number gives them back. Never throws. */
  add(key: string, points: number): Promise<Count>;
  close(): Promise<void>;
}

// `penalty` adds and tells; unlike `consume` it does not refuse, which is for whoever knows the limit.
const common = { keyPrefix: 'taskgraph:rate', points: 1, duration: windowSeconds };
const toCount = ({ consumedPoints, msBeforeNext }: RateLimiterRes): Count => ({ used: consumedPoints, resetMs: Math.max(0, msBeforeNext) });

/** What counts where it is told to; `penalty` of rate-limiter-flexible. */
type Add = (key: string, points: number) => Promise<RateLimiterRes>;

/** Counts in this process. */
export function createMemoryCounters(): Counters {
  const limiter = new RateLimiterMemory(common);
  return {
    add: async (key, points) => toCount(await limiter.penalty(key, points)),
    close: async () => undefined,
  };
}

/** In a primary process, before it has workers: counts for them. */
export const countForWorkers = (): void => void new RateLimiterClusterMaster();

/** Longest wait for whoever counts before the request goes on without it, in milliseconds. */
const patienceMs = 500;
/** How long it is not asked again after it failed, in milliseconds, so that a hanging one does not slow every request down. */
const pauseMs = 1_000;

/** Counts with `add`; while that fails `insurance` counts, so that its absence neither stops the service nor opens it. */
function insured({ where, add, insurance, logger }: { where: string; add: Add; insurance: Counters; logger: Logger }): Counters['add'] {
  let pausedUntil = 0;
  let failing = false;
  return async (key, points) => {
    if (performance.now() < pausedUntil) return insurance.add(key, points);
    try {
      const count = toCount(await add(key, points));
      if (failing) logger.info({ where }, 'rate limits are counted there again');
      failing = false;
      return count;
    } catch (error) {
      pausedUntil = performance.now() + pauseMs;
      // Said once per outage.
      if (!failing) logger.warn({ err: error, where }, 'rate limits are not counted there, but by this process alone or with its siblings');
      failing = true;
      return insurance.add(key, points);
    }
  };
}

/** Counts in the primary process, whose worker this is; while that is slow the worker counts for itself. */
function createPrimaryCounters(logger: Logger): Counters {
  const limiter = new RateLimiterCluster({ ...common, timeoutMs: patienceMs });
  const add: Add = async (key, points) => {
    if (!process.connected) throw new Error('the primary process is gone');
    return limiter.penalty(key, points);
  };
  return { add: insured({ where: 'primary process', add, insurance: createMemoryCounters(), logger }), close: async () => undefined };
}

/** Counts in Redis; while it does not answer each gateway counts for itself. */
export function createRedisCounters({ url, logger, insurance = createMemoryCounters() }: { url: string; logger: Logger; insurance?: Counters }): Counters {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: patienceMs,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  const limiter = new RateLimiterRedis({ ...common, storeClient: redis, rejectIfRedisNotReady: true });
  // Without a listener a lost connection would end the process.
  redis.on('error', (error: Error) => logger.debug({ err: error }, 'the connection to Redis broke'));
  return {
    add: insured({ where: 'Redis', add: (key, points) => limiter.penalty(key, points), insurance, logger }),
    close: async () => redis.disconnect(),
  };
}

/** One count for all who count together, whatever they are. */
export function createCounters({ redisUrl, logger }: { redisUrl: string | undefined; logger: Logger }): Counters {
  const own = cluster.isWorker ? createPrimaryCounters(logger) : createMemoryCounters();
  return redisUrl === undefined ? own : createRedisCounters({ url: redisUrl, logger, insurance: own });
}
