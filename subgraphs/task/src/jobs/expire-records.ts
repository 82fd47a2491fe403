// Deletes answers kept for resends and undo tokens when their day is over.
import { selectRows } from '@taskgraph/shared/database';
import { deleteOldAnswers } from '@taskgraph/shared/idempotency-sweep';
import type { DataSource } from 'typeorm';
import { deleteOldUndoTokens } from '../repositories/purge-repository.js';

/** Rows of one statement: each stays short, however many there are. */
const batchSize = 1_000;

/** One batch of undo tokens, and all old answers. Answers whether there may be more. */
export async function expireRecords(dataSource: DataSource): Promise<boolean> {
  await deleteOldAnswers(dataSource);
  return deleteOldUndoTokens((sql, parameters) => selectRows(dataSource, sql, parameters), batchSize);
}
