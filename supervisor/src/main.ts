import { StartError } from '@taskgraph/shared/start-error';
import { readSupervisorConfig } from './config.js';
import { complain, say } from './output.js';
import { watchParent } from './parent.js';
import { startSupervisor } from './supervisor.js';

// Started by `npm start`, a Ctrl-C arrives twice: from the terminal and handed on by npm.
const SAME_CTRL_C_MS = 500;

// A terminal that is closed must not end us before we have ended the others.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const config = readSupervisorConfig();
const supervisor = startSupervisor(config);
let stoppingSince: number | undefined;

async function stop(code: number): Promise<void> {
  if (stoppingSince !== undefined) return;
  stoppingSince = performance.now();
  await supervisor.stop();
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stoppingSince === undefined) say('stopping; once more stops at once');
    else if (performance.now() - stoppingSince > SAME_CTRL_C_MS) supervisor.force();
    void stop(0);
  });
}
if (config.startedByNpm) watchParent(() => void stop(0));
process.on('uncaughtException', (error) => {
  complain(`the supervisor failed: ${error.stack}`);
  void stop(1);
});

supervisor.started.catch((error: unknown) => {
  complain(error instanceof StartError ? error.message : `Taskgraph could not start: ${String((error as Error).stack ?? error)}`);
  void stop(1);
});
