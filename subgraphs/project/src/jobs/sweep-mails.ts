// Queues e-mails of invites: new ones, those whose time has come again, and those whose job was lost or never taken by the queue.
import { sweepRows, type SweptRows } from '@taskgraph/shared/queue-sweep';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { takeMailsForQueue } from '../repositories/invite-mail-repository.js';

export interface SweepOptions extends Pick<SweptRows, 'queue' | 'enqueue'> {
  database: DataSource;
  log: Logger;
}

export const sweepMails = ({ database, queue, enqueue, log }: SweepOptions): Promise<void> =>
  sweepRows({ queue, take: () => takeMailsForQueue(database), enqueue, log });
