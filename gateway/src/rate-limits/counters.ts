// Where the points of a minute are counted: in memory, or in Redis, where all gateways of an installation count together.
// A window begins with the first point that a key takes and ends a minute later.
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';

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

/** Counts in this process. A primary process can hold it for its workers, which then ask it over their channel. */
export function createMemoryCounters(): Counters {
  const limiter = new RateLimiterMemory(common);
  return {
    add: async (key, points) => toCount(await limiter.penalty(key, points)),
    close: async () => undefined,
  };
}

/** Longest wait for Redis before the request goes on without it, in milliseconds. */
const patienceMs = 500;
/** How long Redis is not asked again after it failed, in milliseconds, so that a hanging one does not slow every request down. */
const pauseMs = 1_000;

/** Counts in Redis; while it does not answer each gateway counts for itself, so that its absence neither stops the service nor opens it. */
export function createRedisCounters({ url, logger }: { url: string; logger: Logger }): Counters {
  const insurance = createMemoryCounters();
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: patienceMs,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  const limiter = new RateLimiterRedis({ ...common, storeClient: redis, rejectIfRedisNotReady: true });
  let pausedUntil = 0;
  let failing = false;
  // Without a listener a lost connection would end the process.
  redis.on('error', (error: Error) => logger.debug({ err: error }, 'the connection to Redis broke'));

  return {
    async add(key, points) {
      if (performance.now() < pausedUntil) return insurance.add(key, points);
      try {
        const count = toCount(await limiter.penalty(key, points));
        if (failing) logger.info('rate limits are counted in Redis again');
        failing = false;
        return count;
      } catch (error) {
        pausedUntil = performance.now() + pauseMs;
        // Said once per outage.
        if (!failing) logger.warn({ err: error }, 'Redis does not count rate limits: this gateway counts for itself');
        failing = true;
        return insurance.add(key, points);
      }
    },
    close: async () => redis.disconnect(),
  };
}
