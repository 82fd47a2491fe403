// An uploaded file as rows. It is read once to learn its layout and length, and then row by row.
import type { ImportRow } from '../entities/task-import.js';
import { matchColumns, fieldOf, type ImportField, type Mapping } from './columns.js';
import { FileProblem, type FileRow } from './file-row.js';
import { detectEncoding, type Encoding } from './file-text.js';
import { detectDelimiter, readCsv, readHeader, type Delimiter } from './read-csv.js';
import { readJson } from './read-json.js';

/** What is learned from the file before its rows are used; kept, so that a resumed import reads it alike. */
export interface Layout {
  encoding: Encoding;
  /** CSV only. */
  delimiter?: Delimiter;
  /** Field by column name, null for a column that is left out. For JSON the members of its objects. */
  columns: Record<string, ImportField | null>;
}

/** Most member names of a JSON file that are shown as its columns. */
const nameLimit = 500;

type Import = Pick<ImportRow, 'format' | 'mapping'>;

/** Throws FileProblem where the file as a whole cannot be used, and anything else when it is to stop. */
export async function inspectFile(path: string, { format, mapping }: Import, stopping: AbortSignal): Promise<{ layout: Layout; totalRows: number }> {
  const encoding = await detectEncoding(path);
  const layout: Layout = { encoding, columns: Object.create(null) as Record<string, null> };
  if (format === 'CSV') {
    layout.delimiter = await detectDelimiter(path, encoding);
    layout.columns = matchColumns(await readHeader(path, encoding, layout.delimiter), mapping);
  }
  let totalRows = 0;
  let names = 0;
  for await (const { values } of readRows(path, layout)) {
    stopping.throwIfAborted();
    if (format === 'JSON' && values) {
      for (const name of Object.keys(values)) {
        if (name in layout.columns || names === nameLimit) continue;
        layout.columns[name] = fieldOf(name, mapping);
        names += 1;
      }
    }
    totalRows += 1;
  }
  if (totalRows === 0) throw new FileProblem('The file has no rows.');
  return { layout, totalRows };
}

export const readRows = (path: string, { encoding, delimiter }: Layout): AsyncGenerator<FileRow> =>
  delimiter ? readCsv(path, encoding, delimiter) : readJson(path, encoding);

/** Which column of a row holds which field. Rows of a JSON file have members of their own. */
export function columnsOf(row: FileRow, layout: Layout, mapping: Mapping | null): Map<ImportField, string> {
  const columns = new Map<ImportField, string>();
  for (const name of Object.keys(row.values ?? {})) {
    const field = layout.delimiter ? (layout.columns[name] ?? null) : fieldOf(name, mapping);
    if (field && !columns.has(field)) columns.set(field, name);
  }
  return columns;
}
