// How fast news becomes rows, how fast rows are delivered, and how soon a backlog is gone.
//   npm run bench:deliveries -- [--only tails,rows,throughput,absence] [--rate 200] [--seconds 30] [--jobs 1000] [--rounds 3]
//                               [--absent 60] [--mails 20] [--events 10000] [--json file]
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newId } from '@taskgraph/shared/ids';
import { createQueueBackend } from '@taskgraph/shared/queue';
import { redisAvailable, startRedis } from '@taskgraph/shared/testing/redis';
import { measureTails } from './tails.mjs';
import { log, makePeople, openWorld, quantile, queueSettings, run, runChannelWorker, sleep, taskCreated, until } from './world.mjs';

const text = (fallback) => ({ type: 'string', default: fallback });
const { values } = parseArgs({ options: { only: text('tails,rows,throughput,absence'), rate: text('200'), seconds: text('30'), jobs: text('1000'), rounds: text('3'), absent: text('60'), mails: text('20'), events: text('10000'), json: { type: 'string' } } });
const number = (name) => Number(values[name]);
const wanted = new Set(values.only.split(','));
const say = (line) => void process.stdout.write(`${line}\n`);
const load = () => loadavg()[0].toFixed(1);

const world = await openWorld();
const { admin, urls } = world;
const withRedis = redisAvailable(false);
const redis = withRedis ? await startRedis({ appendOnly: true }) : null;
if (redis) world.undo.push(() => redis.stop());
const backends = [['postgres', null], ...(redis ? [['redis', redis]] : [])];
const result = { date: new Date().toISOString(), machine: `${cpus().length} x ${cpus()[0].model}`, node: process.version, postgres: world.version, loadAtStart: load() };
try {
  say(`${result.machine}, Node ${process.version}, Postgres ${world.version}, load ${result.loadAtStart}`);
  const people = await makePeople(world, 50);
  if (wanted.has('tails')) {
    const rates = (result.tails = await measureTails(world, people, { events: number('events'), rounds: number('rounds') }));
    say(`\nFigures follow the task log (load ${load()}): ${rates.one.toFixed(0)} events/s one by one, ${rates.together.toFixed(0)} a batch at a time`);
    // What was written for this is no news.
    await admin.query('truncate task.events');
  }
  if (wanted.has('rows')) {
    for (const [name, server] of backends) {
      const worker = runChannelWorker(world, queueSettings(world, server));
      await caughtUp();
      const times = await drive(people, { rate: number('rate'), seconds: number('seconds'), mailed: (index) => index % 10 === 0 });
      await worker.stop();
      const row = { p50: quantile(times, 0.5), p99: quantile(times, 0.99), events: times.length };
      result[`rows ${name}`] = row;
      say(`\nCommit to notification row, queue on ${name} (load ${load()}): ${row.events} at ${values.rate}/s, p50 ${row.p50.toFixed(0)} ms, p99 ${row.p99.toFixed(0)} ms`);
    }
  }
  if (wanted.has('throughput')) {
    await admin.query('create table public.control (id text primary key)');
    await admin.query('grant all on public.control to channel_worker');
    for (const [name, server] of backends) {
      const rates = { control: [], deliveries: [] };
      for (let round = 0; round < number('rounds'); round += 1) {
        rates.control.push(await controlRate(server));
        rates.deliveries.push(await deliveryRate(server, people));
      }
      const [control, deliveries] = [quantile(rates.control, 0.5), quantile(rates.deliveries, 0.5)];
      result[`throughput ${name}`] = { control, deliveries, ratio: deliveries / control };
      say(`\nJobs a second on ${name} (load ${load()}): ${deliveries.toFixed(0)} e-mails delivered, ${control.toFixed(0)} single inserts: ${((deliveries / control) * 100).toFixed(0)} %`);
    }
  }
  if (wanted.has('absence') && redis) {
    const worker = runChannelWorker(world, queueSettings(world, redis));
    await caughtUp();
    let failed = 0;
    const stop = new AbortController();
    const driving = drive(people, { rate: number('mails'), seconds: Infinity, mailed: () => true, signal: stop.signal, failed: () => (failed += 1) });
    await sleep(5_000);
    await redis.kill();
    await sleep(number('absent') * 1_000);
    const [{ n: backlog }] = await admin.query(`select count(*)::int as n from channel.deliveries where state = 'PENDING'`);
    await redis.restart();
    const began = performance.now();
    const [{ now }] = await admin.query('select clock_timestamp() as now');
    await until(async () => (await admin.query(`select 1 from channel.deliveries where state = 'PENDING' and created_at < $1 limit 1`, [now])).length === 0);
    result.absence = { absentS: number('absent'), backlog, failed, drainedS: (performance.now() - began) / 1_000 };
    stop.abort();
    await driving;
    await worker.stop();
    say(`\nRedis away for ${values.absent} s at ${values.mails} e-mails/s (load ${load()}): ${failed} mutations failed, ${backlog} e-mails waited, all gone ${result.absence.drainedS.toFixed(1)} s after its return`);
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await world.stop();
}

/** The worker knows everybody. */
async function caughtUp() {
  await until(async () => (await admin.query(`select 1 from channel.positions where source in ('user', 'project', 'task') and as_of > clock_timestamp() - interval '2 s' having count(*) = 3`)).length > 0);
}

/** Writes events at a rate and answers how long each took from its commit until its notification was there for others, in milliseconds. */
async function drive(who, { rate, seconds, mailed, signal, failed = (error) => { throw error; } }) {
  const committed = new Map();
  const times = [];
  let [{ place }] = await admin.query('select coalesce(max(place), 0)::text as place from channel.notifications');
  const began = performance.now();
  const total = rate * seconds;
  const pending = new Set();
  let sent = 0;
  const look = async () => {
    const rows = await admin.query('select task_id as id, place::text from channel.notifications where place > $1 order by notifications.place', [place]);
    const seen = performance.now();
    place = rows.at(-1)?.place ?? place;
    for (const { id } of rows) {
      const at = committed.get(id);
      committed.delete(id);
      // Seen before the writer heard of its own commit.
      times.push(Math.max(0, seen - (at ?? seen)));
    }
  };
  while (sent < total && !signal?.aborted) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1_000) * rate));
    for (; sent < due; sent += 1) {
      const count = who.people.length;
      const { taskId, actorId, type, payload } = taskCreated(who, { actor: sent % count, assignee: (sent + 1) % count, mailed: mailed(sent) });
      const writing = world.logs.task.emit(type, taskId, payload, actorId).then(() => committed.set(taskId, performance.now()), failed).finally(() => pending.delete(writing));
      pending.add(writing);
    }
    await look();
    await sleep(5);
  }
  await Promise.all(pending);
  while (times.length < sent && !signal?.aborted) {
    await look();
    await sleep(5);
  }
  return times;
}

