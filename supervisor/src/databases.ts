import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { placesOf } from '@taskgraph/shared/embedded-postgres/place';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@taskgraph/shared/embedded-postgres/start';
import { provision } from '@taskgraph/shared/provision';
import { type RolePasswords, type RoleUrls, SCHEMAS } from '@taskgraph/shared/provision/names';
import type { Config } from './config.js';
import { complain, say } from './output.js';

export function postgresDir(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** Whether an earlier start left a cluster, here or where root had to put it. */
export function hasEmbeddedData(dataDir: string): boolean {
  const { home, awayData } = placesOf(postgresDir(dataDir));
  return [home, awayData].some((dir) => existsSync(join(dir, 'PG_VERSION')));
}

/** The embedded server is needed as long as one schema has no server of its own; the queue tables count as one. */
export function needsEmbedded(config: Config): boolean {
  return config.databaseUrl === undefined;
}

export function startEmbedded(config: Config, password: string, onRestart: (pid: number) => void): Promise<EmbeddedPostgres> {
  let last = '';
  return startEmbeddedPostgres({
    dataDir: postgresDir(config.dataDir),
    password,
    say,
    onRestart,
    onLog: (line) => {
      // What a client was told it tells itself; here go only words about the server as a whole.
      if (/PANIC|(LOG|FATAL):.*(disk|No space|corrupt|crash|was terminated by signal|recovery)/.test(line) && line !== last) complain(`[postgres] ${line}`);
      last = line;
    },
  });
}

/** Databases, roles and schemas on whichever servers are meant; `embeddedUrl` where no setting names one. */
export function prepareDatabases(
  config: Pick<Config, 'databaseUrl' | 'schemaUrls'>,
  passwords: RolePasswords,
  embeddedUrl?: string,
): Promise<RoleUrls> {
  const base = config.databaseUrl ?? embeddedUrl!;
  const bySchema = Object.fromEntries(SCHEMAS.map((schema) => [schema, config.schemaUrls[schema] ?? base])) as Record<(typeof SCHEMAS)[number], string>;
  return provision({
    adminUrls: { ...bySchema, bullmq: base },
    passwords,
    settingOf: (part) => (part !== 'bullmq' && config.schemaUrls[part] ? `${part.toUpperCase()}_DATABASE_URL` : 'DATABASE_URL'),
  });
}
