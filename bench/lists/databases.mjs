// Two databases on one embedded server, filled by the generator of `npm run load`: one large, one small.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePlan } from '@taskgraph/load/dist/plan.js';
import { amount, startProgress } from '@taskgraph/load/dist/progress.js';
import { tidyUp } from '@taskgraph/load/dist/tidy-up.js';
import { writeTasks } from '@taskgraph/load/dist/write-tasks.js';
import { openDatabase } from '@taskgraph/shared/database';
import { startEmbeddedPostgres } from '@taskgraph/shared/embedded-postgres/start';
import { provision } from '@taskgraph/shared/provision';
import { SCHEMAS } from '@taskgraph/shared/provision/names';
import { entities, migrateDatabase } from '@taskgraph/task/dist/database.js';
import { pino } from 'pino';

const log = pino({ level: 'error' });
/** Of the load: the same day, the same data. */
const today = new Date('2026-11-01T00:00:00Z');

/** `dir` is kept, so that a second run finds the data; a database whose load was not finished is made anew. */
export async function openDatabases(dir, sizes) {
  mkdirSync(dir, { recursive: true });
  const secretFile = join(dir, 'passwords.json');
  if (!existsSync(secretFile)) writeFileSync(secretFile, JSON.stringify(newPasswords()), { mode: 0o600 });
  const { admin, roles } = JSON.parse(readFileSync(secretFile, 'utf8'));
  const server = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres'), password: admin, durable: false });
  const opened = [];
  try {
    for (const tasks of sizes) opened.push(await openOne(server, roles, dir, tasks));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    databases: opened,
    version: server.version,
    stop: async () => {
      for (const { app, admin: direct } of opened) await Promise.all([app.destroy(), direct.destroy()]);
      await server.stop();
    },
  };
}

function newPasswords() {
  const password = () => randomBytes(16).toString('hex');
  const roles = Object.fromEntries(SCHEMAS.map((schema) => [schema, { owner: password(), app: password(), worker: password() }]));
  return { admin: password(), roles: { ...roles, bullmq: password() } };
}

async function dropDatabase(server, name) {
  const admin = await openDatabase({ url: server.adminUrl('postgres'), poolSize: 1, applicationName: 'bench', log });
  await admin.query(`drop database if exists ${name} with (force)`).finally(() => admin.destroy());
}

async function openOne(server, passwords, dir, tasks) {
  const name = `lists_${tasks}`;
  const adminUrl = server.adminUrl(name);
  const done = join(dir, `${name}.done`);
  // What an earlier run did not finish is no measure.
  if (!existsSync(done)) await dropDatabase(server, name);
  const adminUrls = Object.fromEntries([...SCHEMAS, 'bullmq'].map((part) => [part, adminUrl]));
  const urls = await provision({ adminUrls, passwords });
  await migrateDatabase(urls.task.owner);
  const plan = makePlan({ tasks, users: 50, projects: 20, seed: 1 }, today);
  if (!existsSync(done)) {
    await fill(urls.task.owner, plan);
    writeFileSync(done, '');
  }
  const setting = await openDatabase({ url: adminUrl, poolSize: 1, applicationName: 'bench', log });
  await setting.query(`alter database ${name} set search_path to task`).finally(() => setting.destroy());
  const app = await openDatabase({ url: urls.task.app, poolSize: 2, entities, applicationName: 'bench', log });
  const direct = await openDatabase({ url: adminUrl, poolSize: 1, applicationName: 'bench', log });
  return { tasks, plan, app, admin: direct };
}

async function fill(ownerUrl, plan) {
  const owner = await openDatabase({ url: ownerUrl, poolSize: 2, entities, applicationName: 'bench', log });
  try {
    // The copy of memberships, which the worker makes of the logs of other subgraphs. The viewer is in every place.
    const members = [...plan.projects, ...plan.channels].flatMap(({ scopeId, members: list }) => [
      ...list.filter(({ userId }) => userId !== plan.people[0].id).map(({ userId, role }) => [scopeId, userId, role]),
      [scopeId, plan.people[0].id, 'MEMBER'],
    ]);
    await owner.query(
      `insert into scope_members (scope_id, user_id, role, version) select *, 1 from unnest($1::uuid[], $2::uuid[], $3::text[]) on conflict do nothing`,
      [0, 1, 2].map((column) => members.map((member) => member[column])),
    );
    const progress = startProgress(plan.tasks, process.stderr);
    // Nobody reads meanwhile: batches may be long, and indexes come last.
    await withoutIndexes(owner, async () => void (await writeTasks(owner, plan, () => false, ({ written }) => progress.show(written), 2_000)));
    progress.end();
    process.stderr.write(`${amount(plan.tasks)} tasks loaded\n`);
    await tidyUp(owner);
  } finally {
    await owner.destroy();
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
