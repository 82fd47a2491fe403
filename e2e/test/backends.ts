// The two ways to run the same code: embedded Postgres with queues on it, and servers named by DATABASE_URL and REDIS_URL.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@taskgraph/shared/embedded-postgres/start';
import { removePlace } from '@taskgraph/shared/embedded-postgres/place';
import { redisAvailable, startRedis } from '@taskgraph/shared/testing/redis';

export interface Backend {
  env: Record<string, string>;
  stop: () => Promise<void>;
}

export const embedded = async (): Promise<Backend> => ({ env: {}, stop: async () => undefined });

/** A Postgres server and a Redis server of our own, on free ports. */
export async function external(): Promise<Backend> {
  const directory = await mkdtemp(join(tmpdir(), 'taskgraph-e2e-servers-'));
  const dataDir = join(directory, 'postgres');
  const postgres = await startEmbeddedPostgres({ dataDir, password: randomBytes(16).toString('hex'), durable: true });
  const redis = await startRedis();
  return {
    env: { DATABASE_URL: postgres.adminUrl('taskgraph'), REDIS_URL: redis.url },
    async stop() {
      await redis.stop();
      await postgres.stop();
      removePlace(dataDir);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export const backends: { name: string; start: () => Promise<Backend>; available: boolean }[] = [
  { name: 'embedded Postgres, queues on Postgres', start: embedded, available: true },
  { name: 'DATABASE_URL and REDIS_URL, queues on Redis', start: external, available: redisAvailable() },
];
