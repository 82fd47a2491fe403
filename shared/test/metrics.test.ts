// What a process tells of itself: right while all is well, and told all the same when the database hangs or is gone.
import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../src/database.js';
import { DomainError } from '../src/errors.js';
import { createHttpServer } from '../src/http-server.js';
import { newId } from '../src/ids.js';
import { serveMetrics } from '../src/metrics/listener.js';
import { scrape } from '../src/metrics/scrape.js';
import { tellOfWork } from '../src/metrics/work-figures.js';
import { createQueueBackend } from '../src/queue.js';
import { eventually } from '../src/testing/eventually.js';
import { freePort } from '../src/testing/ports.js';
import { openLogDatabase, silentLog, type LogDatabase } from './log-database.js';

let db: LogDatabase;
const undo: (() => unknown)[] = [];
beforeAll(async () => void (db = await openLogDatabase()));
afterAll(() => db.stop());
afterEach(async () => {
  for (let call = undo.pop(); call; call = undo.pop()) await call();
});

/** The value of one series, its labels in any order; undefined where it is not told. */
async function valueOf(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const lines = (await scrape()).split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  const line = lines.find((text) => Object.entries(labels).every(([label, value]) => text.includes(`${label}="${value}"`)));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1).replace('+Inf', 'Infinity'));
}

/** For what a scrape tells once the database has answered in time; on a slow machine not every scrape has it. */
const settles = (name: string, labels: Record<string, string>, check: (value: number | undefined) => void) => eventually(async () => check(await valueOf(name, labels)));

const rows = `select now() - make_interval(secs => n) as due_at, now() - make_interval(secs => 2 * n) as created_at from things where name like 'waiting%'`;
function tell(): void {
  undo.push(tellOfWork({ schema: 'stats', database: db.worker, waiting: [{ queue: 'things', rows }], freshMs: 1 }).stop);
}

test('a worker tells how far behind it follows each log, what was given up and what waits', async () => {
  await db.worker.query(`insert into positions (consumer, source, place, as_of) values ('c', 'late', '', now() - interval '1 hour'), ('c', 'never', '', null)`);
  await db.worker.query(`insert into dead_letters (id, queue, name, reason, attempts, payload) values ($1, 'things', 'n', 'r', 1, '{}'), ($2, 'things', 'n', 'r', 1, '{}')`, [newId(), newId()]);
  await db.worker.query(`insert into things values ('waiting 1', 1000), ('waiting 2', 5000), ('waiting, but not yet due', -900)`);
  tell();
  await settles('taskgraph_tail_lag_seconds', { consumer: 'c', source: 'late' }, (value) => expect(value).toBeGreaterThanOrEqual(3_600));
  await settles('taskgraph_tail_lag_seconds', { consumer: 'c', source: 'never' }, (value) => expect(value).toBe(Infinity));
  await settles('taskgraph_dead_letters', { queue: 'things' }, (value) => expect(value).toBe(2));
  await settles('taskgraph_undelivered_rows', { queue: 'things' }, (value) => expect(value).toBe(3));
  await settles('taskgraph_undelivered_overdue_seconds', { queue: 'things' }, (value) => expect(value).toBeGreaterThanOrEqual(5_000));
  await settles('taskgraph_undelivered_age_seconds', { queue: 'things' }, (value) => expect(value).toBeGreaterThanOrEqual(10_000));
  await db.worker.query('delete from dead_letters');
  await db.worker.query('delete from things');
  await settles('taskgraph_dead_letters', { queue: 'things' }, (value) => expect(value).toBeUndefined());
  await settles('taskgraph_undelivered_rows', { queue: 'things' }, (value) => expect(value).toBe(0));
  await settles('taskgraph_undelivered_overdue_seconds', { queue: 'things' }, (value) => expect(value).toBe(0));
});

test('the age of the horizon grows while a transaction that has written stays open, and falls when it ends (RULES §4)', async () => {
  tell();
  const age = async () => (await valueOf('taskgraph_event_log_horizon_age_seconds', { log: 'stats' })) as number;
  await db.observe('begin');
  await db.observe('select pg_current_xact_id()');
  // What is committed behind it cannot be read before it ends.
  await db.worker.query(`insert into things values ('behind', 1)`);
  await eventually(async () => (await age()) > 1);
  const while1 = await age();
  await eventually(async () => (await age()) > while1);
  await db.observe('commit');
  await eventually(async () => (await age()) < while1);
});

/** A way to the database that can freeze, as a dead machine does, or break off. */
async function openWay(url: string): Promise<{ url: string; freeze: () => void; breakOff: () => void }> {
  const target = new URL(url);
  const { hostname, port } = target;
  const open = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) open.add(socket.on('error', () => undefined));
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  target.hostname = '127.0.0.1';
  target.port = String((server.address() as { port: number }).port);
  const breakOff = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  undo.push(breakOff);
  return { url: target.href, breakOff, freeze: () => open.forEach((socket) => socket.unpipe().pause()) };
}

