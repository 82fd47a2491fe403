// Brings back deliveries without a living job: one whose time has come again, or whose job was lost or never taken by the queue.
// Digests whose time has come are gathered first.
import { periodically } from '@taskgraph/shared/periodically';
import { sweepRows, type SweptRows } from '@taskgraph/shared/queue-sweep';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { findDueDigests, gatherDigest, takeForQueue } from '../repositories/delivery-repository.js';

/** Pause between two sweeps, in milliseconds. */
const sweepMs = 2_000;

export interface SweepOptions extends Pick<SweptRows, 'queue' | 'enqueue'> {
  database: DataSource;
  log: Logger;
}

export const startSweep = ({ database, queue, enqueue, log }: SweepOptions): { stop: () => Promise<void> } =>
  periodically({
    name: 'sweep of the deliveries',
    everyMs: sweepMs,
    log,
    async run() {
      for (const userId of await findDueDigests(database)) await gatherDigest(database, userId);
      await sweepRows({ queue, take: () => takeForQueue(database), enqueue, log });
    },
  });