/** Jobs a second between the first tenth and the last. */
async function rateOf(count, total) {
  const first = await until(async () => ((await count()) >= total / 10 ? { n: await count(), at: performance.now() } : null));
  await until(async () => (await count()) >= total);
  return (total - first.n) / ((performance.now() - first.at) / 1_000);
}

async function withProducer(owner, server, work) {
  const backend = createQueueBackend({ owner, redisUrl: server?.url, databaseUrl: urls.bullmq, log });
  try {
    await work(backend);
  } finally {
    await backend.close();
  }
}

async function controlRate(server) {
  const jobs = number('jobs');
  await admin.query('truncate public.control');
  await withProducer('control', server, async (backend) => {
    const queue = backend.queue('inserts');
    await addAll(queue, Array.from({ length: jobs }, () => newId()), (id) => ({ id, data: { id } }));
  });
  const worker = run(fileURLToPath(new URL('./control-worker.mjs', import.meta.url)), { CONTROL_DATABASE_URL: urls.channel.worker, ...queueSettings(world, server) });
  const rate = await rateOf(async () => (await admin.query('select count(*)::int as n from public.control'))[0].n, jobs);
  await worker.stop();
  return rate;
}

async function deliveryRate(server, { people, project }) {
  const jobs = number('jobs');
  const ids = Array.from({ length: jobs }, () => newId());
  await admin.query('truncate channel.notifications cascade');
  await admin.query(
    `with news as (
       insert into channel.notifications (id, user_id, kind, title, project_id, event_id, created_at, listed_at, place)
       select gen_random_uuid(), ($2::uuid[])[1 + n % cardinality($2::uuid[])], 'TASK_ASSIGNED', 'Somebody assigned you to WEB-1', $3, gen_random_uuid(), now(), now(), nextval('channel.notification_places')
       from generate_series(1, $1::int) n returning id, user_id, event_id
     ), numbered as (select news.*, row_number() over () as n from news)
     insert into channel.deliveries (id, notification_id, user_id, event_id, state, next_attempt_at, queued_at)
     select ($4::uuid[])[n], id, user_id, event_id, 'PENDING', now(), clock_timestamp() + interval '10 minutes' from numbered`,
    [jobs, people, project, ids],
  );
  await withProducer('channel', server, (backend) => addAll(backend.queue('deliveries'), ids, (id) => ({ id, data: { deliveryId: id } })));
  const worker = runChannelWorker(world, queueSettings(world, server));
  const rate = await rateOf(async () => (await admin.query(`select count(*)::int as n from channel.deliveries where state = 'DELIVERED'`))[0].n, jobs);
  await worker.stop();
  return rate;
}

async function addAll(queue, ids, jobOf) {
  await until(() => queue.accepts());
  for (let from = 0; from < ids.length; from += 100) {
    // A busy machine may refuse some; the same id twice is one job.
    await Promise.all(ids.slice(from, from + 100).map((id) => until(() => queue.add(jobOf(id)).then(() => true, () => false))));
  }
}
