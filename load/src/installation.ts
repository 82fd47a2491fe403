// Where the running installation keeps its data: the same settings as npm start, and what that wrote down about itself.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, selectRows } from '@taskgraph/shared/database';
import { roleUrls } from '@taskgraph/shared/provision';
import { type BySchema, type SchemaName, SCHEMAS } from '@taskgraph/shared/provision/names';
import { StartError } from '@taskgraph/shared/start-error';
import { hasEmbeddedData } from '@taskgraph/supervisor/dist/databases.js';
import type { Config } from '@taskgraph/supervisor/dist/config.js';
import type { RunEntry } from '@taskgraph/supervisor/dist/run-file.js';
import { deriveSecrets, keepSecrets } from '@taskgraph/supervisor/dist/secrets.js';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';

export type Written = Extract<SchemaName, 'user' | 'project' | 'task' | 'channel'>;

/** Opens the schemas that are written to, as their owners. Throws StartError where nothing runs or migrations have not. */
export async function openInstallation(config: Config): Promise<Record<Written, DataSource> & { close: () => Promise<void> }> {
  const opened = new Map<Written, DataSource>();
  const close = async () => void (await Promise.all([...opened.values()].map((database) => database.destroy())));
  try {
    const urls = ownerUrls(config);
    for (const schema of ['user', 'project', 'task', 'channel'] as const) opened.set(schema, await open(schema, urls[schema]));
  } catch (error) {
    await close();
    throw error;
  }
  return { ...(Object.fromEntries(opened) as Record<Written, DataSource>), close };
}

async function open(schema: Written, url: string): Promise<DataSource> {
  const log = pino({ level: 'silent' });
  const database = await openDatabase({ url, poolSize: 2, applicationName: 'load', log }).catch((error: unknown) => {
    throw new StartError(`The database of the ${schema} subgraph does not let us in (${(error as Error).message}): start Taskgraph with npm start and the same settings, then load again.`);
  });
  const [tables] = await selectRows<{ present: boolean }>(database, `select to_regclass('event_log') is not null as present`);
  if (tables?.present) return database;
  await database.destroy();
  throw new StartError(`The ${schema} subgraph has not made its tables yet: start Taskgraph with npm start, then load again.`);
}

function ownerUrls(config: Config): BySchema<string> {
  const { dataDir, databaseUrl, schemaUrls } = config;
  const secretsFile = join(dataDir, 'secrets.json');
  if (config.secret === undefined && !existsSync(secretsFile)) throw notRunning(dataDir);
  const kept = existsSync(secretsFile) ? keepSecrets(secretsFile, hasEmbeddedData(dataDir)) : null;
  const base = databaseUrl ?? embeddedUrl(dataDir);
  const { rolePasswords } = deriveSecrets(config.secret ?? (kept?.secret as string));
  const bySchema = Object.fromEntries(SCHEMAS.map((schema) => [schema, schemaUrls[schema] ?? base])) as BySchema<string>;
  const urls = roleUrls({ ...bySchema, bullmq: base }, rolePasswords);
  return Object.fromEntries(SCHEMAS.map((schema) => [schema, urls[schema].owner])) as BySchema<string>;
}

function embeddedUrl(dataDir: string): string {
  const file = join(dataDir, 'run.json');
  if (!existsSync(file)) throw notRunning(dataDir);
  const entries = JSON.parse(readFileSync(file, 'utf8')) as RunEntry[];
  const url = entries.find(({ role }) => role === 'postgres')?.url;
  if (!url) throw notRunning(dataDir);
  return url;
}

const notRunning = (dataDir: string) => new StartError(`No Taskgraph is running on ${dataDir}: start it with npm start, then load again.`);
