import { StartError } from '@taskgraph/shared/start-error';
import { Redis } from 'ioredis';
import { complain } from './output.js';

/** Fails with one sentence when the Redis that was named does not answer. */
export async function checkRedis(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const server = `${hostname}:${port || 6379}`;
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, connectTimeout: 5_000, enableOfflineQueue: false });
  let said: Error | undefined;
  redis.on('error', (error: Error) => (said = error));
  try {
    await redis.connect();
    await redis.ping();
    await warnOfEviction(redis, server);
  } catch (error) {
    const reason = said ?? (error as Error);
    if (/NOAUTH|WRONGPASS|NOPERM|invalid password/i.test(reason.message)) {
      throw new StartError(`Redis at ${server} (REDIS_URL) refuses the login: correct user and password in REDIS_URL.`);
    }
    throw new StartError(
      `No Redis answers at ${server} (REDIS_URL, ${(reason as NodeJS.ErrnoException).code ?? reason.message}): start it, correct the address, or leave REDIS_URL away to keep queues in Postgres.`,
    );
  } finally {
    redis.disconnect();
  }
}

/** A Redis that evicts throws queued jobs away without a word. Managed servers may refuse the question. */
async function warnOfEviction(redis: Redis, server: string): Promise<void> {
  const [, policy] = (await redis.config('GET', 'maxmemory-policy').catch(() => [])) as string[];
  if (policy && policy !== 'noeviction') complain(`Redis at ${server} has maxmemory-policy ${policy} and may drop queued work: set it to noeviction.`);
}
