// Puts mails on the queue: new ones, those whose time has come again, and those whose job was lost. So the API needs no queue.
import { sweepRows, type SweptRows } from '@taskgraph/shared/queue-sweep';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { takeForQueue } from '../repositories/mail-repository.js';
import { repeat } from './repeat.js';

/** How long a new mail waits at most before it is queued, in milliseconds. */
const sweepMs = 500;

export interface SweepOptions extends Pick<SweptRows, 'queue' | 'enqueue'> {
  database: DataSource;
  log: Logger;
}

export const startMailSweep = ({ database, queue, enqueue, log }: SweepOptions): { stop: () => Promise<void> } =>
  repeat(
    sweepMs,
    () => sweepRows({ queue, take: () => takeForQueue(database), enqueue, log }),
    (error) => log.warn({ err: error }, 'a sweep of the mails failed'),
  );
