// Statements over exports, under row level security as the person who exports.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Rows } from '../database.js';
import type { TaskFilter } from '../generated/resolver-types.js';

export interface ExportRow {
  id: string;
  viewerId: string;
  format: 'CSV' | 'JSON';
  /** As the client sent it; instants are texts once it has been read back. */
  filter: TaskFilter | null;
  createdAt: Date;
  until: Date;
}

export async function countExports(tx: WriteTransaction, viewerId: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>('select count(*)::int as count from exports where viewer_id = $1 and until > now()', [viewerId]);
  return row?.count ?? 0;
}

export const insertExport = (tx: WriteTransaction, row: ExportRow): Promise<unknown> =>
  tx.query('insert into exports (id, viewer_id, format, filter, created_at, until) values ($1, $2, $3, $4, $5, $6)', [
    row.id, row.viewerId, row.format, JSON.stringify(row.filter), row.createdAt, row.until,
  ]);

export async function findExport(rows: Rows, id: string): Promise<ExportRow | null> {
  const [row] = await rows<ExportRow>('select id, viewer_id as "viewerId", format, filter, created_at as "createdAt", until from exports where id = $1', [id]);
  return row ?? null;
}