test('a database that hangs, and one that is gone, neither fail nor hold up a scrape: it says so, and asks on one connection only', async () => {
  const way = await openWay(db.database.worker);
  const database = await openDatabase({ url: way.url, poolSize: 5, applicationName: 'far away', log: silentLog });
  undo.push(() => database.destroy());
  undo.push(tellOfWork({ schema: 'far', database, waiting: [], freshMs: 1 }).stop);
  const up = () => valueOf('taskgraph_database_up', { pool: 'far away' });
  await eventually(async () => expect(await up()).toBe(1));
  await settles('taskgraph_event_log_horizon_age_seconds', { log: 'far' }, (value) => expect(value).toBeDefined());

  way.freeze();
  await eventually(async () => (await up()) === 0);
  await Promise.all(Array.from({ length: 10 }, scrape));
  // One for the sign of life, one for the figures.
  expect(await valueOf('taskgraph_database_connections', { pool: 'far away', state: 'used' })).toBeLessThanOrEqual(2);
  expect(await valueOf('taskgraph_database_waiting', { pool: 'far away' })).toBe(0);
  const age = async () => (await valueOf('taskgraph_figures_age_seconds', { schema: 'far' })) as number;
  const before = await age();
  await eventually(async () => (await age()) > before);

  way.breakOff();
  await eventually(async () => expect(await up()).toBe(0));
  expect(await scrape()).toContain('taskgraph_database_up');
});

test('a pool that is closed is told of no more', async () => {
  const database = await openDatabase({ url: db.database.worker, poolSize: 2, applicationName: 'short', log: silentLog });
  expect(await valueOf('taskgraph_database_pool_size', { pool: 'short' })).toBe(2);
  await database.destroy();
  await scrape();
  expect(await valueOf('taskgraph_database_pool_size', { pool: 'short' })).toBeUndefined();
});

test('requests count by the pattern of their route, and what has no route counts together: no address becomes a label', async () => {
  const app = createHttpServer({ logger: silentLog, missing: async () => [] });
  undo.push(() => app.close());
  app.get('/links/:token', async () => 'ok');
  const secret = `secret-${newId()}`;
  for (const url of [`/links/${secret}`, `/links/${secret}x`, `/nowhere/${secret}`, `/elsewhere/${secret}`]) await app.inject({ method: 'GET', url });
  const count = (route: string, status: string) => valueOf('taskgraph_http_request_duration_seconds_count', { method: 'GET', route, status });
  await eventually(async () => expect([await count('/links/:token', '2xx'), await count('unknown', '4xx')]).toEqual([2, 2]));
  expect(await scrape()).not.toContain(secret);
});

test('tries of jobs count by what came of them, and the backend of the queues says whether it is there', async () => {
  const backend = createQueueBackend({ owner: newId().slice(0, 8), databaseUrl: db.database.queue, log: silentLog });
  undo.push(() => backend.close());
  let tries = 0;
  backend.work('measured', async ({ kind }) => {
    if (kind === 'bad') throw new DomainError('NOT_FOUND', 'gone');
    if (kind === 'shaky' && (tries += 1) === 1) throw new Error('not now');
  });
  const queue = backend.queue('measured');
  for (const kind of ['good', 'bad', 'shaky']) await eventually(() => queue.add({ id: kind, data: { kind } }));
  const count = (outcome: string) => valueOf('taskgraph_job_duration_seconds_count', { queue: 'measured', outcome });
  // A job whose adding was answered late is added again.
  for (const [outcome, least] of [['done', 2], ['again', 1], ['failed', 1]] as const) await eventually(async () => expect(await count(outcome)).toBeGreaterThanOrEqual(least));
  expect(await valueOf('taskgraph_jobs_added_total', { queue: 'measured', outcome: 'added' })).toBeGreaterThanOrEqual(3);
  await settles('taskgraph_queue_up', { backend: 'postgres' }, (value) => expect(value).toBe(1));
  await settles('taskgraph_queue_worker_silent', { queue: 'measured' }, (value) => expect(value).toBe(0));
});

test('the listener has /metrics and nothing else, and a port that is taken stops nobody: it is listened on once it is free', async () => {
  const port = await freePort();
  const other = createServer();
  other.listen(port, '127.0.0.1');
  await once(other, 'listening');
  const listener = serveMetrics({ process: 'tester', host: '127.0.0.1', port }, silentLog);
  undo.push(() => listener?.close());
  await new Promise((resolve) => other.close(resolve));
  const url = `http://127.0.0.1:${port}`;
  const response = await eventually(() => fetch(`${url}/metrics`));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  const text = await response.text();
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds\{process="tester"\} /m);
  expect(text).toMatch(/^process_resident_memory_bytes\{process="tester"\} /m);
  for (const [path, method] of [['/', 'GET'], ['/metrics', 'POST'], ['/livez', 'GET']] as const) expect((await fetch(url + path, { method })).status).toBe(404);
});
