// The door of `npm run chaos`.
import { StartError } from '@taskgraph/shared/start-error';
import { readOptions, usage } from './options.js';
import { describeReport } from './report.js';
import { runChaos } from './run.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const options = readOptions(process.argv.slice(2));
  if (options) {
    const report = await runChaos({ ...options, loadMs: options.minutes * 60_000, writers: 4, quietMs: 180_000, say });
    for (const line of describeReport(report)) say(line);
    if (report.wrong.length > 0) process.exitCode = 1;
  } else say(usage);
} catch (error) {
  process.stderr.write(`${error instanceof StartError ? error.message : `The run failed: ${String((error as Error).stack ?? error)}`}\n`);
  process.exitCode = 1;
}
