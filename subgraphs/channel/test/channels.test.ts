import { newId } from '@taskgraph/shared/ids';
import { membershipAnswer } from '@taskgraph/shared/contracts/membership';
import { scopeId } from '@taskgraph/shared/scope';
import type { Viewer } from '@taskgraph/shared/identity';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChannel, type Harness } from './harness.js';
import { countStatements } from '@taskgraph/shared/testing/statements';

let channel: Harness;
beforeAll(async () => void (channel = await startChannel()));
afterAll(() => channel.stop());

const all = 'id name description code viewerRole memberCount version members { totalCount nodes { userId role user { id } } }';
const create = (viewer: Viewer | null, input: object) =>
  channel.query(`mutation ($input: CreateChannelInput!) { createChannel(input: $input) { channel { ${all} } } }`, { input }, viewer);
const join = (viewer: Viewer, code: string) =>
  channel.query(`mutation ($code: String!) { joinChannel(input: { code: $code }) { channel { ${all} } } }`, { code }, viewer);
const leave = (viewer: Viewer, id: string) =>
  channel.query(`mutation ($id: ID!) { leaveChannel(input: { id: $id }) { channel { id } } }`, { id }, viewer);
const byCode = (viewer: Viewer, code: string) => channel.query(`query ($code: String) { channel(code: $code) { ${all} } }`, { code }, viewer);
const byId = (viewer: Viewer | null, id: string) => channel.query(`query ($id: ID) { channel(id: $id) { ${all} } }`, { id }, viewer);

async function made(owner: Viewer, name = 'Garden'): Promise<{ id: string; code: string }> {
  const answer = await create(owner, { name });
  expect(answer.errors).toBeUndefined();
  return answer.data.createChannel.channel;
}

