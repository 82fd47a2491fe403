// Brings back deliveries without a living job: one whose time has come again, or whose job was lost or never taken by the queue.
// Digests whose time has come are gathered first.
import { periodically } from '@taskgraph/shared/periodically';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { findDueDigests, gatherDigest, takeForQueue } from '../repositories/delivery-repository.js';

/** Pause between two sweeps, in milliseconds. */
const sweepMs = 2_000;

export interface SweepOptions {
  database: DataSource;
  enqueue: (deliveryId: string) => Promise<void>;
  log: Logger;
}

export const startSweep = ({ database, enqueue, log }: SweepOptions): { stop: () => Promise<void> } =>
  periodically({
    name: 'sweep of the deliveries',
    everyMs: sweepMs,
    log,
    async run() {
      for (const userId of await findDueDigests(database)) await gatherDigest(database, userId);
      const ids = await takeForQueue(database);
      const results = await Promise.allSettled(ids.map(enqueue));
      const failed = results.filter((result) => result.status === 'rejected');
      if (failed.length > 0) log.warn({ err: failed[0]?.reason, deliveries: failed.length }, 'the queue took nothing; trying again');
    },
  });
