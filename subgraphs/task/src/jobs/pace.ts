// How many rows the next transaction of work in batches takes. None may last over 200 ms (RULES §4): on a quiet server that is many
// rows, on a busy one few, and how busy it is shows in the last one only.
import { writeTransaction, type WriteOptions, type WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';

export interface Pace {
  /** Rows that the next transaction is to take at most. */
  rows: () => number;
  /** The last one took so many rows and held its locks for so long, in milliseconds. */
  took: (rows: number, ms: number) => void;
}

/** Aim for one transaction, in milliseconds: far below the limit, since the next one may meet a busier server. */
const usualAimMs = 80;

/** For work that writes task by task, each with its own version and event. */
export const taskBatch = { first: 10, most: 40 } as const;

export interface PaceOptions {
  first: number;
  most: number;
  /** An eighth of `most` where nothing is said. */
  fewest?: number;
  /** Aim for one transaction, in milliseconds. */
  aimMs?: number;
}

/**
 * Never goes over `most`. It grows slowly and shrinks at once, down to `fewest`: with fewer only the beginning and the end of a
 * transaction would cost, and the work would hardly get on.
 */
export function createPace({ first, most, fewest = Math.ceil(most / 8), aimMs = usualAimMs }: PaceOptions): Pace {
  let size = first;
  return {
    rows: () => size,
    took(rows, ms) {
      if (rows === 0) return;
      if (ms > aimMs) size = Math.max(fewest, Math.min(size, Math.floor((rows * aimMs) / ms / 1.25)));
      // A transaction that was not full says nothing about a larger one.
      else if (rows >= size && ms < aimMs / 1.5) size = Math.min(most, Math.ceil(size * 1.2));
    },
  };
}

/** A write transaction over so many rows, whose time counts for the next one. */
export async function pacedWrite<T>(pace: Pace, rows: number, dataSource: DataSource, options: WriteOptions, work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
  let started = 0;
  const value = await writeTransaction(dataSource, options, (tx) => {
    started = Date.now();
    return work(tx);
  });
  pace.took(rows, Date.now() - started);
  return value;
}
