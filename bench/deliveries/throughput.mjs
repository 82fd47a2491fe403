// Deliveries a second, beside a worker on the same queue backend whose handler commits one insert: in turns, with as many jobs at once.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { newId } from '@taskgraph/shared/ids';
import { createQueueBackend } from '@taskgraph/shared/queue';
import { caughtUp, log, quantile, queueSettings, run, runChannelWorker, until } from './world.mjs';

/** Receivers of webhooks, each an address of its own and in a project of its own: to one host four posts go at once, more would wait. */
const receivers = 25;

/** Medians, in jobs a second. */
export async function measureThroughput(world, people, server, { jobs, rounds }) {
  const { admin } = world;
  await admin.query('create table if not exists channel.control (id text primary key)');
  await admin.query('grant all on channel.control to channel_worker');
  const sink = await startReceiver();
  try {
    await makeWebhooks(world, people, sink.port);
    const reader = runChannelWorker(world, queueSettings(world, server));
    await caughtUp(world);
    await reader.stop();
    const rates = { control: [], emails: [], webhooks: [] };
    for (let round = 0; round < rounds; round += 1) {
      rates.control.push(await controlRate(world, server, jobs));
      rates.emails.push(await emailRate(world, server, people, jobs));
      rates.webhooks.push(await webhookRate(world, server, jobs));
    }
    return { ...Object.fromEntries(Object.entries(rates).map(([kind, list]) => [kind, quantile(list, 0.5)])), rounds: rates };
  } finally {
    await sink.stop();
  }
}

/** Jobs a second between the first tenth and the last. */
async function rateOf(count, total) {
  let first = null;
  await until(async () => {
    const [n, at] = [await count(), performance.now()];
    if (n >= total / 10) first ??= { n, at };
    return n >= total;
  }, { what: async () => `${await count()} of ${total} jobs are done` });
  return (total - first.n) / ((performance.now() - first.at) / 1_000);
}

async function withProducer(world, owner, server, work) {
  const backend = createQueueBackend({ owner, redisUrl: server?.url, databaseUrl: world.urls.bullmq, log });
  try {
    await work(backend);
  } finally {
    await backend.close();
  }
}

async function addAll(queue, ids, jobOf) {
  await until(() => queue.accepts());
  for (let from = 0; from < ids.length; from += 100) {
    // A busy machine may refuse some; the same id twice is one job.
    await Promise.all(ids.slice(from, from + 100).map((id) => until(() => queue.add(jobOf(id)).then(() => true, () => false))));
  }
}

/** A worker that starts takes its copies for silent until it has read their logs, and puts off what it cannot decide: not what is measured. */
const countAsRead = ({ admin }) => admin.query(`update channel.positions set as_of = clock_timestamp() + interval '1 minute'`);

const makeIds = (count) => Array.from({ length: count }, () => newId());
const counter = (admin, sql) => async () => (await admin.query(sql))[0].n;

async function controlRate(world, server, jobs) {
  const { admin, urls } = world;
  await admin.query('truncate channel.control');
  await withProducer(world, 'control', server, (backend) => addAll(backend.queue('inserts'), makeIds(jobs), (id) => ({ id, data: { id } })));
  const worker = run(fileURLToPath(new URL('./control-worker.mjs', import.meta.url)), { CONTROL_DATABASE_URL: urls.channel.worker, ...queueSettings(world, server) });
  try {
    return await rateOf(counter(admin, 'select count(*)::int as n from channel.control'), jobs);
  } finally {
    await worker.stop();
  }
}

async function emailRate(world, server, { people, project }, jobs) {
  const { admin } = world;
  const ids = makeIds(jobs);
  await admin.query('truncate channel.notifications cascade');
  // Their jobs are not taken for lost while they wait for the worker.
  await admin.query(
    `with news as (
       insert into channel.notifications (id, user_id, kind, title, project_id, event_id, created_at, listed_at, place)
       select gen_random_uuid(), ($2::uuid[])[1 + n % cardinality($2::uuid[])], 'TASK_ASSIGNED', 'Somebody assigned you to WEB-1', $3, gen_random_uuid(), now(), now(), nextval('channel.notification_places')
       from generate_series(1, $1::int) n returning id, user_id, event_id
     ), numbered as (select news.*, row_number() over () as n from news)
     insert into channel.deliveries (id, notification_id, user_id, event_id, state, next_attempt_at, queued_at)
     select ($4::uuid[])[n], id, user_id, event_id, 'PENDING', now(), clock_timestamp() + interval '15 seconds' from numbered`,
    [jobs, people, project, ids],
  );
  await withProducer(world, 'channel', server, (backend) => addAll(backend.queue('deliveries'), ids, (id) => ({ id, data: { deliveryId: id } })));
  await countAsRead(world);
  const worker = runChannelWorker(world, queueSettings(world, server));
  try {
    return await rateOf(counter(admin, `select count(*)::int as n from channel.deliveries where state = 'DELIVERED'`), jobs);
  } finally {
    await worker.stop();
  }
}

const host = (index) => `127.0.0.${1 + index}`;

async function makeWebhooks({ admin, logs }, { people: [owner] }, port) {
  await admin.query('truncate channel.webhooks cascade');
  for (let index = 0; index < receivers; index += 1) {
    const projectId = newId();
    await logs.project.emit('project.created', projectId, { projectId, key: `H${index}`, name: `Hooked ${index}`, status: 'ACTIVE', version: 1, ownerId: owner }, owner);
    await admin.query(
      `insert into channel.webhooks (id, project_id, url, format, events, creator_id) values ($1, $2, $3, 'STANDARD', '{TASK_CREATED}', $4)`,
      [newId(), projectId, `http://${host(index)}:${port}/`, owner],
    );
  }
}

async function webhookRate(world, server, jobs) {
  const { admin } = world;
  const ids = makeIds(jobs);
  await admin.query('truncate channel.webhook_deliveries');
  await admin.query(
    `with hooks as (select id, row_number() over () - 1 as n from channel.webhooks)
     insert into channel.webhook_deliveries (id, webhook_id, event_id, event, facts, next_attempt_at, queued_at)
     select ($2::uuid[])[i], hooks.id, gen_random_uuid(), 'TASK_CREATED', $3::jsonb, now(), clock_timestamp() + interval '15 seconds'
     from generate_series(1, $1::int) i join hooks on hooks.n = i % (select count(*) from hooks)`,
    [jobs, ids, JSON.stringify({ at: new Date().toISOString(), actorId: null, projectId: null, channelId: null, text: 'Somebody made WEB-1', task: { id: newId(), ref: 'WEB-1', title: 'Write tests' } })],
  );
  await withProducer(world, 'channel', server, (backend) => addAll(backend.queue('webhooks'), ids, (id) => ({ id, data: { deliveryId: id } })));
  const allowed = Array.from({ length: receivers }, (_, index) => host(index)).join();
  await countAsRead(world);
  const worker = runChannelWorker(world, { ...queueSettings(world, server), WEBHOOK_ALLOWED_HOSTS: allowed });
  try {
    return await rateOf(counter(admin, `select count(*)::int as n from channel.webhook_deliveries where state = 'DELIVERED'`), jobs);
  } finally {
    await worker.stop();
  }
}

/** Takes everything that is posted. */
async function startReceiver() {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(204).end());
  });
  await new Promise((resolve) => server.listen(0, '0.0.0.0', resolve));
  return {
    port: server.address().port,
    stop: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}
