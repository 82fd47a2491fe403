// The product as `npm start` runs it in production, over data that is made once and kept.
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '@taskgraph/shared/database';
import { pino } from 'pino';
import { startProcess, untilReady } from '../gateway/processes.mjs';
import { fill } from './fill.mjs';
import { adminUrl, processesIn } from './installation.mjs';

const root = resolve(import.meta.dirname, '..', '..');
const log = pino({ level: 'error' });

/** Everything on as in production, with limits that are not reached. */
const settings = {
  NODE_ENV: 'production', LOG_LEVEL: 'error', TASKGRAPH_SECRET: 'no secret: data of a benchmark, made up by a generator',
  ACCESS_TOKEN_EXPIRE_MINUTES: '60', RATE_LIMIT_PER_MINUTE: '10000000', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '10000000', COST_LIMIT_PER_MINUTE: '1000000000',
};

export const environment = (dataDir, port) => ({ ...process.env, ...settings, DATA_DIR: dataDir, PORT: String(port) });

export async function startSystem(dataDir, port) {
  const supervisor = startProcess('taskgraph', process.execPath, ['supervisor/start.mjs'], { cwd: root, env: environment(dataDir, port) });
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(supervisor, async () => /ready in/.test(supervisor.output()) && (await fetch(`${url}/readyz`)).status === 200);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return { url, pidsOf: (role) => processesIn(dataDir).filter((entry) => entry.role === role).map(({ pid }) => pid), output: supervisor.output, stop: supervisor.stop };
}

/** Makes what is not there yet. A load that did not end is no measure: begin with another directory. */
export async function prepareData({ dataDir, port, tasks, figures, say }) {
  const done = join(dataDir, `filled-${tasks}`);
  if (existsSync(done)) return;
  if (existsSync(join(dataDir, 'postgres'))) throw new Error(`${dataDir} holds other data, or a load that did not end: give another --data`);
  const system = await startSystem(dataDir, port);
  try {
    await fill(environment(dataDir, port), tasks);
    const admin = await openDatabase({ url: adminUrl(dataDir), poolSize: 1, applicationName: 'bench', log });
    try {
      if (figures === 'wait') await figuresFollow(admin, say);
      else await figuresSkip(admin);
      // Counts statements; taken up by the next start.
      await admin.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`);
      await admin.query('create extension if not exists pg_stat_statements');
      await admin.query('vacuum (analyze)');
    } finally {
      await admin.destroy();
    }
  } finally {
    await system.stop();
  }
  writeFileSync(done, '');
}

/** Events of the task log that the figures have not read, about. */
const behind = `
  select count(*)::int as count from task.events e, lateral (select place from stats.positions where consumer = 'figures' and source = 'task') p
  where p.place = '' or (e.epoch, e.xid, e.ordinal) > (split_part(p.place, '.', 1)::int, split_part(p.place, '.', 2)::xid8, split_part(p.place, '.', 3)::int)`;

async function figuresFollow(admin, say) {
  for (;;) {
    const [{ count }] = await admin.query(behind);
    if (count === 0) return;
    say(`the figures are ${count} events behind`);
    await delay(Math.min(30_000, 1_000 + count / 10));
  }
}

/** The figures begin at the end of the log: they then say nothing of what was loaded, at the same cost of asking. */
async function figuresSkip(admin) {
  await admin.query(`
    update stats.positions set place = (select epoch || '.' || xid || '.' || ordinal from task.events order by epoch desc, xid desc, ordinal desc limit 1)
    where consumer = 'figures' and source = 'task'`);
}

/** Statements of requests, as the database counted them: BEGIN and COMMIT included, those of workers not. */
export async function statementCounter(dataDir) {
  const admin = await openDatabase({ url: adminUrl(dataDir), poolSize: 1, applicationName: 'bench', log });
  return {
    reset: () => admin.query('select pg_stat_statements_reset()'),
    async count() {
      const [{ calls }] = await admin.query(`select coalesce(sum(calls), 0)::int as calls from pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname like '%\\_app'`);
      return calls;
    },
    close: () => admin.destroy(),
  };
}
