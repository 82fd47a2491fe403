// RULES §3: a mutation with an Idempotency-Key happens once, and each resend shows what is so today.
import { newId } from '@taskgraph/shared/ids';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { openDatabase } from '@taskgraph/shared/database';
import { createLogger } from '@taskgraph/shared/logger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tidy } from '../src/jobs/tidy.js';
import { channelClient, type Client, type Operation } from './channel-client.js';
import { startChannel, type Harness } from './harness.js';

let channel: Harness;
let client: Client;
let sql: pg.Client;
beforeAll(async () => {
  channel = await startChannel();
  client = channelClient(channel);
  sql = new pg.Client(channel.database.admin);
  await sql.connect();
  await sql.query('set search_path to channel');
});
afterAll(async () => {
  await sql.end();
  await channel.stop();
});

const [owner, moderator, member] = [someViewer(), someViewer(), someViewer()];

/** What each mutation is sent with, by whom, and which event it is. */
const mutations: [Operation, string, (channel: { id: string; code: string }) => { viewer: typeof owner; input: object }][] = [
  ['createChannel', 'channel.created', () => ({ viewer: owner, input: { name: 'Other' } })],
  ['updateChannel', 'channel.updated', ({ id }) => ({ viewer: owner, input: { id, name: 'New' } })],
  ['rotateChannelCode', 'channel.code-rotated', ({ id }) => ({ viewer: owner, input: { id } })],
  ['joinChannel', 'channel.joined', ({ code }) => ({ viewer: someViewer(), input: { code } })],
  ['changeChannelMemberRole', 'channel.member-changed', ({ id }) => ({ viewer: owner, input: { channelId: id, userId: member.id, role: 'MODERATOR' } })],
  ['removeChannelMember', 'channel.member-removed', ({ id }) => ({ viewer: owner, input: { channelId: id, userId: member.id } })],
  ['leaveChannel', 'channel.left', ({ id }) => ({ viewer: member, input: { id } })],
  ['deleteChannel', 'channel.deleted', ({ id }) => ({ viewer: owner, input: { id } })],
];

