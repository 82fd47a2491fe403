import type { DataSource } from 'typeorm';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import { becomeViewer } from '../database.js';
import { importLock, loadImport, saveImport } from '../repositories/import-repository.js';

/**
 * Takes an upload that has come in whole: `keep` puts the file into its place, then the import is RUNNING and the worker
 * finds it. False where the import no longer waits for a file.
 */
export function beginImport(database: DataSource, ownerId: string, id: string, keep: () => Promise<void>): Promise<boolean> {
  return writeTransaction(database, { lock: [importLock(id)] }, async (tx) => {
    await tx.query(becomeViewer(ownerId));
    const waiting = await loadImport(tx, id);
    if (waiting?.status !== 'AWAITING_UPLOAD') return false;
    await keep();
    await saveImport(tx, id, { status: 'RUNNING', startedAt: new Date() });
    return true;
  });
}
