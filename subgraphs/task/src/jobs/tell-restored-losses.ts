// After an owner's database was restored its log is read again into an emptied copy. Who belonged to a place before and does not
// according to the restored log has lost it: that is told once it has been read to its end, one scope at a time, like any other
// loss (RULES §4). Until then the feed counts as silent and the owner is asked about everybody.
import type { AccessLost } from '@taskgraph/shared/access/reactions';
import { selectRows } from '@taskgraph/shared/database';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import { nextRestoredScope, settleMembers } from '../repositories/restore-repository.js';

/** One scope. Answers whether there may be more. `consumer`: name of the copy. */
export async function tellRestoredLosses(dataSource: DataSource, consumer: string, accessLost: AccessLost): Promise<boolean> {
  const scopeId = await nextRestoredScope((sql, parameters) => selectRows(dataSource, sql, parameters), consumer);
  if (scopeId === null) return false;
  await writeTransaction(dataSource, { lock: [`restored:${scopeId}`] }, async (tx) => {
    const { lost, version } = await settleMembers(tx.query, scopeId);
    if (lost.length > 0) await accessLost(tx, { scopeId, userIds: lost, version });
  });
  return true;
}
