// Webhooks of a channel and of a project: who has them, what they post, and what bad receivers come to.
import { openDatabase } from '@taskgraph/shared/database';
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteOldPosts } from '../src/repositories/webhook-delivery-repository.js';
import { channelClient } from './channel-client.js';
import { makeProject, startWorld, tellTask, type Person, type WorkerHarness } from './worker-harness.js';
import { logOf, refusal, sendWebhook, startReceiver, webhookFields, webhookOk, type Receiver } from './webhook-harness.js';

let world: WorkerHarness;
let worker: Awaited<ReturnType<WorkerHarness['start']>>;
let receiver: Receiver;
let other: Receiver;
let hanging: Receiver[];
beforeAll(async () => {
  world = await startWorld();
  other = await startReceiver();
  // Two ports of one host, and hosts of their own.
  hanging = await Promise.all(['127.0.0.2', '127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'].map((host) => startReceiver(() => undefined, host)));
  receiver = await startReceiver((response, _request, count) => {
    const { url = '' } = response.req;
    if (url.startsWith('/well')) return void response.end('thanks');
    if (url.startsWith('/fails-once')) return void response.writeHead(count === 0 ? 503 : 204).end();
    if (url.startsWith('/later')) return void response.writeHead(429, { 'retry-after': '3600' }).end();
    if (url.startsWith('/redirect')) return void response.writeHead(307, { location: `${other.url}/redirected` }).end();
    if (url.startsWith('/gone')) return void response.writeHead(410).end();
    if (url.startsWith('/reset')) return void response.req.socket.resetAndDestroy();
    if (url.startsWith('/fails')) return void response.writeHead(500).end('secret of the receiver');
    if (url.startsWith('/huge')) {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const part = Buffer.alloc(1024 * 1024);
      const more = (left: number): void => void (left > 0 ? response.write(part, () => more(left - 1)) : response.end());
      return more(10);
    }
    if (url.startsWith('/drip')) {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 100);
      return void response.on('close', () => clearInterval(timer));
    }
  });
  worker = await world.start({ WEBHOOK_ALLOWED_HOSTS: ' 127.0.0.1 ,127.0.0.2,127.0.0.3,127.0.0.4,127.0.0.5' });
});
afterAll(async () => {
  await receiver?.stop();
  await other?.stop();
  await Promise.all((hanging ?? []).map((one) => one.stop()));
  await worker?.stop();
  await world?.stop();
});

let count = 0;
const someone = (): Person => world.person(`p${(count += 1)}`);
async function withChannel(path: string, more: object = {}): Promise<{ owner: Person; channelId: string; code: string; webhook: { id: string }; secret: string; url: string }> {
  const owner = someone();
  const { id: channelId, code } = await channelClient(world.api).ok('createChannel', owner, { name: 'Garden' });
  const url = `${receiver.url}${path}/${newId()}`;
  return { owner, channelId, code, url, ...(await webhookOk(world.api, 'createWebhook', owner, { channelId, url, events: ['TASK_CREATED', 'MEMBER_ADDED'], ...more })) };
}
const postsTo = (url: string, where = receiver) => where.received.filter(({ path }) => url.endsWith(path));
const firstPost = (url: string, where = receiver) => eventually(async () => postsTo(url, where)[0] ?? false);
const settled = (owner: Person, id: string, is: (log: Awaited<ReturnType<typeof logOf>>[number]) => boolean) =>
  eventually(async () => (await logOf(world.api, owner, id)).find(is) ?? false);