describe('a resend', () => {
  test.each(mutations)('of %s, also at the same time, is answered alike and writes no second event', async (operation, type, made) => {
    const { viewer, input } = made(await client.staffed(owner, moderator, member));
    const key = newId();
    const before = (await sql.query('select count(*)::int as n from events where type = $1', [type])).rows[0].n;
    const [first, second] = await Promise.all([client.send(operation, viewer, input, key), client.send(operation, viewer, input, key)]);
    const third = await client.send(operation, viewer, input, key);
    expect(first.errors ?? second.errors ?? third.errors).toBeUndefined();
    expect([second.data, third.data]).toEqual([first.data, first.data]);
    expect((await sql.query('select count(*)::int as n from events where type = $1', [type])).rows[0].n).toBe(before + 1);
    expect((await client.send(operation, viewer, { ...input, ...(operation === 'joinChannel' ? { code: 'ZZZZZZZZ' } : operation === 'createChannel' ? { name: 'Third' } : { id: newId(), channelId: newId() }) }, key)).errors?.length).toBe(1);
  });

  test('shows the channel as it is now and as the viewer sees it now', async () => {
    const { id } = await client.staffed(owner, moderator, member);
    const rename = () => client.ok('updateChannel', owner, { id, name: 'First' }, 'rename');
    await rename();
    await client.ok('updateChannel', owner, { id, name: 'Second' });
    expect(await rename()).toMatchObject({ name: 'Second' });
    await client.ok('deleteChannel', owner, { id });
    expect(await rename()).toBeNull();
  });

  test('of a refusal is refused alike, also when it would be allowed by now', async () => {
    const { id } = await client.staffed(owner, moderator, member);
    const rename = () => client.refused('updateChannel', moderator, { id, name: 'Mine' }, 'refused');
    expect(await rename()).toEqual({ code: 'FORBIDDEN' });
    await client.ok('changeChannelMemberRole', owner, { channelId: id, userId: moderator.id, role: 'OWNER' });
    expect(await rename()).toEqual({ code: 'FORBIDDEN' });
    expect(await client.ok('updateChannel', moderator, { id, name: 'Mine' }, 'another key')).toMatchObject({ name: 'Mine' });
  });

  test('under one key with another input is IDEMPOTENCY_MISMATCH, and another person\'s key is another key', async () => {
    const key = newId();
    const first = await client.ok('createChannel', owner, { name: 'One' }, key);
    expect(await client.refused('createChannel', owner, { name: 'Two' }, key)).toEqual({ code: 'IDEMPOTENCY_MISMATCH' });
    expect((await client.ok('createChannel', moderator, { name: 'One' }, key)).id).not.toBe(first.id);
  });

  test('keeps ids and no code and no text', async () => {
    const key = newId();
    const { code } = await client.ok('createChannel', owner, { name: 'Secret garden' }, key);
    const { rows } = await sql.query('select * from idempotency where key = $1', [key]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${code}|Secret`));
  });

  test('of marking everything as read does not mark what has come since', async () => {
    const reader = someViewer();
    const { code } = await client.ok('createChannel', reader, { name: 'News' });
    await client.ok('joinChannel', someViewer(), { code });
    const key = newId();
    const first = await client.ok('markNotificationsRead', reader, { all: true }, key);
    expect(first).toMatchObject({ unreadCount: 0, notifications: [{ readAt: expect.any(String) }] });
    await client.ok('joinChannel', someViewer(), { code });
    expect(await client.ok('markNotificationsRead', reader, { all: true }, key)).toEqual({ ...first, unreadCount: 1 });
    const ids = first.notifications.map((row: { id: string }) => row.id);
    const again = await client.ok('markNotificationsRead', reader, { ids }, 'by id');
    expect(again).toEqual({ unreadCount: 1, notifications: [] });
    expect(await client.ok('markNotificationsRead', reader, { ids }, 'by id')).toEqual(again);
  });
});

test('more unread notifications than one batch holds are all marked, and the newest thousand answered', async () => {
  const reader = someViewer();
  await sql.query(
    `insert into notifications (id, user_id, kind, title, event_id, created_at, listed_at)
     select gen_random_uuid(), $1, 'CHANNEL_JOINED', 'x' || i, gen_random_uuid(), at, at from (select i, now() - make_interval(secs => i) as at from generate_series(1, 2300) i) s`,
    [reader.id],
  );
  const key = newId();
  const marked = await client.ok('markNotificationsRead', reader, { all: true }, key);
  expect([marked.unreadCount, marked.notifications.length]).toEqual([0, 1_000]);
  const newest = await sql.query(`select id from notifications where user_id = $1 order by created_at desc limit 1000`, [reader.id]);
  expect(marked.notifications.map((row: { id: string }) => row.id)).toEqual(newest.rows.map((row) => row.id));
  expect((await client.ok('markNotificationsRead', reader, { all: true }, key)).notifications).toHaveLength(1_000);
});

test('what was kept for a day, and counts of look-ups whose window is over, are swept; what is younger stays', async () => {
  const worker = await openDatabase({ url: channel.database.worker, poolSize: 1, applicationName: 'test', log: createLogger({ service: 'test', level: 'error' }) });
  await sql.query('truncate idempotency, code_lookups, address_lookups');
  for (const [name, age] of [['old', '25 hours'], ['young', '23 hours']]) {
    await sql.query(
      `insert into idempotency (viewer_id, key, field, fingerprint, kept, created_at) select gen_random_uuid(), $1 || i, 'f', '', '{}', now() - $2::interval from generate_series(1, 1200) i`,
      [name, age],
    );
  }
  await sql.query(`insert into code_lookups values (gen_random_uuid(), now() - interval '16 minutes', 5), (gen_random_uuid(), now(), 5)`);
  await sql.query(`insert into address_lookups values ('a', now() - interval '16 minutes', 5), ('b', now(), 5)`);
  await tidy(worker, 30);
  await worker.destroy();
  expect((await sql.query(`select count(*)::int as n, count(*) filter (where key like 'old%')::int as old from idempotency`)).rows).toEqual([{ n: 1_200, old: 0 }]);
  expect((await sql.query('select count(*)::int as n from code_lookups')).rows).toEqual([{ n: 1 }]);
  expect((await sql.query('select address from address_lookups')).rows).toEqual([{ address: 'b' }]);
});

test('e-mails on record for longer than was settled go, however many; those that wait and those that can be run again stay', async () => {
  const worker = await openDatabase({ url: channel.database.worker, poolSize: 1, applicationName: 'test', log: createLogger({ service: 'test', level: 'error' }) });
  await sql.query('truncate deliveries');
  await sql.query(
    `insert into deliveries (id, user_id, state, created_at) select gen_random_uuid(), gen_random_uuid(), (array['DELIVERED', 'SKIPPED', 'GATHERED', 'DEAD'])[1 + i % 4], now() - interval '8 days' from generate_series(1, 1200) i`,
  );
  const [listed, waiting, young] = [newId(), newId(), newId()];
  for (const [id, state, age] of [[listed, 'DEAD', '8 days'], [waiting, 'PENDING', '8 days'], [young, 'DELIVERED', '6 days']]) {
    await sql.query(`insert into deliveries (id, user_id, state, created_at) values ($1, gen_random_uuid(), $2, now() - $3::interval)`, [id, state, age]);
  }
  await sql.query(`insert into dead_letters (id, queue, name, reason, attempts, payload) values (gen_random_uuid(), 'deliveries', 'deliver-email', 'sending failed', 8, $1)`, [JSON.stringify({ deliveryId: listed })]);
  await tidy(worker, 7);
  await worker.destroy();
  expect((await sql.query<{ id: string }>('select id from deliveries')).rows.map(({ id }) => id).toSorted()).toEqual([listed, waiting, young].toSorted());
});
