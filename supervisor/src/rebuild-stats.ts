// npm run stats:rebuild: has the system that runs on DATA_DIR make its figures anew, while it serves those of before.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withCredentials } from '@taskgraph/shared/provision/connect';
import { roleName } from '@taskgraph/shared/provision/names';
import { StartError } from '@taskgraph/shared/start-error';
import { readSupervisorConfig, REPOSITORY, type Config } from './config.js';
import { complain } from './output.js';
import type { RunEntry } from './run-file.js';
import { deriveSecrets, keepSecrets } from './secrets.js';

/** Address of the figures' database, as the role of the stats worker. */
function workerUrl({ dataDir, databaseUrl, schemaUrls, secret }: Config): string {
  const runFile = join(dataDir, 'run.json');
  if (!existsSync(runFile)) throw new StartError(`Nothing runs on ${dataDir}: the figures are made anew by a system that runs. Start it, or set DATA_DIR.`);
  const running = JSON.parse(readFileSync(runFile, 'utf8')) as RunEntry[];
  const server = schemaUrls.stats ?? databaseUrl ?? running.find((entry) => entry.role === 'postgres')?.url;
  if (!server) throw new StartError(`${runFile} names no database: set DATABASE_URL as at the start.`);
  const { rolePasswords } = deriveSecrets(secret ?? keepSecrets(join(dataDir, 'secrets.json'), true).secret);
  return withCredentials(server, roleName('stats', 'worker'), rolePasswords.stats.worker);
}

try {
  const url = workerUrl(readSupervisorConfig());
  const child = spawn(process.execPath, [join(REPOSITORY, 'subgraphs', 'stats', 'dist', 'rebuild.js')], { env: { WORKER_DATABASE_URL: url }, stdio: 'inherit' });
  child.on('exit', (code) => void (process.exitCode = code ?? 1));
} catch (error) {
  complain(error instanceof StartError ? error.message : `The figures could not be made anew: ${(error as Error).message}`);
  process.exitCode = 1;
}
