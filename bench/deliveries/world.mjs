// What the benchmarks run on: an embedded Postgres with every schema, the logs of the other subgraphs behind their real routes, a
// mail server that takes everything, and processes started from the built product.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '@taskgraph/shared/database';
import { startEmbeddedPostgres } from '@taskgraph/shared/embedded-postgres/start';
import { addEventFeed, watchLog } from '@taskgraph/shared/event-feed';
import { createHttpServer } from '@taskgraph/shared/http-server';
import { createIdentityVerifier } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { provision } from '@taskgraph/shared/provision';
import { SCHEMAS } from '@taskgraph/shared/provision/names';
import { createTestIdentities } from '@taskgraph/shared/testing/identity';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import { pino } from 'pino';

export const log = pino({ level: 'error' });
const secret = () => randomBytes(32).toString('base64url');

/** Where `profileDir` is named, each process that is started leaves its CPU profile there. */
export async function openWorld({ profileDir } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'taskgraph-bench-'));
  const undo = [() => rmSync(dir, { recursive: true, force: true })];
  let stopping;
  // Asked twice it is waited for twice: who ends before it is done leaves a Postgres behind.
  const stop = () =>
    (stopping ??= (async () => {
      for (const one of undo.splice(0).reverse()) await one();
    })());
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().finally(() => process.exit(1)));
  try {
    const server = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres'), password: secret() });
    undo.push(() => server.stop());
    const adminUrl = server.adminUrl('bench');
    const passwords = { ...Object.fromEntries(SCHEMAS.map((schema) => [schema, { owner: secret(), app: secret(), worker: secret() }])), bullmq: secret() };
    const urls = await provision({ adminUrls: Object.fromEntries([...SCHEMAS, 'bullmq'].map((part) => [part, adminUrl])), passwords });
    for (const schema of SCHEMAS) {
      const { migrateDatabase } = await import(`@taskgraph/${schema}/dist/database.js`);
      await migrateDatabase(urls[schema].owner);
    }
    const admin = await openDatabase({ url: adminUrl, poolSize: 4, applicationName: 'bench', log });
    undo.push(() => admin.destroy());
    const identities = createTestIdentities();
    const logs = {};
    for (const name of ['user', 'project', 'task', 'stats']) {
      logs[name] = await startLog(name, urls[name].app, identities);
      undo.push(logs[name].stop);
    }
    const smtp = await startSmtp();
    undo.push(smtp.stop);
    return { dir, profileDir, urls, admin, identities, logs, smtp, version: server.version, stop, undo };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A subgraph's log behind its real route; `emit` writes one event in a transaction of its own, as a mutation does. */
async function startLog(name, appUrl, identities) {
  const database = await openDatabase({ url: appUrl, poolSize: 10, applicationName: `bench ${name}`, log });
  const verify = createIdentityVerifier({ service: name, publicKeys: identities.publicKeys });
  const watcher = watchLog(database);
  const app = createHttpServer({ logger: log, missing: async () => [] });
  app.addHook('onRequest', async (request, reply) => {
    const identity = await verify(request.headers.authorization);
    if (!identity) return reply.code(401).send({});
    request.identity = identity;
  });
  addEventFeed(app, database, watcher);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const emit = (type, aggregateId, payload, actorId, seq = 1) =>
    writeTransaction(database, { lock: [`${name}:${aggregateId}`], committed: () => watcher.poke() }, async (tx) => {
      await tx.emit({ type, aggregateId, seq, version: seq, payload, actorId, traceId: null });
    });
  return {
    url, emit,
    async stop() {
      watcher.stop();
      app.server.closeAllConnections();
      await app.close();
      await database.destroy();
    },
  };
}

/** Says yes to everything. A mail server of its own would take more of the machine than the worker that is measured. */
async function startSmtp() {
  const sockets = new Set();
  const server = createServer((socket) => {
    let [inMessage, rest] = [false, ''];
    sockets.add(socket.setEncoding('latin1').setNoDelay());
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.write('220 bench ESMTP\r\n');
    socket.on('data', (text) => {
      rest += text;
      for (;;) {
        const end = inMessage ? '\r\n.\r\n' : '\r\n';
        const at = rest.indexOf(end);
        if (at < 0) return;
        const line = rest.slice(0, at).toUpperCase();
        rest = rest.slice(at + end.length);
        if (inMessage) socket.write('250 taken\r\n');
        else if (line === 'QUIT') socket.end('221 bye\r\n');
        else socket.write(line === 'DATA' ? '354 go on\r\n' : '250 bench\r\n');
        inMessage = !inMessage && line === 'DATA';
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(resolve);
    }),
  };
}

/** Runs a file of the product as a process; `stop` ends it as the supervisor does, and it ends when this process does. */
export function run(file, env, profileDir) {
  const child = spawn(process.execPath, [...(profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : []), file], { env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let stopping = false;
  child.once('exit', (code) => {
    // Nothing would ever come of what is waited for.
    if (!stopping) throw new Error(`${file} ended with ${code}`);
  });
  return {
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** The real worker of the channel subgraph. */
export const runChannelWorker = ({ urls, identities, logs, smtp, profileDir }, queue) =>
  run(fileURLToPath(new URL('../../subgraphs/channel/dist/main.js', import.meta.url)), {
    NODE_ENV: 'test', LOG_LEVEL: 'fatal', ROLES: 'worker', PORT: '0',
    DATABASE_URL: urls.channel.app, WORKER_DATABASE_URL: urls.channel.worker, OWNER_DATABASE_URL: urls.channel.owner,
    SECRET_KEY: secret(), IDENTITY_PRIVATE_KEY: identities.privateKeys.channel, IDENTITY_PUBLIC_KEYS: JSON.stringify(identities.publicKeys),
    USER_URL: logs.user.url, PROJECT_URL: logs.project.url, TASK_URL: logs.task.url, STATS_URL: logs.stats.url, SMTP_URL: smtp.url, ...queue,
  }, profileDir);

export const queueSettings = (world, redis) => (redis ? { REDIS_URL: redis.url, QUEUE_DATABASE_URL: '' } : { REDIS_URL: '', QUEUE_DATABASE_URL: world.urls.bullmq });

/** People who can be told, and a project that all of them belong to. */
export async function makePeople({ logs }, count) {
  const people = Array.from({ length: count }, () => newId());
  const project = newId();
  for (const [index, userId] of people.entries()) {
    await logs.user.emit('user.registered', userId, { userId, handle: `p${index}`, name: `Person ${index}`, email: `p${index}@example.org`, emailVerified: true, timeZone: 'UTC', role: 'MEMBER', active: true, version: 1 }, userId);
  }
  const [owner] = people;
  await logs.project.emit('project.created', project, { projectId: project, key: 'WEB', name: 'Website', status: 'ACTIVE', version: 1, ownerId: owner }, owner);
  let version = 1;
  for (const userId of people.slice(1)) {
    version += 1;
    await logs.project.emit('project.member-added', project, { projectId: project, projectName: 'Website', userId, role: 'MEMBER', version }, owner, version);
  }
  return { people, project };
}

/** The first event of a task: `actor` makes it for `assignee`, who is told in the app, and by e-mail where `mailed`. */
export function taskCreated({ people, project }, { actor, assignee, mailed }) {
  const taskId = newId();
  const now = new Date().toISOString();
  const place = { projectId: project, channelId: null, ownerId: null };
  // A watcher hears in the app alone.
  const [assigneeIds, watcherIds] = mailed ? [[people[assignee]], []] : [[], [people[assignee]]];
  const state = { title: 'Write tests', status: 'PENDING', priority: 5, startAt: null, dueAt: null, completedAt: null, createdAt: now, updatedAt: now, ...place };
  const payload = mailed
    ? { taskId, ref: 'WEB-1', ...place, creatorId: people[actor], state: { ...state, assigneeIds, watcherIds }, before: null, changes: [], version: 1 }
    : { taskId, ref: 'WEB-1', ...place, creatorId: people[actor], state: { ...state, status: 'COMPLETED', completedAt: now, assigneeIds, watcherIds }, before: { ...state, assigneeIds, watcherIds }, changes: [{ field: 'status', before: 'PENDING', after: 'COMPLETED' }], version: 1 };
  return { taskId, actorId: people[actor], type: mailed ? 'task.created' : 'task.completed', payload };
}

/** The worker knows everybody and everything that was told before. */
export async function caughtUp({ admin }) {
  const [{ now }] = await admin.query('select clock_timestamp() as now');
  const behind = (after) => admin.query(`select source from (values ('user'), ('project'), ('task')) s (source) where not exists (select from channel.positions p where p.source = s.source and p.as_of > $1)`, [after]);
  await until(async () => (await behind(now)).length === 0, { what: async () => `the worker has not read ${(await behind(now)).map(({ source }) => source).join()}` });
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for what `look` finds. After `limitS` seconds it ends with an error that says `what` is there instead. */
export async function until(look, { everyMs = 20, limitS = 120, what = () => 'it is not there' } = {}) {
  for (const giveUpAt = performance.now() + limitS * 1_000; performance.now() < giveUpAt; await sleep(everyMs)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`after ${limitS} s ${await what()}`);
}

export const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
