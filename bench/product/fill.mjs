// Tasks into a running installation, from the generator of `npm run load`; nobody reads meanwhile, so batches are long and indexes come last.
import { openInstallation } from '@taskgraph/load/dist/installation.js';
import { makePlan } from '@taskgraph/load/dist/plan.js';
import { amount, startProgress } from '@taskgraph/load/dist/progress.js';
import { tidyUp } from '@taskgraph/load/dist/tidy-up.js';
import { writeChannels, writePeople, writeProjects } from '@taskgraph/load/dist/write-places.js';
import { writeTasks } from '@taskgraph/load/dist/write-tasks.js';
import { readSupervisorConfig } from '@taskgraph/supervisor/dist/config.js';
import { hashPassword } from '@taskgraph/user/dist/passwords.js';

export const password = 'password of the benchmark';
export const people = 50;
/** The same day, the same data. */
const today = new Date('2026-11-01T00:00:00Z');
export const planOf = (tasks) => makePlan({ tasks, users: people, projects: 20, seed: 1 }, today);

export async function fill(env, tasks) {
  const plan = planOf(tasks);
  const databases = await openInstallation(readSupervisorConfig(env));
  try {
    await writePeople(databases.user, plan, await hashPassword(password), false);
    await writeProjects(databases.project, plan);
    await writeChannels(databases.channel, plan);
    const progress = startProgress(plan.tasks, process.stderr);
    await withoutIndexes(databases.task, async () => void (await writeTasks(databases.task, plan, () => false, ({ written }) => progress.show(written), 2_000)));
    progress.end();
    process.stderr.write(`${amount(plan.tasks)} tasks loaded\n`);
    await tidyUp(databases.task);
  } finally {
    await databases.close();
  }
}

/** Drops what only lists need, and makes it again when the rows are there: several times faster. */
async function withoutIndexes(owner, work) {
  const indexes = await owner.query(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class c on c.oid = i.indrelid
     where c.relnamespace = current_schema()::regnamespace and c.relname in ('tasks', 'task_search', 'task_assignees', 'task_labels', 'comments')
       and not i.indisunique and i.indexrelid::regclass::text <> 'tasks_scope_rank'`,
  );
  for (const { name } of indexes) await owner.query(`drop index ${name}`);
  await work();
  for (const { definition } of indexes) await owner.query(definition);
}
