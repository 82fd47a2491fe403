// Whoever made a webhook, or turned it on again, keeps it; it posts only while they manage its place (RULES §7).
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelClient } from './channel-client.js';
import { makeProject, startWorld, tellTask, type Person, type WorkerHarness } from './worker-harness.js';
import { logOf, refusal, sendWebhook, startReceiver, webhookOk, type Receiver } from './webhook-harness.js';

const notKept = 'Whoever kept it does not manage this place any more.';
const events = ['TASK_CREATED', 'TASK_DELETED', 'MEMBER_REMOVED'];
let world: WorkerHarness;
let worker: Awaited<ReturnType<WorkerHarness['start']>>;
let receiver: Receiver;
beforeAll(async () => {
  world = await startWorld();
  receiver = await startReceiver((response, request) => void (request.url?.startsWith('/later') ? response.writeHead(429, { 'retry-after': '3600' }).end() : response.end()));
  worker = await world.start({ WEBHOOK_ALLOWED_HOSTS: '127.0.0.1' });
});
afterAll(async () => {
  await receiver?.stop();
  await worker?.stop();
  await world?.stop();
});

let count = 0;
const someone = (): Person => world.person(`k${(count += 1)}`);
const postsTo = (url: string) => receiver.received.filter(({ path }) => url.endsWith(path));
const seenBy = async (who: Person, id: string) =>
  (await world.api.query('{ webhooks { id active disabledReason } }', {}, who)).data.webhooks.find((one: { id: string }) => one.id === id) ?? null;
const isOff = (who: Person, id: string, disabledReason: string) =>
  eventually(async () => (await seenBy(who, id))?.active === false).then(async () => expect(await seenBy(who, id)).toEqual({ id, active: false, disabledReason }));

interface Place {
  owner: Person;
  keeper: Person;
  place: { projectId: string } | { channelId: string };
}
async function channelOf(): Promise<Place & { channelId: string }> {
  const [owner, keeper] = [someone(), someone()];
  const { id: channelId } = await channelClient(world.api).staffed(owner, keeper, someone());
  return { owner, keeper, channelId, place: { channelId } };
}
// Beyond what the peer answers.
let version = 1_000_000;
const tellProject = (projectId: string, type: string, actor: Person, payload: object) =>
  world.project.append({ type, aggregateId: projectId, actorId: actor.id, payload: { projectId, projectName: 'Website', version: (version += 1), ...payload } });
async function projectOf(): Promise<Place & { projectId: string }> {
  const [owner, keeper] = [someone(), someone()];
  const { id: projectId } = makeProject(world, owner);
  tellProject(projectId, 'project.member-added', owner, { userId: keeper.id, role: 'MAINTAINER' });
  world.project.setRole(projectId, keeper.id, 'MAINTAINER');
  await eventually(async () => (await world.sql('select 1 from scope_members where user_id = $1', [keeper.id])).length > 0);
  return { owner, keeper, projectId, place: { projectId } };
}
async function hooked(who: Person, place: object, path = '/well'): Promise<{ id: string; url: string }> {
  const url = `${receiver.url}${path}/${newId()}`;
  return { url, id: (await webhookOk(world.api, 'createWebhook', who, { ...place, url, events })).webhook.id };
}

describe('RULES §7: a keeper who no longer manages the channel is posted nothing', () => {
  test.each<[string, (own: Place & { channelId: string }) => Promise<unknown>]>([
    ['was removed', ({ owner, keeper, channelId }) => channelClient(world.api).ok('removeChannelMember', owner, { channelId, userId: keeper.id })],
    ['left', ({ keeper, channelId }) => channelClient(world.api).ok('leaveChannel', keeper, { id: channelId })],
    ['became MEMBER', ({ owner, keeper, channelId }) => channelClient(world.api).ok('changeChannelMemberRole', owner, { channelId, userId: keeper.id, role: 'MEMBER' })],
  ])('who %s', async (_what, lose) => {
    const own = await channelOf();
    const [theirs, kept] = [await hooked(own.keeper, own.place), await hooked(own.owner, own.place)];
    await lose(own);
    expect(await seenBy(own.owner, theirs.id)).toEqual({ id: theirs.id, active: false, disabledReason: notKept });
    tellTask(world, 'task.created', { actor: own.owner, channelId: own.channelId, after: [] });
    await eventually(async () => postsTo(kept.url).some(({ body }) => body.includes('task.created')));
    expect([postsTo(theirs.url), await logOf(world.api, own.owner, theirs.id)]).toEqual([[], []]);
  });

  test('and one whose other place it still is posts there', async () => {
    const [left, stays] = [await channelOf(), await channelOf()];
    const { code } = await channelClient(world.api).see(stays.owner, stays.channelId);
    await channelClient(world.api).ok('joinChannel', left.keeper, { code });
    await channelClient(world.api).ok('changeChannelMemberRole', stays.owner, { channelId: stays.channelId, userId: left.keeper.id, role: 'MODERATOR' });
    const there = await hooked(left.keeper, stays.place);
    await channelClient(world.api).ok('leaveChannel', left.keeper, { id: left.channelId });
    expect(await seenBy(stays.owner, there.id)).toMatchObject({ active: true });
  });
});

