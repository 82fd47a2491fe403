import type { DataSource } from 'typeorm';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import { importLock, loadImport, saveImport } from '../repositories/import-repository.js';

/** Ends a running import, as COMPLETED or, with a reason, as FAILED; one that has ended already stays as it is. */
export async function endImport(database: DataSource, id: string, failure: string | null): Promise<void> {
  await writeTransaction(database, { lock: [importLock(id)] }, async (tx) => {
    const running = await loadImport(tx, id);
    if (running?.status === 'RUNNING') await saveImport(tx, id, { status: failure === null ? 'COMPLETED' : 'FAILED', failure, finishedAt: new Date() });
    await tx.query('delete from import_keys where import_id = $1', [id]);
  });
}
