// Brings snoozed notifications back when their time has come: unread, on top of the list, with a new cursor and the same id.
import { DomainError } from '@taskgraph/shared/errors';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import { placesLock } from '../commands/notify.js';
import { findDueSnoozed, putAwaySnoozed, wakeSnoozedRows } from '../repositories/notification-repository.js';
import type { Sees } from '../sight.js';

/** Pause between two rounds, in milliseconds. */
export const wakeMs = 1_000;

/** Two workers may do this at once: a row comes back with the one that writes first, and the other finds it back. */
export async function wakeSnoozed(database: DataSource, sees: Sees): Promise<void> {
  const due = await findDueSnoozed(database);
  const [back, gone]: [string[], string[]] = [[], []];
  for (const row of due) {
    try {
      ((await sees(row)) ? back : gone).push(row.id);
    } catch (error) {
      // Nobody knows now whether the person may still see it: it waits.
      if (!(error instanceof DomainError && error.code === 'SUBGRAPH_UNAVAILABLE')) throw error;
    }
  }
  if (back.length > 0) await writeTransaction(database, { lock: [placesLock] }, (tx) => wakeSnoozedRows(tx, back));
  if (gone.length > 0) await writeTransaction(database, { lock: [] }, (tx) => putAwaySnoozed(tx, gone));
}
