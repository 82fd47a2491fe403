// How fast news becomes rows, how fast rows are delivered, and how soon a backlog is gone.
//   npm run bench:deliveries -- [--only tails,rows,throughput,absence] [--backends postgres,redis] [--rate 200] [--seconds 30]
//                               [--jobs 2000] [--rounds 3] [--absent 60] [--mails 20] [--events 10000] [--json file] [--profile dir]
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { redisAvailable, startRedis } from '@taskgraph/shared/testing/redis';
import { measureTails } from './tails.mjs';
import { measureThroughput } from './throughput.mjs';
import { caughtUp, makePeople, openWorld, quantile, queueSettings, runChannelWorker, sleep, taskCreated, until } from './world.mjs';

const text = (fallback) => ({ type: 'string', default: fallback });
const { values } = parseArgs({ options: { only: text('tails,rows,throughput,absence'), rate: text('200'), seconds: text('30'), backends: text('postgres,redis'), jobs: text('2000'), rounds: text('3'), absent: text('60'), mails: text('20'), events: text('10000'), json: { type: 'string' }, profile: { type: 'string' } } });
const number = (name) => Number(values[name]);
const wanted = new Set(values.only.split(','));
const say = (line) => void process.stdout.write(`${line}\n`);
const load = () => loadavg()[0].toFixed(1);

// Why an event could not be written, where none may be missing.
let broken;

const world = await openWorld({ profileDir: values.profile });
const { admin } = world;
const named = values.backends.split(',');
const redis = named.includes('redis') && redisAvailable(false) ? await startRedis({ appendOnly: true }) : null;
if (redis) world.undo.push(() => redis.stop());
const backends = [...(named.includes('postgres') ? [['postgres', null]] : []), ...(redis ? [['redis', redis]] : [])];
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
      await caughtUp(world);
      const times = await drive(people, { rate: number('rate'), seconds: number('seconds'), mailed: (index) => index % 10 === 0 });
      await worker.stop();
      const row = { p50: quantile(times, 0.5), p99: quantile(times, 0.99), events: times.length };
      result[`rows ${name}`] = row;
      say(`\nCommit to notification row, queue on ${name} (load ${load()}): ${row.events} at ${values.rate}/s, p50 ${row.p50.toFixed(0)} ms, p99 ${row.p99.toFixed(0)} ms`);
    }
  }
  if (wanted.has('throughput')) {
    for (const [name, server] of backends) {
      const rates = (result[`throughput ${name}`] = await measureThroughput(world, people, server, { jobs: number('jobs'), rounds: number('rounds') }));
      const share = (rate) => `${rate.toFixed(0)} (${((rate / rates.control) * 100).toFixed(0)} %)`;
      say(`\nJobs a second on ${name} (load ${load()}): ${rates.control.toFixed(0)} single inserts, ${share(rates.emails)} e-mails, ${share(rates.webhooks)} webhook posts`);
    }
  }
  if (wanted.has('absence') && redis) {
    const worker = runChannelWorker(world, queueSettings(world, redis));
    await caughtUp(world);
    let failed = 0;
    const stop = new AbortController();
    const driving = drive(people, { rate: number('mails'), seconds: Infinity, mailed: () => true, signal: stop.signal, failed: () => (failed += 1) });
    await sleep(5_000);
    await redis.kill();
    await sleep(number('absent') * 1_000);
    const waiting = async (before) => (await admin.query(`select count(*)::int as n from channel.deliveries where state = 'PENDING' and created_at < $1`, [before]))[0].n;
    await redis.restart();
    const began = performance.now();
    const [{ now }] = await admin.query('select clock_timestamp() as now');
    const backlog = await waiting(now);
    await until(async () => (await waiting(now)) === 0, { limitS: 300, what: async () => `${await waiting(now)} of ${backlog} e-mails still wait` });
    const drainedS = (performance.now() - began) / 1_000;
    stop.abort();
    const times = await driving;
    await worker.stop();
    result.absence = { absentS: number('absent'), backlog, failed, mutations: times.length, p99: quantile(times, 0.99), drainedS };
    say(`\nRedis away for ${values.absent} s at ${values.mails} e-mails/s (load ${load()}): ${failed} of ${times.length} mutations failed, notification rows p99 ${result.absence.p99.toFixed(0)} ms, ${backlog} e-mails waited, all gone ${drainedS.toFixed(1)} s after its return`);
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await world.stop();
}

/** Writes events at a rate and answers how long each took from its commit until its notification was there for others, in milliseconds. */
async function drive(who, { rate, seconds, mailed, signal, failed = (error) => (broken ??= error) }) {
  // Those of which no row was seen yet, and when their writer heard of the commit.
  const expected = new Set();
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
      // All that hear of an event hear of it in one transaction.
      if (!expected.delete(id)) continue;
      // Where the row was seen before the writer heard of its own commit it took no time.
      times.push(Math.max(0, seen - (committed.get(id) ?? seen)));
      committed.delete(id);
    }
  };
  while (sent < total && !signal?.aborted && !broken) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1_000) * rate));
    for (; sent < due; sent += 1) {
      const count = who.people.length;
      const { taskId, actorId, type, payload } = taskCreated(who, { actor: sent % count, assignee: (sent + 1) % count, mailed: mailed(sent) });
      expected.add(taskId);
      const writing = world.logs.task.emit(type, taskId, payload, actorId).then(() => expected.has(taskId) && committed.set(taskId, performance.now()), (error) => {
        expected.delete(taskId);
        failed(error);
      }).finally(() => pending.delete(writing));
      pending.add(writing);
    }
    await look();
    await sleep(5);
  }
  await Promise.all(pending);
  if (broken) throw broken;
  await until(async () => {
    await look();
    return expected.size === 0;
  }, { everyMs: 5, what: () => `${expected.size} of ${sent} events have told nobody` });
  return times;
}
