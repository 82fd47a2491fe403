// The bad rows of an import, as CSV beside its file. The length that counts is committed with the rows' batch: lines behind
// it belong to a batch that never was, and are overwritten.
import { open } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import { guardCell } from '../exports/csv.js';

export interface BadRow {
  line: number;
  column: string;
  reason: string;
}

/** Writes lines at `offset` and answers the new length in bytes. They are on disk when this returns. */
export async function writeErrors(path: string, offset: number, rows: readonly BadRow[]): Promise<number> {
  const lines = rows.map(({ line, column, reason }) => [line, guardCell(column), guardCell(reason)]);
  const bytes = Buffer.from(stringify(offset === 0 ? [['line', 'column', 'reason'], ...lines] : lines));
  // Made where it is missing, never emptied: another attempt may have written to it.
  const handle = await open(path, 'a').then((made) => made.close()).then(() => open(path, 'r+'));
  try {
    await handle.truncate(offset);
    await handle.write(bytes, 0, bytes.length, offset);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return offset + bytes.length;
}