describe('who may', () => {
  test('MODERATOR and OWNER of a channel; other members are FORBIDDEN and see none, to strangers there is no channel (RULES §1)', async () => {
    const [owner, moderator, member, stranger] = [someone(), someone(), someone(), someone()];
    const { id: channelId } = await channelClient(world.api).staffed(owner, moderator, member);
    const input = { channelId, url: `${receiver.url}/well`, events: ['TASK_CREATED'] };
    const { webhook, secret } = await webhookOk(world.api, 'createWebhook', moderator, input);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(webhook).toMatchObject({ url: input.url, format: 'STANDARD', active: true, disabledReason: null, project: null, channel: { id: channelId } });
    const codes = [member, stranger, null].map((who) => refusal(sendWebhook(world.api, 'createWebhook', who, input)));
    expect(await Promise.all(codes)).toEqual(['FORBIDDEN', 'NOT_FOUND', 'UNAUTHENTICATED']);
    for (const operation of ['updateWebhook', 'deleteWebhook', 'rotateWebhookSecret'] as const) {
      expect(await Promise.all([member, stranger, null].map((who) => refusal(sendWebhook(world.api, operation, who, { id: webhook.id }))))).toEqual(['NOT_FOUND', 'NOT_FOUND', 'UNAUTHENTICATED']);
    }
    const listed = async (who: Person) => (await world.api.query(`{ webhooks { ${webhookFields} } }`, {}, who)).data.webhooks;
    expect([await listed(owner), await listed(moderator), await listed(member), await listed(stranger)]).toEqual([[webhook], [webhook], [], []]);
    await channelClient(world.api).ok('changeChannelMemberRole', owner, { channelId, userId: moderator.id, role: 'MEMBER' });
    expect([await listed(moderator), await refusal(sendWebhook(world.api, 'updateWebhook', moderator, { id: webhook.id }))]).toEqual([[], 'NOT_FOUND']);
  });

  test('MAINTAINER and OWNER of a project, asked of its owner where the copy does not know (RULES §1, §8)', async () => {
    const [owner, maintainer, member, stranger] = [someone(), someone(), someone(), someone()];
    const { id: projectId } = makeProject(world, owner, [member]);
    world.project.setRole(projectId, maintainer.id, 'MAINTAINER');
    const input = { projectId, url: `${receiver.url}/well`, events: ['TASK_CREATED'] };
    expect(await Promise.all([owner, maintainer, member, stranger].map((who) => refusal(sendWebhook(world.api, 'createWebhook', who, input))))).toEqual([undefined, undefined, 'FORBIDDEN', 'NOT_FOUND']);
  });

  test.each<[string, (channelId: string) => object, string]>([
    ['another scheme', (channelId) => ({ channelId, url: 'ftp://example.org/', events: ['TASK_CREATED'] }), ''],
    ['a port of mail', (channelId) => ({ channelId, url: 'http://example.org:25/', events: ['TASK_CREATED'] }), 'input.url'],
    ['a backslash', (channelId) => ({ channelId, url: 'https://example.org\\@example.com/', events: ['TASK_CREATED'] }), 'input.url'],
    ['a control character', (channelId) => ({ channelId, url: 'https://exam\tple.org/', events: ['TASK_CREATED'] }), 'input.url'],
    ['a password', (channelId) => ({ channelId, url: 'https://a:b@example.org/', events: ['TASK_CREATED'] }), 'input.url'],
    ['no events', (channelId) => ({ channelId, url: 'https://example.org/', events: [] }), 'input.events'],
    ['two places', (channelId) => ({ channelId, projectId: newId(), url: 'https://example.org/', events: ['TASK_CREATED'] }), 'input.projectId'],
  ])('%s is BAD_USER_INPUT', async (_what, input, path) => {
    const { owner, channelId } = await withChannel('/well');
    const { errors } = await sendWebhook(world.api, 'createWebhook', owner, input(channelId));
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', ...(path ? { fields: [{ path }] } : {}) });
  });

  test('a place has 20 at most; a resend is one webhook and shows the same secret (RULES §3)', async () => {
    const { owner, channelId } = await withChannel('/well');
    const input = { channelId, url: 'https://example.org/', events: ['TASK_CREATED'] };
    const first = await webhookOk(world.api, 'createWebhook', owner, input, 'k');
    expect(await webhookOk(world.api, 'createWebhook', owner, input, 'k')).toEqual(first);
    const more = await Promise.all(Array.from({ length: 20 }, () => refusal(sendWebhook(world.api, 'createWebhook', owner, input))));
    expect(more.filter((code) => code === undefined)).toHaveLength(18);
    expect(new Set(more)).toEqual(new Set([undefined, 'CONFLICT']));
  });
});

