// Rows of a CSV file. A row that is none is answered as such and reading goes on behind it.
import { Readable } from 'node:stream';
import { parse, type CsvError, type Info } from 'csv-parse';
import { FileProblem, rowLimit, type FileRow } from './file-row.js';
import { textOf, type Encoding } from './file-text.js';

export type Delimiter = ',' | ';' | '\t';

/** Rows with a quote that never ends; a file with more of them is not CSV. */
const brokenLimit = 100;

/** The one of , ; and tab that the first line has most of, outside quotes. */
export async function detectDelimiter(path: string, encoding: Encoding): Promise<Delimiter> {
  let line = '';
  for await (const piece of textOf(path, encoding)) {
    line += piece;
    if (line.trimStart().includes('\n') || line.length > rowLimit) break;
  }
  const bare = (line.trimStart().split('\n')[0] ?? '').replaceAll(/"[^"]*"/g, '');
  const count = (delimiter: string) => bare.split(delimiter).length;
  return ([',', ';', '\t'] as const).toSorted((a, b) => count(b) - count(a))[0] as Delimiter;
}

/** The names in the first row, trimmed. */
export async function readHeader(path: string, encoding: Encoding, delimiter: Delimiter): Promise<string[]> {
  for await (const { record } of records(path, encoding, delimiter, 0)) {
    const names = record.map((name) => name.trim());
    if (names.some((name) => name !== '')) return names;
  }
  throw new FileProblem('The file has no rows.');
}

export async function* readCsv(path: string, encoding: Encoding, delimiter: Delimiter): AsyncGenerator<FileRow> {
  let names: string[] | null = null;
  let skipped = 0;
  for (let broken = 0; ; broken += 1) {
    let last = skipped;
    try {
      for await (const { line, end, record } of records(path, encoding, delimiter, skipped)) {
        last = end;
        if (names) yield { line, values: valuesOf(names, record) };
        else if (record.some((name) => name.trim() !== '')) names = record.map((name) => name.trim());
      }
      return;
    } catch (error) {
      if (!isUnended(error)) throw error;
      if (broken === brokenLimit || !names) throw new FileProblem(`A quote opened after line ${last} does not end: this is not a CSV file.`);
      // Go on with the line after the one on which the broken row starts.
      skipped = last + 1;
      yield { line: skipped, values: null, problem: 'a quote that is opened here does not end, or the row is longer than 256 KiB' };
    }
  }
}

const isUnended = (error: unknown): boolean =>
  ['CSV_QUOTE_NOT_CLOSED', 'CSV_MAX_RECORD_SIZE'].includes((error as CsvError).code);

function valuesOf(names: string[], record: string[]): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const [index, name] of names.entries()) {
    const value = record[index];
    // The first of two columns of one name counts.
    if (name !== '' && value !== undefined && !(name in values)) values[name] = value;
  }
  return values;
}

interface Parsed {
  line: number;
  end: number;
  record: string[];
}

/** Records behind the first `skipped` lines. */
async function* records(path: string, encoding: Encoding, delimiter: Delimiter, skipped: number): AsyncGenerator<Parsed> {
  const parser = parse({
    delimiter, info: true, record_delimiter: '\n', relax_column_count: true, relax_quotes: true, skip_empty_lines: true, max_record_size: rowLimit,
  });
  const source = Readable.from(behindLines(textOf(path, encoding), skipped));
  source.once('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: Info; record: string[] }>) {
      const end = info.lines + skipped;
      yield { line: end - record.reduce((sum, value) => sum + newlines(value), 0), end, record };
    }
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function newlines(value: string): number {
  let count = 0;
  for (let at = value.indexOf('\n'); at >= 0; at = value.indexOf('\n', at + 1)) count += 1;
  return count;
}

async function* behindLines(text: AsyncIterable<string>, skipped: number): AsyncGenerator<string> {
  let left = skipped;
  for await (const piece of text) {
    let from = 0;
    while (left > 0) {
      const at = piece.indexOf('\n', from);
      if (at < 0) break;
      from = at + 1;
      left -= 1;
    }
    if (left === 0 && from < piece.length) yield piece.slice(from);
  }
}
