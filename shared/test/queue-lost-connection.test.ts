import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createQueueBackend } from '../src/queue.js';
import { eventually } from '../src/testing/eventually.js';
import { redisAvailable, startRedis } from '../src/testing/redis.js';

/** Passes connections on until `lose`: those there are then stay open and silent for ever, later ones are passed on again. */
async function startLink(port: number) {
  let lost = 0;
  let made = 0;
  const server = createServer((from) => {
    const number = (made += 1);
    const to = connect(port, '127.0.0.1');
    for (const [one, other] of [[from, to], [to, from]] as const) {
      one.on('data', (data) => void (number > lost && other.write(data)));
      one.on('error', () => {}).on('close', () => other.destroy());
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, lose: () => void (lost = made), stop: () => new Promise((resolve) => server.close(resolve)) };
}

describe.skipIf(!redisAvailable())('a connection to Redis that a network has lost without telling', () => {
  test('is made anew by whoever adds jobs; what was refused meanwhile can be added then', async () => {
    const redis = await startRedis();
    const link = await startLink(redis.port);
    const backend = createQueueBackend({ owner: 'lost', redisUrl: link.url, log: pino({ level: 'silent' }) });
    const queue = backend.queue('jobs');
    await queue.add({ id: 'a', data: {} });
    link.lose();
    await expect(queue.add({ id: 'b', data: {} })).rejects.toThrow();
    await eventually(() => queue.add({ id: 'b', data: {} }));
    await backend.close();
    await link.stop();
    await redis.stop();
  });
});