describe('what is posted', () => {
  test('an event once, signed, with its own id; what nobody asked for, imports and moves in the manual order are not', async () => {
    const { owner, channelId, code, url, webhook, secret } = await withChannel('/well');
    const taskId = newId();
    tellTask(world, 'task.updated', { actor: owner, channelId, taskId, after: [] });
    tellTask(world, 'task.created', { actor: owner, channelId, after: [], imported: true });
    const eventId = tellTask(world, 'task.created', { actor: owner, channelId, taskId, after: [owner], title: 'Water <them>' });
    const { headers, body } = await firstPost(url);
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({
      type: 'task.created', timestamp: expect.any(String),
      data: { actorId: owner.id, channelId, projectId: null, task: { id: taskId, title: 'Water <them>', status: 'PENDING', assigneeIds: [owner.id] } },
    });
    expect(headers).toMatchObject({ 'webhook-id': eventId, 'content-type': 'application/json' });
    await channelClient(world.api).ok('joinChannel', someone(), { code });
    await eventually(async () => postsTo(url).length === 2);
    const log = await eventually(async () => {
      const found = await logOf(world.api, owner, webhook.id);
      return found.every(({ status }) => status === 'DELIVERED') && found;
    });
    expect(log.map(({ event, attempt, responseStatus, error, nextAttemptAt }) => [event, attempt, responseStatus, error, nextAttemptAt])).toEqual([['MEMBER_ADDED', 1, 200, null, null], ['TASK_CREATED', 1, 200, null, null]]);
  });

  test('a project hears of its tasks and members, a place that a task left hears of what it was there', async () => {
    const [owner, member] = [someone(), someone()];
    const [from, to] = [makeProject(world, owner), makeProject(world, owner)];
    const urls = [`${receiver.url}/well/${newId()}`, `${receiver.url}/well/${newId()}`] as const;
    await webhookOk(world.api, 'createWebhook', owner, { projectId: from.id, url: urls[0], events: ['TASK_MOVED', 'MEMBER_ADDED', 'MEMBER_REMOVED'] });
    await webhookOk(world.api, 'createWebhook', owner, { projectId: to.id, url: urls[1], events: ['TASK_MOVED'], format: 'SLACK' });
    tellTask(world, 'task.moved', { actor: owner, projectId: to.id, before: [], after: [], from: { projectId: from.id } });
    const left = JSON.parse((await firstPost(urls[0])).body);
    expect(left).toMatchObject({ type: 'task.moved', data: { projectId: from.id, task: { ref: null } } });
    expect(JSON.stringify(left)).not.toContain(to.id);
    expect(JSON.parse((await firstPost(urls[1])).body)).toEqual({ text: expect.stringMatching(/ moved WEB-1 “Write tests”$/) });
    world.project.append({ type: 'project.member-added', aggregateId: from.id, actorId: owner.id, payload: { projectId: from.id, projectName: 'Website', userId: member.id, role: 'VIEWER', version: 2 } });
    world.project.append({ type: 'project.member-removed', aggregateId: from.id, actorId: owner.id, payload: { projectId: from.id, projectName: 'Website', userId: member.id, role: 'VIEWER', version: 3 } });
    const types = await eventually(async () => postsTo(urls[0]).length === 3 && postsTo(urls[0]).map(({ body }) => String(JSON.parse(body).type)));
    expect(types.toSorted((a, b) => a.localeCompare(b))).toEqual(['member.added', 'member.removed', 'task.moved']);
  });

  test('after a rotation both secrets verify for a day; a second one ends the first', async () => {
    const { owner, channelId, url, webhook, secret } = await withChannel('/well');
    const rotated = await webhookOk(world.api, 'rotateWebhookSecret', owner, { id: webhook.id });
    tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
    const both = await firstPost(url);
    for (const good of [secret, rotated.secret]) expect(new Webhook(good).verify(both.body, both.headers)).toBeTruthy();
    await world.sql(`update webhooks set rotated_at = now() - interval '25 hours' where id = $1`, [webhook.id]);
    tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
    const one = await eventually(async () => postsTo(url)[1] ?? false);
    expect(new Webhook(rotated.secret).verify(one.body, one.headers)).toBeTruthy();
    expect(() => new Webhook(secret).verify(one.body, one.headers)).toThrow();
  });
});

