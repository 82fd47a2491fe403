// Wakes the gateway's subscriptions of the people who have news.
import { setTimeout as delay } from 'node:timers/promises';
import { addWakeupStream, heartbeatMs } from '@taskgraph/shared/wakeup-stream';
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import { findMoved, lastPlace } from './repositories/news-feed-repository.js';

/** How often is looked while somebody listens, in milliseconds: the worker that writes news is another process. */
const pollMs = 100;
const batchSize = 1_000;

export function addWakeups(app: FastifyInstance, database: DataSource): void {
  addWakeupStream(app, async (tell, closed) => {
    let place = await lastPlace(database);
    let saidAt = Date.now();
    await tell({});
    while (!closed.aborted) {
      const moved = await findMoved(database, place, batchSize);
      ({ place } = moved);
      if (moved.userIds.length > 0 || Date.now() - saidAt >= heartbeatMs) {
        saidAt = Date.now();
        await tell(moved.userIds.length > 0 ? { users: moved.userIds } : {});
      }
      await delay(pollMs, undefined, { signal: closed }).catch(() => undefined);
    }
  });
}
