// GET /internal/wakeups: one line of JSON whenever people have news, for the gateway's subscriptions. It carries no content,
// only whose subscriptions should look; each then asks with its own viewer's eyes.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { findMoved, lastPlace } from './repositories/news-feed-repository.js';

/** How often is looked while somebody listens, in milliseconds: the worker that writes news is another process. */
const pollMs = 100;
/** Longest silence on the stream, in milliseconds; the reader takes a longer one for a dead connection. */
const heartbeatMs = 5_000;
const batchSize = 1_000;

export function addWakeups(app: FastifyInstance, database: DataSource): void {
  const open = new Set<ServerResponse>();
  app.get('/internal/wakeups', async (request, reply) => {
    if (request.identity.caller !== 'gateway' || request.identity.viewer) return reply.code(403).send({ error: 'For the gateway only.' });
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    open.add(response);
    const closed = new AbortController();
    response.once('close', () => {
      open.delete(response);
      closed.abort();
    });
    await follow(response, closed.signal, database, request.log as Logger);
  });
  // A stream has no end of its own: without this the server would wait for it when it stops.
  app.addHook('preClose', async () => {
    for (const response of open) response.end();
  });
}

async function follow(response: ServerResponse, closed: AbortSignal, database: DataSource, log: Logger): Promise<void> {
  try {
    let place = await lastPlace(database);
    let saidAt = Date.now();
    // Says that everything committed from now on will be told.
    response.write('{}\n');
    while (!closed.aborted) {
      const moved = await findMoved(database, place, batchSize);
      ({ place } = moved);
      if (moved.userIds.length > 0 || Date.now() - saidAt >= heartbeatMs) {
        saidAt = Date.now();
        // The reader is slow: wait for it instead of piling lines up; what happens meanwhile comes in one line.
        if (!response.write(`${JSON.stringify(moved.userIds.length > 0 ? { users: moved.userIds } : {})}\n`)) await once(response, 'drain', { signal: closed });
      }
      await delay(pollMs, undefined, { signal: closed }).catch(() => undefined);
    }
  } catch (error) {
    if (!closed.aborted) log.warn({ err: error }, 'the wake-up stream ended');
    response.end();
  }
}
