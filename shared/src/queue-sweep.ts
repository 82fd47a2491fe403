// What brings rows without a living job to the queue: new ones of an API that has no queue, those whose time has come again, and
// those whose job was lost or never taken.
import type { Logger } from 'pino';
import type { JobQueue } from './queue.js';

export interface SweptRows {
  queue: Pick<JobQueue, 'accepts'>;
  /** Takes rows that are due, at most a few hundred, and marks them as queued. */
  take: () => Promise<string[]>;
  enqueue: (id: string) => Promise<void>;
  /** Takes of one sweep. @default until none is due */
  most?: number;
  log: Logger;
}

/**
 * Takes rows again and again until none is due. While the queue takes nothing the rows are left as they are: marked ones would wait for
 * their mark to grow old, and a backlog would leave that much later.
 */
export async function sweepRows({ queue, take, enqueue, most = Infinity, log }: SweptRows): Promise<void> {
  for (let taken = 0; taken < most && (await queue.accepts()); taken += 1) {
    const ids = await take();
    if (ids.length === 0) return;
    const results = await Promise.allSettled(ids.map(enqueue));
    const failed = results.filter((result) => result.status === 'rejected');
    if (failed.length === 0) continue;
    log.warn({ err: failed[0]?.reason, jobs: failed.length }, 'the queue took not everything; trying again');
    return;
  }
}
