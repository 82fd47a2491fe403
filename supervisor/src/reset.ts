import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stopLeftover } from '@taskgraph/shared/embedded-postgres/leftover';
import { placesOf, removePlace } from '@taskgraph/shared/embedded-postgres/place';
import { StartError } from '@taskgraph/shared/start-error';
import { readSupervisorConfig } from './config.js';
import { postgresDir } from './databases.js';
import { lockDataDir } from './lock.js';
import { complain, say } from './output.js';

// By name, because DATA_DIR may be a directory in which other things lie.
const OURS = ['secrets.json', 'run.json', 'run.json.new', 'mail', 'uploads', 'exports'];

/** Empties the data directory, and what lies elsewhere on its behalf. Servers named by DATABASE_URL and REDIS_URL are left alone. */
async function reset(dataDir: string): Promise<void> {
  const { home, away, awayData } = placesOf(postgresDir(dataDir));
  if (!existsSync(dataDir) && !existsSync(away)) return say(`${dataDir} holds no data`);
  const release = lockDataDir(dataDir);
  try {
    for (const dir of [home, awayData]) await stopLeftover(dir);
    removePlace(postgresDir(dataDir));
    for (const name of OURS) rmSync(join(dataDir, name), { recursive: true, force: true });
    say(`${dataDir} holds no data of Taskgraph any more`);
  } finally {
    release();
  }
}

const config = readSupervisorConfig();
try {
  await reset(config.dataDir);
  if (config.databaseUrl ?? config.redisUrl) say('the servers named by DATABASE_URL and REDIS_URL were left alone');
} catch (error) {
  complain(error instanceof StartError ? error.message : `The data could not be removed: ${(error as Error).message}`);
  process.exitCode = 1;
}
