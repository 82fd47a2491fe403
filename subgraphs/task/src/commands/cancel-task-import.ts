import { conflict, notFound, unauthenticated } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { Context } from '../context.js';
import type { ImportRow } from '../entities/task-import.js';
import type { CancelTaskImportInput } from '../generated/resolver-types.js';
import { importLock, loadImport, saveImport } from '../repositories/import-repository.js';
import { writeAs } from './write-task.js';

/**
 * Stops an import of one's own: no batch of rows begins any more, what was created stays. A repeat changes nothing;
 * an import that has ended otherwise is CONFLICT.
 */
export async function cancelTaskImport(context: Context, { id }: CancelTaskImportInput): Promise<{ taskImport: ImportRow }> {
  if (!context.viewer) throw unauthenticated();
  if (!isUuid(id)) throw notFound('import');
  return writeAs(context, context.viewer.id, [importLock(id.toLowerCase())], async (tx) => {
    const present = await loadImport(tx, id);
    if (!present) throw notFound('import');
    if (present.status === 'COMPLETED' || present.status === 'FAILED') throw conflict('The import is over.');
    tx.remember({ importId: present.id });
    if (present.status === 'CANCELLED') return { taskImport: present };
    const ended = { status: 'CANCELLED', finishedAt: new Date() } as const;
    await saveImport(tx, present.id, ended);
    return { taskImport: { ...present, ...ended } };
  });
}
