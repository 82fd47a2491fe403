// Statements over imports. Those of the API run under row level security as the import's owner.
import { selectRows } from '@taskgraph/shared/database';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import type { Rows } from '../database.js';
import { ImportEntity, type ImportRow } from '../entities/task-import.js';

/** Every write to an import holds it. */
export const importLock = (id: string): string => `import:${id}`;

/** All that run or wait to, for the metrics of the worker; one is due since it last got on. */
export const runningImports = `select coalesce(touched_at, started_at, created_at) as due_at, created_at from imports where status = 'RUNNING'`;

const columns = `i.id, i.owner_id as "ownerId", i.project_id as "projectId", i.channel_id as "channelId", i.format, i.mapping, i.dry_run as "dryRun",
  i.created_as as "createdAs", i.status, i.failure, i.layout, i.total_rows as "totalRows", i.processed_rows as "processedRows",
  i.created_rows as "createdRows", i.failed_rows as "failedRows", i.error_bytes as "errorBytes", i.created_at as "createdAt",
  i.started_at as "startedAt", i.finished_at as "finishedAt", i.upload_until as "uploadUntil"`;

export async function findImport(rows: Rows, id: string): Promise<ImportRow | null> {
  const [row] = await rows<ImportRow>(`select ${columns} from imports i where i.id = $1`, [id]);
  return row ?? null;
}

export const loadImport = (tx: WriteTransaction, id: string): Promise<ImportRow | null> => tx.manager.findOneBy(ImportEntity, { id });

export const insertImport = (tx: WriteTransaction, row: ImportRow): Promise<unknown> => tx.manager.insert(ImportEntity, row);

/** The caller holds the import's lock. A change is a sign of life too. */
export async function saveImport(tx: WriteTransaction, id: string, fields: Partial<ImportRow>): Promise<void> {
  await tx.manager.update(ImportEntity, { id }, fields);
  await tx.query('update imports set touched_at = clock_timestamp() where id = $1', [id]);
}

export type Progress = Pick<ImportRow, 'processedRows' | 'createdRows' | 'failedRows' | 'errorBytes'>;

/** The same for a batch of rows that is done, in one statement: the transaction must stay short. The tries count anew. */
export const saveProgress = (tx: WriteTransaction, id: string, { processedRows, createdRows, failedRows, errorBytes }: Progress): Promise<unknown> =>
  tx.query(
    `update imports set processed_rows = $2, created_rows = $3, failed_rows = $4, error_bytes = $5, idle_tries = 0, touched_at = clock_timestamp()
     where id = $1`,
    [id, processedRows, createdRows, failedRows, errorBytes],
  );

export async function countOpen(tx: WriteTransaction, ownerId: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*)::int as count from imports where owner_id = $1 and (status = 'RUNNING' or (status = 'AWAITING_UPLOAD' and upload_until > now()))`,
    [ownerId],
  );
  return row?.count ?? 0;
}

/** Running imports without a living job: never queued, or silent for so long that their job must be lost. */
export async function takeForQueue(database: DataSource, silentMs: number): Promise<string[]> {
  const rows = await selectRows<{ id: string }>(
    database,
    `update imports set queued_at = clock_timestamp()
     where status = 'RUNNING'
       and (queued_at is null or greatest(queued_at, touched_at) < clock_timestamp() - make_interval(secs => $1))
     returning id`,
    [silentMs / 1_000],
  );
  return rows.map((row) => row.id);
}

/** The queue did not take it, or the worker stops: the next sweep is to bring it at once. */
export const letGo = (database: DataSource, id: string): Promise<unknown> =>
  selectRows(database, `update imports set queued_at = null where id = $1 and status = 'RUNNING'`, [id]);

/** Counts a try before it does anything; answers how many there were since a row was done. */
export async function countTry(database: DataSource, id: string): Promise<number> {
  const [row] = await selectRows<{ tries: number }>(
    database,
    `update imports set idle_tries = idle_tries + 1, touched_at = clock_timestamp() where id = $1 and status = 'RUNNING' returning idle_tries as tries`,
    [id],
  );
  return row?.tries ?? 0;
}

export const takeTryBack = (database: DataSource, id: string): Promise<unknown> =>
  selectRows(database, 'update imports set idle_tries = idle_tries - 1, touched_at = clock_timestamp() where id = $1 and idle_tries > 0', [id]);

export const touch = (database: DataSource, id: string): Promise<unknown> =>
  selectRows(database, 'update imports set touched_at = clock_timestamp() where id = $1', [id]);

/** Imports whose upload did not come in time become FAILED. */
export const failUnused = (database: DataSource, failure: string): Promise<unknown> =>
  selectRows(
    database,
    `update imports set status = 'FAILED', failure = $1, finished_at = clock_timestamp() where status = 'AWAITING_UPLOAD' and upload_until < clock_timestamp()`,
    [failure],
  );

/** Error files that have been kept long enough; their imports no longer offer them. */
export async function takeOldErrors(database: DataSource, days: number): Promise<string[]> {
  const rows = await selectRows<{ id: string }>(
    database,
    'update imports set error_bytes = 0 where error_bytes > 0 and finished_at < clock_timestamp() - make_interval(days => $1) returning id',
    [days],
  );
  return rows.map((row) => row.id);
}

/** Of these, the imports that still need their uploaded file. */
export async function stillNeeded(database: DataSource, ids: readonly string[]): Promise<Set<string>> {
  const rows = await selectRows<{ id: string }>(
    database,
    `select id from imports where id = any ($1::uuid[]) and status in ('AWAITING_UPLOAD', 'RUNNING')`,
    [ids],
  );
  return new Set(rows.map((row) => row.id));
}
