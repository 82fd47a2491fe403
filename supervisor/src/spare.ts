// What a spare process runs: it loads the packages that every service is built on, and waits to be told which service it is.
// Loading them takes longer than all else of a start, so that whoever takes the place of a dead process has it behind it.
import { setImmediate as turn } from 'node:timers/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { replaceEnvironment } from './config.js';

/** Sent to it once. */
export interface Part {
  /** Script that Node would run. */
  entry: string;
  /** Its whole environment. */
  env: Record<string, string>;
}

// Packages only: modules of ours make their metrics where they are loaded, and those of one service say nothing in another.
const packages = [
  'typeorm', 'pg', 'pino', 'zod', 'graphql', 'fastify', '@apollo/server', '@apollo/server/errors', '@apollo/server/plugin/disabled', '@apollo/subgraph', '@as-integrations/fastify',
  'bullmq', 'ioredis', 'undici', 'prom-client', 'nodemailer', 'dataloader', 'uuid', 'jose', 'rrule-temporal', 'graphql-ws', 'ws', '@apollo/gateway',
];

let part: Part | undefined;
// With nobody left to serve it has nothing to wait for.
const leave = (): void => process.exit(0);
process.once('disconnect', leave);
process.once('message', (message) => {
  part = message as Part;
  process.off('disconnect', leave);
  replaceEnvironment(part.env);
  process.chdir(dirname(dirname(part.entry)));
  process.argv = [process.execPath, part.entry];
  // Only from here on: the maps of all those packages would be read too. The list is for processes that the service starts itself.
  process.setSourceMapsEnabled(true);
  process.execArgv = ['--enable-source-maps', ...process.execArgv];
  void import(pathToFileURL(part.entry).href);
});
for (const name of packages) {
  if (part) break;
  // One that is not there is no loss: whoever needs it says so.
  await import(name).catch(() => {});
  await turn();
}