describe('RULES §7: a keeper who no longer manages the project is posted nothing', () => {
  test.each<[string, string, object]>([
    ['was removed', 'project.member-removed', { role: 'MAINTAINER' }],
    ['became MEMBER', 'project.member-changed', { role: 'MEMBER', before: 'MAINTAINER' }],
  ])('who %s: the webhook is off and says why, what waits is not posted', async (_what, type, more) => {
    const { owner, keeper, projectId, place } = await projectOf();
    const [theirs, kept] = [await hooked(keeper, place, '/later'), await hooked(owner, place)];
    tellTask(world, 'task.created', { actor: owner, projectId, after: [] });
    await eventually(async () => (await logOf(world.api, owner, theirs.id))[0]?.status === 'FAILED');
    world.project.setRole(projectId, keeper.id, type.endsWith('removed') ? null : 'MEMBER');
    tellProject(projectId, type, owner, { userId: keeper.id, ...more });
    await isOff(owner, theirs.id, notKept);
    await world.sql('update webhook_deliveries set next_attempt_at = now() where webhook_id = $1', [theirs.id]);
    await eventually(async () => (await logOf(world.api, owner, theirs.id))[0]?.status === 'DEAD');
    tellTask(world, 'task.created', { actor: owner, projectId, after: [] });
    await eventually(async () => postsTo(kept.url).filter(({ body }) => body.includes('task.created')).length === 2);
    expect(postsTo(theirs.url)).toHaveLength(1);
  });

  test('also where only the copy knows it: it is judged again when it is sent', async () => {
    const { owner, keeper, projectId, place } = await projectOf();
    const theirs = await hooked(keeper, place);
    world.project.setRole(projectId, keeper.id, null);
    await world.sql('update scope_members set role = null where user_id = $1', [keeper.id]);
    tellTask(world, 'task.created', { actor: owner, projectId, after: [] });
    await isOff(owner, theirs.id, notKept);
    expect(postsTo(theirs.url)).toEqual([]);
  });

  test('but a copy that does not know the keeper turns nothing off: the project subgraph is asked', async () => {
    const { owner, keeper, projectId, place } = await projectOf();
    const theirs = await hooked(keeper, place);
    await world.sql('delete from scope_members where user_id = $1', [keeper.id]);
    tellTask(world, 'task.created', { actor: owner, projectId, after: [] });
    await eventually(async () => postsTo(theirs.url).length === 1);
    expect(await seenBy(owner, theirs.id)).toMatchObject({ active: true });
  });
});

test('RULES §7: a deactivated account is posted nothing', async () => {
  const { owner, keeper, place } = await channelOf();
  const theirs = await hooked(keeper, place);
  const payload = { userId: keeper.id, handle: keeper.handle, name: 'K', email: keeper.email, emailVerified: false, timeZone: 'UTC', role: 'MEMBER', active: false, version: 2 };
  world.user.append({ type: 'user.deactivated', aggregateId: keeper.id, payload, actorId: owner.id });
  await isOff(owner, theirs.id, 'The account of whoever kept it was deactivated.');
});

test('whoever turns it on again keeps it, and others may not be turned off by what becomes of its maker', async () => {
  const { owner, keeper, channelId, place } = await channelOf();
  const theirs = await hooked(keeper, place);
  await channelClient(world.api).ok('changeChannelMemberRole', owner, { channelId, userId: keeper.id, role: 'MEMBER' });
  expect(await refusal(sendWebhook(world.api, 'updateWebhook', keeper, { id: theirs.id, active: true }))).toBe('NOT_FOUND');
  expect((await webhookOk(world.api, 'updateWebhook', owner, { id: theirs.id, active: true })).webhook).toMatchObject({ active: true, disabledReason: null });
  await channelClient(world.api).ok('removeChannelMember', owner, { channelId, userId: keeper.id });
  tellTask(world, 'task.created', { actor: owner, channelId, after: [] });
  await eventually(async () => postsTo(theirs.url).some(({ body }) => body.includes('task.created')));
  expect(await seenBy(owner, theirs.id)).toMatchObject({ active: true });
});

test('RULES §6: with a channel go its webhooks, so the trashing of its tasks is posted nowhere', async () => {
  const { owner, channelId, place } = await channelOf();
  const [theirs, elsewhere] = [await hooked(owner, place), await channelOf()];
  const other = await hooked(elsewhere.owner, elsewhere.place);
  await channelClient(world.api).ok('deleteChannel', owner, { id: channelId });
  tellTask(world, 'task.deleted', { actor: owner, channelId, after: [] });
  tellTask(world, 'task.deleted', { actor: elsewhere.owner, channelId: elsewhere.channelId, after: [] });
  await eventually(async () => postsTo(other.url).length > 0);
  expect(await world.sql('select 1 from webhook_deliveries where webhook_id = $1', [theirs.id])).toEqual([]);
});