describe('a receiver', () => {
  test('that fails gets it again with the same id, and another time when that is asked for', async () => {
    const { owner, channelId, url, webhook, secret } = await withChannel('/fails-once');
    const eventId = tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
    const failed = await settled(owner, webhook.id, ({ status }) => status === 'FAILED');
    expect(failed).toMatchObject({ attempt: 1, responseStatus: 503, error: 'answered 503', nextAttemptAt: expect.any(String) });
    await world.sql('update webhook_deliveries set next_attempt_at = now() where id = $1', [failed.id]);
    await settled(owner, webhook.id, ({ status, attempt }) => status === 'DELIVERED' && attempt === 2);
    await webhookOk(world.api, 'redeliverWebhook', owner, { webhookId: webhook.id, deliveryId: failed.id });
    await eventually(async () => postsTo(url).length === 3);
    const at = Date.now();
    await settled(owner, webhook.id, ({ status }) => status === 'DELIVERED');
    await webhookOk(world.api, 'redeliverWebhook', owner, { webhookId: webhook.id, from: new Date(at - 3_600_000).toISOString(), to: new Date(at + 3_600_000).toISOString() });
    await eventually(async () => postsTo(url).length === 4);
    expect(new Set(postsTo(url).map(({ headers }) => headers['webhook-id']))).toEqual(new Set([eventId]));
    for (const { body, headers } of postsTo(url)) expect(new Webhook(secret).verify(body, headers)).toBeTruthy();
  });

  test('that asks for time gets it', async () => {
    const { owner, channelId, webhook } = await withChannel('/later');
    tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
    const { nextAttemptAt, responseStatus } = await settled(owner, webhook.id, ({ status }) => status === 'FAILED');
    expect(responseStatus).toBe(429);
    expect(Date.parse(nextAttemptAt as string) - Date.now()).toBeGreaterThan(30 * 60_000);
  });

  test('is tried again after a worker died during a try; when that was the last one it is a dead letter', async () => {
    const { owner, channelId, webhook, url } = await withChannel('/later');
    tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
    const { id } = await settled(owner, webhook.id, ({ status }) => status === 'FAILED');
    // What is left of a try whose process is gone: counted, without an outcome, its lease over.
    const leaveBehind = (attempts: number) => world.sql('update webhook_deliveries set attempts = $2, last_error = null, next_attempt_at = now() where id = $1', [id, attempts]);
    await leaveBehind(5);
    await settled(owner, webhook.id, ({ status, attempt }) => status === 'FAILED' && attempt === 6);
    await leaveBehind(10);
    expect(await settled(owner, webhook.id, ({ status }) => status === 'DEAD')).toMatchObject({ error: 'the worker died at each try' });
    expect(postsTo(url)).toHaveLength(2);
  });

  test('that redirects has failed, and nobody goes there', async () => {
    const { owner, channelId, webhook } = await withChannel('/redirect');
    tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
    expect(await settled(owner, webhook.id, ({ status }) => status === 'FAILED')).toMatchObject({ responseStatus: 307, error: 'answered 307' });
    expect(other.received.filter(({ path }) => path === '/redirected')).toEqual([]);
  });

  test('that is gone turns the webhook off at once, and its maker is mailed', async () => {
    const { owner, channelId, webhook } = await withChannel('/gone');
    tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
    await settled(owner, webhook.id, ({ status }) => status === 'DEAD');
    const off = await eventually(async () => (await world.api.query('{ webhooks { active disabledReason } }', {}, owner)).data.webhooks.find((one: { active: boolean }) => !one.active) ?? false);
    expect(off.disabledReason).toBe('The receiver answered 410 Gone.');
    await eventually(async () => world.smtp.mails.some((mail) => mail.to === owner.email && mail.message.includes('Subject: A webhook was turned off')));
    expect(await refusal(sendWebhook(world.api, 'redeliverWebhook', owner, { webhookId: webhook.id, deliveryId: newId() }))).toBe('CONFLICT');
    expect((await webhookOk(world.api, 'updateWebhook', owner, { id: webhook.id, active: true })).webhook).toMatchObject({ active: true, disabledReason: null });
  });

  test('that has failed for five days turns it off; ten tries make a dead letter of ids, which an ADMIN runs again', async () => {
    const { owner, channelId, webhook, url } = await withChannel('/fails');
    tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
    const { id } = await settled(owner, webhook.id, ({ status }) => status === 'FAILED');
    await world.sql('update webhook_deliveries set next_attempt_at = now(), attempts = 9 where id = $1', [id]);
    expect(await settled(owner, webhook.id, ({ status }) => status === 'DEAD')).toMatchObject({ attempt: 10, responseStatus: 500, error: 'answered 500' });
    const admin = { ...someone(), role: 'ADMIN' as const };
    const letter = await eventually(
      async () => (await world.api.query('{ deadLetters(queue: "webhooks") { nodes { id reason attempts payload } } }', {}, admin)).data.deadLetters.nodes.find((one: { payload: { deliveryId: string } }) => one.payload.deliveryId === id) ?? false,
    );
    expect(letter).toMatchObject({ reason: 'answered 500', attempts: 10, payload: { deliveryId: id, webhookId: webhook.id } });
    await world.sql(`update webhooks set failing_since = now() - interval '5 days 1 second' where id = $1`, [webhook.id]);
    await world.api.query('mutation ($ids: [ID!]) { redriveDeadLetters(input: { ids: $ids }) { redriven } }', { ids: [letter.id] }, admin);
    await eventually(async () => postsTo(url).length >= 3);
    await eventually(async () => (await world.api.query('{ webhooks { id disabledReason } }', {}, owner)).data.webhooks.some((one: { disabledReason: string }) => one.disabledReason === 'Every delivery has failed for 5 days.'));
  });

  test.each<[string, object]>([
    ['/reset', { status: 'FAILED', responseStatus: null, error: expect.stringMatching(/^no answer/) }],
    ['/huge', { status: 'DELIVERED', responseStatus: 200 }],
    ['/drip', { status: 'DELIVERED', responseStatus: 200 }],
  ])('of the kind %s is cut off, and its status alone counts', async (path, expected) => {
    const { owner, channelId, webhook } = await withChannel(path);
    tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
    expect(await settled(owner, webhook.id, ({ status }) => status !== 'PENDING')).toMatchObject(expected);
  });

  const hangingPosts = () => hanging.reduce((sum, { received }) => sum + received.length, 0);
  /** What was begun and has not ended. */
  const underWay = async (ids: string[]) => (await world.sql('select 1 from webhook_deliveries where webhook_id = any($1) and attempts > 0 and last_error is null', [ids])).length;

  test.each<[string, number[], number]>([
    ['holds up nobody else: not more than four posts wait for it at a time, on however many ports', [0, 1], 4],
    ['under many names holds up nobody else: not more than eight posts of one place wait at a time', [2, 3, 4], 8],
  ])('that hangs %s', async (_what, which, most) => {
    const before = hangingPosts();
    const { owner, channelId, webhook } = await withChannel('/hang');
    const ids = [webhook.id];
    for (const [index, place] of which.entries()) {
      const url = `${hanging[place]?.url}/hang`;
      if (index === 0) await webhookOk(world.api, 'updateWebhook', owner, { id: webhook.id, url });
      else ids.push((await webhookOk(world.api, 'createWebhook', owner, { channelId, url, events: ['TASK_CREATED'] })).webhook.id);
    }
    for (let times = 0; times < 70; times += 1) tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
    await eventually(async () => hangingPosts() - before >= most);
    const well = await withChannel('/well');
    tellTask(world, 'task.created', { actor: well.owner, channelId: well.channelId, after: [] });
    await firstPost(well.url);
    expect(await underWay(ids)).toBeLessThanOrEqual(most);
    for (const id of ids) await webhookOk(world.api, 'deleteWebhook', owner, { id });
  });
});

