// The database of a system that runs on its own Postgres, for what nobody can bring about from outside in the time of a test.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, withCredentials } from '@taskgraph/shared/provision/connect';
import type { RunningProcess } from './system.js';

/** Runs one statement as administrator; tables are named with their schema. */
export async function onDatabase(dataDir: string, text: string, values: unknown[] = []): Promise<unknown[]> {
  const read = async <T>(file: string) => JSON.parse(await readFile(join(dataDir, file), 'utf8')) as T;
  const url = (await read<RunningProcess[]>('run.json')).find((entry) => entry.role === 'postgres')?.url;
  if (!url) throw new Error('run.json names no Postgres');
  const client = await connect(withCredentials(url, 'postgres', (await read<{ postgresPassword: string }>('secrets.json')).postgresPassword));
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
