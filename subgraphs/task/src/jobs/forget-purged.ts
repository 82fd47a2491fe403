// Takes the tombstones of purged tasks out of the log when their time is over, and writes down up to where: a reader who was
// away for longer has to read everything again (RULES §4).
import { comparePlaces } from '@taskgraph/shared/event-log';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import { deleteTombstones, saveFloor } from '../repositories/log-floor-repository.js';

/** Rows of one transaction. */
const batchSize = 200;

/** One batch. Answers whether there may be more. */
export const forgetPurged = (dataSource: DataSource, days: number): Promise<boolean> =>
  writeTransaction(dataSource, { lock: ['log floor'] }, async (tx) => {
    const gone = (await deleteTombstones(tx, days, batchSize)).toSorted(comparePlaces);
    const last = gone.at(-1);
    if (last) await saveFloor(tx, last);
    return gone.length === batchSize;
  });
