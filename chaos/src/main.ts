// The door of `npm run chaos`.
import { StartError } from '@taskgraph/shared/start-error';
import { readOptions, usage } from './options.js';
import { describeReport } from './report.js';
import { runChaos } from './run.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const options = readOptions(process.argv.slice(2));
  if (options) {
    const report = await runChaos({ ...options, loadMs: options.minutes * 60_000, writers: 6, quietMs: 240_000, say });
    for (const line of describeReport(report)) say(line);
    // Node 20 may wait for ever for the end of a connection that was reset, in what it does after its last event.
    process.exit(report.wrong.length > 0 ? 1 : 0);
  } else say(usage);
} catch (error) {
  process.stderr.write(`${error instanceof StartError ? error.message : `The run failed: ${String((error as Error).stack ?? error)}`}\n`);
  process.exit(1);
}
