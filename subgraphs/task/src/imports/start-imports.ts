// The worker's part of imports: the queue's handler, the sweep, and what is loaded at start.
import type { QueueBackend } from '@taskgraph/shared/queue';
import type { Releasers } from '@taskgraph/shared/shutdown';
import type { BatchServices } from '../commands/import-batch.js';
import type { Logger } from 'pino';
import { runImport } from '../jobs/run-import.js';
import { startImportSweep } from '../jobs/sweep-imports.js';
import { letGo } from '../repositories/import-repository.js';
import { makeDirectory } from './files.js';
import { startLoading } from './load-at-start.js';

export interface StartImportsOptions extends BatchServices {
  backend: QueueBackend;
  directory: string;
  /** TASKS_CSV and TASKS_CSV_OWNER. */
  load: { file: string; owner: string } | null;
  log: Logger;
  releasers: Releasers;
}

/** Files at the same time; each waits for the database most of its time. */
const concurrency = 2;

export async function startImports({ database, access, users, backend, directory, load, log, releasers }: StartImportsOptions): Promise<void> {
  await makeDirectory(directory);
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();
  backend.work(
    'imports',
    (data) => {
      const id = data['importId'] ?? '';
      const work = runImport({ database, access, users, directory, stopping: stopping.signal, log }, id).finally(async () => {
        running.delete(work);
        // Another worker is to take it over at once.
        if (stopping.signal.aborted) await letGo(database, id).catch(() => undefined);
      });
      running.add(work);
      return work;
    },
    { concurrency },
  );
  releasers.add('imports', async () => {
    stopping.abort();
    await Promise.allSettled(running);
  });
  const queue = backend.queue('imports');
  const sweep = startImportSweep({ database, directory, log, enqueue: (id) => queue.add({ id, data: { importId: id } }) });
  releasers.add('sweep of imports', () => sweep.stop());
  if (load) {
    const loading = startLoading({ database, users, directory, file: load.file, owner: load.owner, log });
    releasers.add('loading of TASKS_CSV', () => loading.stop());
  }
}
