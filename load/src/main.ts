// The door of `npm run load`.
import { randomBytes } from 'node:crypto';
import { StartError } from '@taskgraph/shared/start-error';
import { readSupervisorConfig } from '@taskgraph/supervisor/dist/config.js';
import { hashPassword } from '@taskgraph/user/dist/passwords.js';
import { openInstallation } from './installation.js';
import { readOptions, usage, type Options } from './options.js';
import { firstHandle, makePlan } from './plan.js';
import { amount, duration, startProgress } from './progress.js';
import { tidyUp, underLoadLock } from './tidy-up.js';
import { handleExists, writeChannels, writePeople, writeProjects } from './write-places.js';
import { writeTasks, type Report } from './write-tasks.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function load(options: Options): Promise<void> {
  const config = readSupervisorConfig();
  const databases = await openInstallation(config);
  let stopped = false;
  process.once('SIGINT', () => (stopped = true)).once('SIGTERM', () => (stopped = true));
  try {
    await underLoadLock(databases.task, async () => {
      if (await handleExists(databases.user, firstHandle(options.seed))) {
        throw new StartError(`This installation holds the load with seed ${options.seed} already: choose another one with --seed.`);
      }
      const began = performance.now();
      const plan = makePlan(options, new Date());
      const password = options.password ?? randomBytes(9).toString('base64url');
      await writePeople(databases.user, plan, await hashPassword(password), config.nodeEnv !== 'production');
      await writeProjects(databases.project, plan);
      await writeChannels(databases.channel, plan);
      say(`${amount(plan.people.length)} users, ${amount(plan.projects.length)} projects and ${amount(plan.channels.length)} channels are there.`);
      const progress = startProgress(plan.tasks, process.stdout);
      let report: Report;
      try {
        report = await writeTasks(databases.task, plan, () => stopped, ({ written }) => progress.show(written));
      } finally {
        progress.end();
      }
      await tidyUp(databases.task);
      say(`${amount(report.written)} tasks in ${duration((performance.now() - began) / 1_000)}, in ${amount(report.transactions)} write transactions: the longest took ${Math.round(report.longestMs)} ms, ${amount(report.overLimit)} more than 200 ms, ${amount(report.undone)} were undone and begun again with fewer tasks.`);
      if (report.written < plan.tasks) say('Stopped before the end: what is there is whole. Load the rest with another --seed.');
      const owner = plan.people.find(({ id }) => id === plan.projects[0]?.members[0]?.userId);
      say(`Everybody has the password ${password}; ${owner?.handle} owns ${plan.projects[0]?.key}, the largest project. Figures follow within minutes.`);
    });
  } finally {
    await databases.close();
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await load(options);
  else say(usage);
} catch (error) {
  process.stderr.write(`${error instanceof StartError ? error.message : `The load failed: ${String((error as Error).stack ?? error)}`}\n`);
  process.exitCode = 1;
}
