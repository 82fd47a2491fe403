// Looks after imports: brings running ones without a living job to the queue, ends those whose file never came, and clears
// files away that nobody needs any more.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { selectRows } from '@taskgraph/shared/database';
import { isUuid } from '@taskgraph/shared/ids';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { errorFile, removeFile } from '../imports/files.js';
import { failUnused, letGo, stillNeeded, takeForQueue, takeOldErrors } from '../repositories/import-repository.js';

/** Pause between two sweeps, and between two clearances, in milliseconds. */
const sweepMs = 1_000;
const clearMs = 60_000;
/** How long a running import may be silent before its job counts as lost, in milliseconds. */
const silentMs = 60_000;
/** How long error files are kept, in days. */
const errorDays = 7;
/** A file without an import may belong to an upload that is still coming in, for this long in milliseconds. */
const partMs = 2 * 3_600_000;

export interface SweepOptions {
  database: DataSource;
  directory: string;
  enqueue: (importId: string) => Promise<void>;
  log: Logger;
}

export function startImportSweep(options: SweepOptions): { stop: () => Promise<void> } {
  const { database, enqueue, log } = options;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let clearAt = 0;
  async function sweep(): Promise<void> {
    try {
      for (const id of await takeForQueue(database, silentMs)) {
        await enqueue(id).catch(async (error: unknown) => {
          log.warn({ err: error, import: id }, 'the queue did not take an import; trying again');
          await letGo(database, id);
        });
      }
      if (Date.now() >= clearAt) {
        await clear(options);
        clearAt = Date.now() + clearMs;
      }
    } catch (error) {
      log.warn({ err: error }, 'a sweep of the imports failed');
    }
    if (!stopped) timer = setTimeout(next, sweepMs);
  }
  let running = Promise.resolve();
  const next = () => void (running = sweep());
  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
      clearTimeout(timer);
    },
  };
}

async function clear({ database, directory }: SweepOptions): Promise<void> {
  await failUnused(database, 'No file was uploaded in time.');
  await selectRows(database, `delete from exports where until < clock_timestamp() - interval '1 hour'`);
  for (const id of await takeOldErrors(database, errorDays)) await removeFile(errorFile(directory, id));
  const files = (await readdir(directory)).filter((name) => isUuid(name.slice(0, 36)) && !name.endsWith('.errors.csv'));
  const needed = await stillNeeded(database, [...new Set(files.map((name) => name.slice(0, 36)))]);
  for (const name of files) {
    const path = join(directory, name);
    const part = name.endsWith('.part');
    if (!part && needed.has(name.slice(0, 36))) continue;
    const age = await stat(path).then((found) => Date.now() - found.mtimeMs, () => 0);
    if (age > (part ? partMs : clearMs)) await removeFile(path);
  }
}
