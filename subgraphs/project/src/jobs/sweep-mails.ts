// Queues e-mails of invites: new ones, those whose time has come again, and those whose job was lost or never taken by the queue.
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { takeMailsForQueue } from '../repositories/invite-mail-repository.js';

export interface SweepOptions {
  database: DataSource;
  enqueue: (inviteId: string) => Promise<void>;
  log: Logger;
}

export async function sweepMails({ database, enqueue, log }: SweepOptions): Promise<void> {
  const ids = await takeMailsForQueue(database);
  const results = await Promise.allSettled(ids.map(enqueue));
  const failed = results.filter((result) => result.status === 'rejected');
  if (failed.length > 0) log.warn({ err: failed[0]?.reason, mails: failed.length }, 'the queue took nothing; trying again');
}
