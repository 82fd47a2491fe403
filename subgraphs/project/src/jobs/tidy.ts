// Deletes what has served its time, in batches so that no transaction is long: kept answers, ended invites.
import type { DataSource } from 'typeorm';
import { deleteOldAnswers } from '@taskgraph/shared/idempotency-sweep';
import { deleteOldInvites } from '../repositories/project-invite-repository.js';

export async function tidy(database: DataSource): Promise<void> {
  for (const deleteBatch of [deleteOldAnswers, deleteOldInvites]) {
    while ((await deleteBatch(database)) > 0);
  }
}