test('without an opened host nothing on this machine is reached: the post fails and says why', async () => {
  const { owner, channelId, webhook, url } = await withChannel('/well');
  await webhookOk(world.api, 'updateWebhook', owner, { id: webhook.id, url: url.replace('127.0.0.1', 'localhost') });
  tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
  expect(await settled(owner, webhook.id, ({ status }) => status === 'FAILED')).toMatchObject({ responseStatus: null, error: 'the address is not on the public internet' });
  expect(postsTo(url)).toEqual([]);
});

test('a deleted webhook is not posted to and not seen; what a purged task told is gone', async () => {
  const { owner, channelId, webhook, url } = await withChannel('/fails');
  const taskId = newId();
  tellTask(world, 'task.created', { actor: owner, channelId, taskId, after: [] });
  await settled(owner, webhook.id, ({ status }) => status === 'FAILED');
  world.task.append({ type: 'task.purged', aggregateId: taskId, actorId: null, payload: { taskId, projectId: null, channelId, ownerId: null, version: 2 } });
  await eventually(async () => (await world.sql('select 1 from webhook_deliveries where webhook_id = $1', [webhook.id])).length === 0);
  expect(await webhookOk(world.api, 'deleteWebhook', owner, { id: webhook.id }, 'd')).toEqual({ id: webhook.id });
  expect(await webhookOk(world.api, 'deleteWebhook', owner, { id: webhook.id }, 'd')).toEqual({ id: webhook.id });
  expect(await refusal(sendWebhook(world.api, 'deleteWebhook', owner, { id: webhook.id }))).toBe('NOT_FOUND');
  expect(postsTo(url)).toHaveLength(1);
});