describe('making a channel', () => {
  test('its maker is OWNER and it has a code of eight letters of Crockford base 32', async () => {
    const owner = someViewer();
    const { data } = await create(owner, { name: 'Garden', description: '*green*' });
    expect(data.createChannel.channel).toMatchObject({
      name: 'Garden', description: '*green*', viewerRole: 'OWNER', memberCount: 1, version: 1, code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/),
      members: { totalCount: 1, nodes: [{ userId: owner.id, role: 'OWNER', user: { id: owner.id } }] },
    });
  });

  test('the same id with the same input is one channel, with another input or from somebody else CONFLICT', async () => {
    const owner = someViewer();
    const input = { id: newId(), name: 'Once' };
    const [first, second] = await Promise.all([create(owner, input), create(owner, input)]);
    expect(first.errors ?? second.errors).toBeUndefined();
    expect(second.data.createChannel.channel.code).toBe(first.data.createChannel.channel.code);
    expect((await create(owner, { ...input, name: 'Twice' })).errors?.[0]?.extensions.code).toBe('CONFLICT');
    expect((await create(someViewer(), input)).errors?.[0]?.extensions).toEqual({ code: 'CONFLICT', fields: ['id'] });
  });

  test('bad input is BAD_USER_INPUT naming the path, and nobody unknown gets in', async () => {
    for (const [input, path] of [
      [{ name: ' ' }, 'input.name'],
      [{ name: 'x'.repeat(101) }, 'input.name'],
      [{ name: 'ok', description: 'x'.repeat(70_000) }, 'input.description'],
      [{ name: 'ok', id: '3b241101-e2bb-4255-8caf-4136c566a962' }, 'input.id'],
    ] as const) {
      expect((await create(someViewer(), input)).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    }
    expect((await create(null, { name: 'ok' })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect((await byId(null, newId())).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('joining and leaving', () => {
  test('a code works in any case, with hyphens and spaces, and with look-alike letters', async () => {
    const owner = someViewer();
    const { id, code } = await made(owner);
    const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `.replaceAll('0', 'o').replaceAll('1', 'L');
    const { data } = await join(someViewer(), typed);
    expect(data.joinChannel.channel).toMatchObject({ id, viewerRole: 'MEMBER', memberCount: 2, version: 2 });
  });

  test('joining twice, also at the same time, is one membership and one event', async () => {
    const { id, code } = await made(someViewer());
    const viewer = someViewer();
    await Promise.all([join(viewer, code), join(viewer, code), join(viewer, code)]);
    expect((await join(viewer, code)).data.joinChannel.channel).toMatchObject({ memberCount: 2, version: 2 });
    const { events } = (await (await channel.internal('/internal/events?limit=1000')).json()) as { events: { type: string; aggregateId: string }[] };
    expect(events.filter((event) => event.aggregateId === id).map((event) => event.type)).toEqual(['channel.created', 'channel.joined']);
  });

  test('an unknown code is NOT_FOUND', async () => {
    expect((await join(someViewer(), 'ZZZZZZZZ')).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect((await join(someViewer(), 'nonsense!')).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  test('the last OWNER cannot leave, a member can, and whoever left sees nothing more (RULES §1)', async () => {
    const [owner, member] = [someViewer(), someViewer()];
    const { id, code } = await made(owner);
    await join(member, code);
    expect((await leave(owner, id)).errors?.[0]?.extensions.code).toBe('CONFLICT');
    expect((await leave(member, id)).data.leaveChannel).toEqual({ channel: null });
    expect((await leave(member, id)).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect((await leave(someViewer(), newId())).errors?.[0]).toEqual((await leave(member, id)).errors?.[0]);
    expect((await byId(member, id)).data.channel).toBeNull();
    expect((await byId(owner, id)).data.channel).toMatchObject({ memberCount: 1, version: 3 });
  });
});

describe('who sees what of a channel', () => {
  test('by code a stranger sees id, name, description and memberCount; by id nothing', async () => {
    const { id, code } = await made(someViewer(), 'Open house');
    const stranger = someViewer();
    const { data, errors } = await byCode(stranger, code);
    expect(errors).toBeUndefined();
    expect(data.channel).toMatchObject({ id, name: 'Open house', memberCount: 1, code: null, members: null, viewerRole: null });
    expect((await byId(stranger, id)).data.channel).toBeNull();
    expect((await byId(stranger, newId())).data.channel).toBeNull();
  });

  test('an entity is null for who is no member, and found for who is', async () => {
    const owner = someViewer();
    const { id } = await made(owner);
    const ask = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Channel { name } } }';
    const r = [{ __typename: 'Channel', id }, { __typename: 'Channel', id: newId() }, { __typename: 'Channel', id: 'junk' }];
    expect((await channel.query(ask, { r }, owner)).data._entities).toEqual([{ name: 'Garden' }, null, null]);
    expect((await channel.query(ask, { r }, someViewer())).data._entities).toEqual([null, null, null]);
  });

  test('own channels are listed by name, page by page', async () => {
    const owner = someViewer();
    for (const name of ['beta', 'Alpha', 'gamma']) await made(owner, name);
    const page = async (after: string | null) =>
      (await channel.query('query ($a: String) { channels(first: 2, after: $a) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } }', { a: after }, owner)).data.channels;
    const first = await page(null);
    expect(first).toMatchObject({ totalCount: 3, nodes: [{ name: 'Alpha' }, { name: 'beta' }], pageInfo: { hasNextPage: true } });
    expect(await page(first.pageInfo.endCursor)).toMatchObject({ nodes: [{ name: 'gamma' }], pageInfo: { hasNextPage: false } });
  });

  test('members come in the order in which they joined, page by page', async () => {
    const [owner, second, third] = [someViewer(), someViewer(), someViewer()];
    const { id, code } = await made(owner);
    await join(second, code);
    await join(third, code);
    const page = async (after: string | null) =>
      (await channel.query('query ($id: ID, $a: String) { channel(id: $id) { members(first: 2, after: $a) { nodes { userId } pageInfo { endCursor } } } }', { id, a: after }, owner))
        .data.channel.members;
    const first = await page(null);
    expect(first.nodes.map((node: { userId: string }) => node.userId)).toEqual([owner.id, second.id]);
    expect((await page(first.pageInfo.endCursor)).nodes).toEqual([{ userId: third.id }]);
  });
});

describe('the guessing budget', () => {
  test('the 31st look-up in vain in 15 minutes is RATE_LIMITED, however the request is shaped, also for a right code', async () => {
    const { code } = await made(someViewer());
    const guesser = someViewer();
    for (let hits = 0; hits < 3; hits += 1) expect((await byCode(guesser, code)).data.channel).not.toBeNull();
    const aliases = Array.from({ length: 31 }, (_, index) => `a${index}: channel(code: "ZZZZZZ${10 + index}") { id }`);
    const { errors } = await channel.query(`query { ${aliases.join(' ')} }`, {}, guesser);
    expect(errors?.map((error) => error.extensions.code)).toEqual(['RATE_LIMITED']);
    expect((await join(guesser, code)).errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
    expect((await byCode(someViewer(), code)).errors).toBeUndefined();
  });

  test('is kept per address too, whoever asks from there; a hit costs nothing', async () => {
    const { code } = await made(someViewer());
    const from = (address: string, typed: string, aliases = 1) =>
      channel.query(`query { ${Array.from({ length: aliases }, (_, index) => `a${index}: channel(code: "${typed}") { id }`).join(' ')} }`, {}, someViewer(), { 'x-client-ip': address });
    for (let people = 0; people < 10; people += 1) expect((await from('192.0.2.1', 'ZZZZZZZZ', 30)).errors).toBeUndefined();
    expect((await from('192.0.2.1', code)).errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
    for (let hits = 0; hits < 12; hits += 1) expect((await from('192.0.2.2', code, 30)).errors).toBeUndefined();
  });
});

test('a page of channels with their members costs one statement per level, whatever the page size', async () => {
  const owner = someViewer();
  const ask = (first: number) => countStatements(() => channel.query('query ($first: Int) { channels(first: $first) { nodes { id code viewerRole members(first: 5) { nodes { userId } } } } }', { first }, owner));
  for (let index = 0; index < 12; index += 1) await made(owner, `Plot ${index}`);
  const [few, many] = [await ask(2), await ask(12)];
  expect(many.value.data.channels.nodes).toHaveLength(12);
  expect(many.value.data.channels.nodes[11].members.nodes).toEqual([{ userId: owner.id }]);
  expect([few.statements, many.statements]).toEqual([3, 3]);
});

describe('what other subgraphs are told', () => {
  test('events carry scope, version and seq, and never the code', async () => {
    const [owner, member] = [someViewer(), someViewer()];
    const { id, code } = await made(owner);
    await join(member, code);
    await leave(member, id);
    const { events } = (await (await channel.internal('/internal/events?limit=1000')).json()) as { events: Record<string, unknown>[] };
    expect(events.filter((event) => event['aggregateId'] === id)).toMatchObject([
      { type: 'channel.created', seq: 1, version: 1, actorId: owner.id, scopeId: scopeId('channel', id), payload: { ownerId: owner.id } },
      { type: 'channel.joined', seq: 2, version: 2, actorId: member.id, payload: { userId: member.id, role: 'MEMBER', channelName: 'Garden' } },
      { type: 'channel.left', seq: 3, version: 3, actorId: member.id, payload: { userId: member.id, role: 'MEMBER' } },
    ]);
    expect(JSON.stringify(events)).not.toContain(code);
  });

  test('the membership route gives the owner\'s word to subgraphs only', async () => {
    const owner = someViewer();
    const { id } = await made(owner);
    const ask = async (place: string, user: string) => membershipAnswer.parse(await (await channel.internal(`/internal/memberships?place=${place}&user=${user}`)).json());
    expect(await ask(id, owner.id)).toEqual({ id, role: 'OWNER', version: 1, key: null, writable: true });
    expect(await ask(id, newId())).toMatchObject({ role: null, version: 1 });
    expect(await ask(newId(), owner.id)).toMatchObject({ role: null, version: 0 });
    expect((await channel.internal('/internal/memberships?place=x&user=y')).status).toBe(400);
    expect((await channel.internal(`/internal/memberships?place=${id}&user=${owner.id}`, 'gateway')).status).toBe(403);
  });

  test('the gateway may read of the log what voids its cache and no more (docs/caching.md)', async () => {
    const ask = (types: string) => channel.internal(`/internal/events?types=${types}`, 'gateway');
    for (const types of ['', 'channel.code-rotated', 'channel.updated,channel.code-rotated']) expect((await ask(types)).status).toBe(403);
    const types = ['channel.created', 'channel.updated', 'channel.joined', 'channel.left', 'channel.member-changed', 'channel.member-removed', 'channel.deleted'];
    expect((await ask(types.join(','))).status).toBe(200);
  });

  test('the API is ready without a queue, and without the internal identity every route but the probes is 401', async () => {
    expect((await fetch(`${channel.url}/readyz`)).status).toBe(200);
    for (const path of ['/internal/events', '/internal/memberships']) expect((await fetch(`${channel.url}${path}`)).status).toBe(401);
  });
});

describe('CHANNEL_JOINED', () => {
  test('owner is told of who joined, once; the joiner is not (RULES §7)', async () => {
    const [owner, member] = [someViewer(), someViewer()];
    const { id, code } = await made(owner);
    await join(member, code);
    await join(member, code);
    const ask = '{ notifications { unreadCount totalCount nodes { kind title actor { id } channel { id name } task { id } readAt } } }';
    expect((await channel.query(ask, {}, owner)).data.notifications).toEqual({
      unreadCount: 1, totalCount: 1,
      nodes: [{ kind: 'CHANNEL_JOINED', title: 'Somebody joined the channel “Garden”', actor: { id: member.id }, channel: { id, name: 'Garden' }, task: null, readAt: null }],
    });
    expect((await channel.query(ask, {}, member)).data.notifications.totalCount).toBe(0);
  });
});
