// The cache of all gateways together. While Redis is away, or slow, nothing is cached, and nobody waits for it longer than this.
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { CacheEntry, CacheStore } from './store.js';

/** Longest wait for an answer, in milliseconds. */
const patienceMs = 100;
/** How long it is not asked again after it failed, in milliseconds, so that a hanging one does not slow every request down. */
const pauseMs = 1_000;

export function createRedisStore({ url, logger }: { url: string; logger: Logger }): CacheStore {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: patienceMs,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  let pausedUntil = 0;
  let failing = false;
  // A server that comes back with what it saved earlier must not answer what has been invalidated since: each run has keys of its own.
  let run: string | null = null;
  redis.on('ready', () => {
    redis.info('server').then(
      (text) => (run = /run_id:(\w+)/.exec(text)?.[1]?.slice(0, 12) ?? null),
      (error: unknown) => failed(error),
    );
  });
  redis.on('close', () => (run = null));
  // Without a listener a lost connection would end the process.
  redis.on('error', (error: Error) => logger.debug({ err: error }, 'the connection to the cache broke'));

  function failed(error: unknown): void {
    pausedUntil = performance.now() + pauseMs;
    // Said once per outage.
    if (!failing) logger.warn({ err: error }, 'Redis does not answer: nothing is cached');
    failing = true;
    // An answer that came too late to say which run this is: asked for by the next connection.
    if (run === null && redis.status === 'ready') redis.disconnect(true);
  }

  async function tried<Answer>(ask: (prefix: string) => Promise<Answer>, urgent = false): Promise<Answer | undefined> {
    if (run === null || (performance.now() < pausedUntil && !urgent)) return undefined;
    try {
      const answer = await ask(`taskgraph:cache:${run}:`);
      if (failing) logger.info('Redis answers: it is cached again');
      failing = false;
      return answer;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  /** Every command's answer; throws where one failed. */
  async function all(commands: [string, ...(string | number)[]][]): Promise<unknown[]> {
    const answers = (await redis.pipeline(commands).exec()) ?? [];
    return answers.map(([error, answer]) => {
      if (error) throw error;
      return answer;
    });
  }
  const setting = (prefix: string, entries: CacheEntry[]) => entries.map(({ key, value, age }): [string, ...(string | number)[]] => ['set', prefix + key, value, 'PX', age]);

  return {
    read: (keys) => tried((prefix) => redis.mget(keys.map((key) => prefix + key))),
    claim: (entries) =>
      tried(async (prefix) => {
        const answers = await all(entries.flatMap(({ key, value, age }): [string, ...(string | number)[]][] => [['set', prefix + key, value, 'PX', age, 'NX'], ['get', prefix + key]]));
        // It may have ended between the two: what is written under its own value then is never found.
        return entries.map(({ value }, index) => (answers[2 * index + 1] as string | null) ?? value);
      }),
    write: (entries) => void tried((prefix) => all(setting(prefix, entries))),
    // What invalidates does not wait for the pause to end.
    set: async (entries) => (await tried((prefix) => all(setting(prefix, entries)), true)) !== undefined,
    close: async () => redis.disconnect(),
  };
}