test('the log goes back 30 days; of deleted webhooks, and of those of deleted channels, nothing stays', async () => {
  const [kept, deleted, orphaned] = [await withChannel('/well'), await withChannel('/well'), await withChannel('/well')];
  for (const { owner, channelId, url } of [kept, deleted, orphaned]) {
    tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
    await firstPost(url);
  }
  await settled(kept.owner, kept.webhook.id, ({ status }) => status === 'DELIVERED');
  const old = newId();
  await world.sql(`insert into webhook_deliveries (id, webhook_id, event_id, event, facts, state, created_at) values ($1, $2, $1, 'TASK_CREATED', '{}', 'DELIVERED', now() - interval '31 days')`, [old, kept.webhook.id]);
  await webhookOk(world.api, 'deleteWebhook', deleted.owner, { id: deleted.webhook.id });
  await channelClient(world.api).ok('deleteChannel', orphaned.owner, { id: orphaned.channelId });
  const database = await openDatabase({ url: world.api.database.worker, poolSize: 1, applicationName: 'test', log: createLogger({ service: 'test', level: 'silent' }) });
  await deleteOldPosts(database).finally(() => database.destroy());
  const left = async (table: string, column: string) => (await world.sql<{ id: string }>(`select ${column} as id from ${table} where ${column} = any($1)`, [[kept, deleted, orphaned].map(({ webhook }) => webhook.id)])).map(({ id }) => id);
  expect([await left('webhooks', 'id'), await left('webhook_deliveries', 'webhook_id')]).toEqual([[kept.webhook.id], [kept.webhook.id]]);
});
