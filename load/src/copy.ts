// COPY of a batch in Postgres's text format.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { ClientBase } from 'pg';
import { from } from 'pg-copy-streams';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type Value = string | number | boolean | Date | null | readonly string[];

/** What COPY is to read; made before a transaction has its id, so that nobody waits for it. */
export const copyText = (rows: readonly (readonly Value[])[]): Buffer => Buffer.from(rows.map((row) => `${row.map(field).join('\t')}\n`).join(''));

/** Inside the transaction, on its own connection. `into` is the table with its columns. */
export async function copyInto(tx: WriteTransaction, into: string, text: Buffer): Promise<void> {
  if (text.length === 0) return;
  const client = (await tx.manager.queryRunner?.connect()) as ClientBase;
  await pipeline(Readable.from([text]), client.query(from(`copy ${into} from stdin`)));
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function field(value: Value): string {
  if (value === null) return '\\N';
  if (value instanceof Date) return value.toISOString();
  // Lists hold ids only, which need no quotes.
  if (typeof value === 'object') return `{${value.join(',')}}`;
  return String(value).replace(/[\\\t\n\r]/g, (character) => escapes[character] as string);
}
