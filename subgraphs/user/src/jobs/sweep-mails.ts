// Puts mails on the queue: new ones, those whose time has come again, and those whose job was lost. So the API needs no queue.
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { takeForQueue } from '../repositories/mail-repository.js';
import { repeat } from './repeat.js';

/** How long a new mail waits at most before it is queued, in milliseconds. */
const sweepMs = 500;

export interface SweepOptions {
  database: DataSource;
  enqueue: (mailId: string) => Promise<void>;
  log: Logger;
}

export const startMailSweep = ({ database, enqueue, log }: SweepOptions): { stop: () => Promise<void> } =>
  repeat(
    sweepMs,
    async () => {
      const results = await Promise.allSettled((await takeForQueue(database)).map(enqueue));
      const failed = results.filter((result) => result.status === 'rejected');
      if (failed.length > 0) log.warn({ err: failed[0]?.reason, mails: failed.length }, 'the queue took nothing; trying again');
    },
    (error) => log.warn({ err: error }, 'a sweep of the mails failed'),
  );
