// Deletes what has served its time, in batches so that no transaction is long: kept answers and look-up counts.
import { deleteOldAnswers } from '@taskgraph/shared/idempotency-sweep';
import type { DataSource } from 'typeorm';
import { deleteOldLookups } from '../repositories/code-lookup-repository.js';

/** Pause between two rounds, in milliseconds. */
export const tidyMs = 10 * 60_000;

export async function tidy(database: DataSource): Promise<void> {
  await deleteOldAnswers(database);
  await deleteOldLookups(database);
}
