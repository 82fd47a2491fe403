import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisAvailable, startRedis, type TestRedis } from '../src/testing/redis.js';

describe.skipIf(!redisAvailable())('a private Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => void (redis = await startRedis()));
  afterAll(() => redis.stop());

  test('comes back empty on the same port after it was killed', async () => {
    const client = new Redis(redis.url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
    client.on('error', () => {});
    await client.set('key', 'value');
    const before = redis.pid();
    await redis.kill();
    await redis.restart();
    expect(redis.pid()).not.toBe(before);
    expect(await client.get('key')).toBeNull();
    client.disconnect();
  });

  test('keeps its data over a kill when it writes an append-only file', async () => {
    const durable = await startRedis({ appendOnly: true, args: ['--appendfsync', 'always'] });
    const client = new Redis(durable.url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
    client.on('error', () => {});
    await client.set('key', 'value');
    await durable.kill();
    await durable.restart();
    expect(await client.get('key')).toBe('value');
    client.disconnect();
    await durable.stop();
  });
});
