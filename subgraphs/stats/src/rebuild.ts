// npm run stats:rebuild: asks the workers to make the figures anew from the task log, and waits until they are served.
import { openDatabase } from '@taskgraph/shared/database';
import { createLogger } from '@taskgraph/shared/logger';
import { loadRebuildConfig } from './config.js';
import { findGenerations, requestRebuild } from './repositories/generation-repository.js';

/** How often the state is looked at, and after how long without an end that is said, in milliseconds. */
const lookMs = 200;
const patienceMs = 10_000;

const config = loadRebuildConfig();
const log = createLogger({ service: 'stats', level: 'error' });
const say = (line: string) => void process.stdout.write(`${line}\n`);

const database = await openDatabase({ url: config.WORKER_DATABASE_URL, poolSize: 2, applicationName: 'stats rebuild', log });
try {
  const before = await findGenerations(database);
  await requestRebuild(database);
  const began = Date.now();
  say('making the figures anew from the task log; those of before are served until then');
  let said = began;
  for (;;) {
    const now = await findGenerations(database);
    if (now.building === null && now.serving !== before.serving) break;
    if (Date.now() - said > patienceMs) {
      said = Date.now();
      say(`still at it after ${Math.round((said - began) / 1_000)} s; it goes on without this command as long as a stats worker runs`);
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  say(`done in ${((Date.now() - began) / 1_000).toFixed(1)} s`);
} finally {
  await database.destroy();
}
