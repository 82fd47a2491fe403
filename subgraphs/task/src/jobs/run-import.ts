// Runs one import to its end. The row is the record: the job brings its id, and whatever happens to the job or the worker,
// the next one goes on behind the last batch that was committed.
import type { Logger } from 'pino';
import { selectRows } from '@taskgraph/shared/database';
import { DomainError } from '@taskgraph/shared/errors';
import { isTransient } from '@taskgraph/shared/graphql-errors';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import { endImport } from '../commands/end-import.js';
import { importBatch, type BatchServices } from '../commands/import-batch.js';
import type { ImportRow } from '../entities/task-import.js';
import { FileProblem, type FileRow } from '../imports/file-row.js';
import { errorFile, removeFile, uploadedFile } from '../imports/files.js';
import { isActive } from '../imports/people.js';
import { inspectFile, readRows, type Layout } from '../imports/read-file.js';
import { canImport, type TaskPlace } from '../policies.js';
import { countTry, findImport, importLock, loadImport, saveImport, takeTryBack, touch } from '../repositories/import-repository.js';
import { placeOf } from '../standing.js';
import { createPace } from './pace.js';

export interface RunImportOptions extends BatchServices {
  directory: string;
  /** Stops between two batches; the import stays RUNNING. */
  stopping: AbortSignal;
  log: Logger;
}

/** Rows of the first batch, and most rows of any. */
const batchSize = { first: 25, most: 200 } as const;
/** Tries without one more row done, after which the import is given up. */
const tryLimit = 20;
/** How often a sign of life is left while rows that are done already are passed over, in rows. */
const touchRows = 50_000;

export async function runImport(options: RunImportOptions, id: string): Promise<void> {
  const { database, directory, log } = options;
  const taskImport = await find(options, id);
  if (taskImport?.status === 'RUNNING') {
    const tries = await countTry(database, id);
    try {
      if (tries > tryLimit) throw new FileProblem('The import could not be finished: it was tried too often without getting on.');
      if (await runRows(options, taskImport)) await endImport(database, id, null);
    } catch (error) {
      if (!(error instanceof FileProblem)) {
        // Somebody else's outage says nothing about the file, however long it lasts.
        if (error instanceof DomainError || isTransient(error)) await takeTryBack(database, id).catch(() => undefined);
        throw error;
      }
      log.info({ import: id, reason: error.message }, 'an import failed');
      await endImport(database, id, error.message);
    }
  }
  // The worker stops, or another one has taken over: the file is still needed.
  if ((await find(options, id))?.status === 'RUNNING') return;
  await endImport(database, id, null);
  await removeFile(uploadedFile(directory, id));
}

const find = ({ database }: RunImportOptions, id: string): Promise<ImportRow | null> =>
  findImport((sql, parameters) => selectRows(database, sql, parameters ?? []) as never, id);

/** Answers false where it did not come to the end: the worker stops, the import was cancelled, or another worker goes on with it. Throws FileProblem where the import cannot go on. */
async function runRows(options: RunImportOptions, given: ImportRow): Promise<boolean> {
  const path = uploadedFile(options.directory, given.id);
  const taskImport = { ...given, layout: given.layout ?? (await settleLayout(options, given, path)) };
  let done = taskImport.processedRows;
  const pace = createPace(batchSize);
  let batch: FileRow[] = [];

  /** Answers whether the rows were ours to do. */
  async function flush(): Promise<boolean> {
    const { place, key } = await requireAccess(options, taskImport);
    const { went, tookMs } = await importBatch(options, { taskImport, place, key, rows: batch, from: done, errorPath: errorFile(options.directory, taskImport.id) });
    pace.took(batch.length, tookMs);
    done += batch.length;
    batch = [];
    return went;
  }

  let seen = 0;
  for await (const row of fileRows(path, taskImport.layout)) {
    if (options.stopping.aborted) return false;
    seen += 1;
    if (seen % touchRows === 0 && seen <= done) await touch(options.database, taskImport.id);
    if (seen <= done) continue;
    batch.push(row);
    if (batch.length >= pace.rows() && !(await flush())) return false;
  }
  return batch.length === 0 || flush();
}

async function* fileRows(path: string, layout: Layout): AsyncGenerator<FileRow> {
  try {
    yield* readRows(path, layout);
  } catch (error) {
    throw missing(error);
  }
}

/** Reads the file once, before anything is created. */
async function settleLayout({ database, stopping }: RunImportOptions, taskImport: ImportRow, path: string): Promise<Layout> {
  const { layout, totalRows } = await inspectFile(path, taskImport, stopping).catch((error: unknown) => {
    throw missing(error);
  });
  await writeTransaction(database, { lock: [importLock(taskImport.id)] }, async (tx) => {
    if ((await loadImport(tx, taskImport.id))?.layout === null) await saveImport(tx, taskImport.id, { layout, totalRows });
  });
  return layout;
}

const missing = (error: unknown): unknown =>
  (error as { code?: string }).code === 'ENOENT' ? new FileProblem('The uploaded file is gone. Start another import.') : error;

/** The importing person must be able to create tasks there at this moment; what is lost ends the import. */
async function requireAccess({ access, users }: BatchServices, { ownerId, projectId, channelId }: ImportRow): Promise<{ place: TaskPlace; key: string | null }> {
  const place: TaskPlace = { projectId, channelId, ownerId: projectId === null && channelId === null ? ownerId : null };
  const ref = placeOf(place);
  const standing = ref ? await access.membership(ref.kind, ref.id, ownerId) : { role: 'OWNER' as const, writable: true, key: null };
  if (!canImport(standing)) throw new FileProblem(`You may no longer import into this ${ref?.kind ?? 'list'}.`);
  if (!standing.writable) throw new FileProblem('The project was archived.');
  if (!(await isActive(users, ownerId))) throw new FileProblem('The account was deactivated.');
  return { place, key: standing.key };
}
