// TASKS_CSV: a file that becomes the personal tasks of TASKS_CSV_OWNER when the installation starts, once that user exists,
// and once only. It goes the way of every import.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { userHandles } from '@taskgraph/shared/contracts/user-status';
import { selectRows } from '@taskgraph/shared/database';
import { newId } from '@taskgraph/shared/ids';
import type { Peer } from '@taskgraph/shared/peer';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { importLock, insertImport } from '../repositories/import-repository.js';
import { uploadedFile } from './files.js';

export interface LoadOptions {
  database: DataSource;
  users: Peer;
  directory: string;
  /** Path of the file: JSON where it ends in .json, .jsonl or .ndjson, else CSV. */
  file: string;
  /** Handle. */
  owner: string;
  log: Logger;
}

/** Pause between two looks for the owner, in milliseconds. */
const lookMs = 1_000;

export function startLoading(options: LoadOptions): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const running = load(options, stopping.signal).catch((error: unknown) => {
    if (!stopping.signal.aborted) options.log.error({ err: error, file: options.file }, 'TASKS_CSV could not be loaded');
  });
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function load({ database, users, directory, file, owner, log }: LoadOptions, stopping: AbortSignal): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { signal: stopping }) as AsyncIterable<Buffer>) hash.update(chunk);
  const sha256 = hash.digest('hex');
  while (!stopping.aborted) {
    const [loaded] = await selectRows(database, 'select 1 from startup_loads where sha256 = $1', [sha256]);
    if (loaded) return;
    const ownerId = await findOwner(users, owner);
    if (ownerId !== null) {
      const id = newId();
      await copyFile(file, uploadedFile(directory, id));
      if (await begin(database, id, ownerId, sha256, /\.(json|jsonl|ndjson)$/i.test(file) ? 'JSON' : 'CSV')) log.info({ file, import: id }, 'loading TASKS_CSV');
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, lookMs);
      stopping.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}

/** Null while the user does not exist or cannot be asked for. */
async function findOwner(users: Peer, handle: string): Promise<string | null> {
  try {
    const [found] = userHandles.parse(await users.get(`/internal/users?handles=${encodeURIComponent(handle.toLowerCase())}`));
    return found?.active ? found.id : null;
  } catch {
    return null;
  }
}

/** False where another worker has begun with the same file; what was copied is then cleared away by the sweep. */
async function begin(database: DataSource, id: string, ownerId: string, sha256: string, format: 'CSV' | 'JSON'): Promise<boolean> {
  const now = new Date();
  return writeTransaction(database, { lock: [`startup-load:${sha256}`, importLock(id)] }, async (tx) => {
    const [first] = await tx.query('insert into startup_loads (sha256, import_id) values ($1, $2) on conflict do nothing returning sha256', [sha256, id]);
    if (!first) return false;
    await insertImport(tx, {
      id, ownerId, projectId: null, channelId: null, format, mapping: null, dryRun: false, createdAs: JSON.stringify([ownerId, { sha256 }]), status: 'RUNNING',
      failure: null, layout: null, totalRows: null, processedRows: 0, createdRows: 0, failedRows: 0, errorBytes: 0, createdAt: now, startedAt: now,
      finishedAt: null, uploadUntil: now,
    });
    return true;
  });
}
