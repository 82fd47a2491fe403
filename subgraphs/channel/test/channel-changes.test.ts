// Changing channels and their members: RULES §1 (who may what), §2 (patches and versions).
import { newId } from '@taskgraph/shared/ids';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelClient, type Client, type Operation } from './channel-client.js';
import { startChannel, type Harness } from './harness.js';

let channel: Harness;
let client: Client;
beforeAll(async () => {
  channel = await startChannel();
  client = channelClient(channel);
});
afterAll(() => channel.stop());

const [owner, moderator, member] = [someViewer(), someViewer(), someViewer()];
const staffed = () => client.staffed(owner, moderator, member);
const roles = async (id: string) => Object.fromEntries((await client.see(owner, id)).members.nodes.map((node: { userId: string; role: string }) => [node.userId, node.role]));
const typesSince = async (id: string, version: number) => (await client.events(id)).filter((event) => event.version > version).map((event) => event.type);

describe('updating', () => {
  test('absent keeps, null clears the description, and each change is one version and one event that names the fields (RULES §2)', async () => {
    const { id, version } = await staffed();
    expect(await client.ok('updateChannel', owner, { id, name: 'Meadow' })).toMatchObject({ name: 'Meadow', description: 'green', version: version + 1 });
    expect(await client.ok('updateChannel', owner, { id, description: null })).toMatchObject({ name: 'Meadow', description: null, version: version + 2 });
    expect((await client.events(id)).slice(-2)).toMatchObject([
      { type: 'channel.updated', seq: version + 1, version: version + 1, actorId: owner.id, payload: { channelId: id, name: 'Meadow', fields: ['name'] } },
      { type: 'channel.updated', seq: version + 2, version: version + 2, payload: { fields: ['description'] } },
    ]);
  });

  test('an empty patch, or one with what is so already, changes nothing and tells nothing (RULES §2)', async () => {
    const { id, version } = await staffed();
    expect(await client.ok('updateChannel', owner, { id })).toMatchObject({ version });
    expect(await client.ok('updateChannel', owner, { id, name: 'Garden', description: 'green' })).toMatchObject({ version });
    expect(await typesSince(id, version)).toEqual([]);
  });

  test('fields that others changed since expectedVersion clash, others merge (RULES §2)', async () => {
    const second = someViewer();
    const { id, code } = await staffed();
    await client.ok('joinChannel', second, { code });
    const { version } = await client.ok('changeChannelMemberRole', owner, { channelId: id, userId: second.id, role: 'OWNER' });
    await client.ok('updateChannel', owner, { id, name: 'Theirs' });
    expect(await client.refused('updateChannel', second, { id, name: 'Mine', expectedVersion: version })).toEqual({
      code: 'CONFLICT', fields: ['name'], current: { version: version + 1, name: 'Theirs' },
    });
    // Who joins or leaves changes no field; one's own changes are no clash either.
    expect(await client.ok('updateChannel', second, { id, description: 'merged', expectedVersion: version })).toMatchObject({ name: 'Theirs', description: 'merged' });
    expect(await client.ok('updateChannel', second, { id, description: 'again', expectedVersion: version })).toMatchObject({ description: 'again' });
  });

  test('two who rename at the same time from the same version: one wins, the other hears CONFLICT', async () => {
    const second = someViewer();
    const { id, code } = await staffed();
    await client.ok('joinChannel', second, { code });
    const { version } = await client.ok('changeChannelMemberRole', owner, { channelId: id, userId: second.id, role: 'OWNER' });
    const answers = await Promise.all([
      client.send('updateChannel', owner, { id, name: 'One', expectedVersion: version }),
      client.send('updateChannel', second, { id, name: 'Two', expectedVersion: version }),
    ]);
    expect(answers.flatMap((answer) => answer.errors?.map((error) => error.extensions.code) ?? [])).toEqual(['CONFLICT']);
  });

  test('bad input is BAD_USER_INPUT naming the path, and nothing is written', async () => {
    const { id, version } = await staffed();
    for (const [input, path] of [
      [{ name: null }, 'input.name'], [{ name: '  ' }, 'input.name'], [{ name: 'x'.repeat(101) }, 'input.name'], [{ name: 'a\u0000b' }, 'input.name'],
      [{ name: 'ok', description: 'x'.repeat(70_000) }, 'input.description'], [{ name: 'ok', expectedVersion: 0 }, 'input.expectedVersion'],
      [{ name: 'ok', expectedVersion: 1_000 }, 'input.expectedVersion'],
    ] as const) {
      expect(await client.refused('updateChannel', owner, { id, ...input })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    }
    expect(await client.see(owner, id)).toMatchObject({ name: 'Garden', version });
  });
});

describe('the code', () => {
  test('is another one after rotating and the old one is dead at once; the event does not tell it', async () => {
    const { id, code, version } = await staffed();
    const rotated = await client.ok('rotateChannelCode', owner, { id });
    expect(rotated).toMatchObject({ memberCount: 3, version: version + 1, code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/) });
    expect(rotated.code).not.toBe(code);
    expect(await client.refused('joinChannel', someViewer(), { code })).toMatchObject({ code: 'NOT_FOUND' });
    expect((await channel.query('query ($code: String) { channel(code: $code) { id } }', { code }, someViewer())).data.channel).toBeNull();
    expect(await client.ok('joinChannel', someViewer(), { code: rotated.code })).toMatchObject({ id });
    const event = (await client.events(id)).find((one) => one.type === 'channel.code-rotated');
    expect(event?.payload).toEqual({ channelId: id, version: version + 1 });
  });

  test('racing with who joins by it, they are in before it was dead or not at all', async () => {
    const { id, code } = await staffed();
    const joiners = Array.from({ length: 5 }, () => someViewer());
    await Promise.all([...joiners.map((viewer) => client.send('joinChannel', viewer, { code })), client.send('rotateChannelCode', owner, { id })]);
    const types = (await client.events(id)).map((event) => event.type);
    expect(types.slice(types.indexOf('channel.code-rotated') + 1)).toEqual([]);
  });
});

describe('roles', () => {
  test('OWNER sets them, and the event tells both the new and the old one', async () => {
    const { id, version } = await staffed();
    await client.ok('changeChannelMemberRole', owner, { channelId: id, userId: member.id.toUpperCase(), role: 'MODERATOR' });
    expect(await roles(id)).toEqual({ [owner.id]: 'OWNER', [moderator.id]: 'MODERATOR', [member.id]: 'MODERATOR' });
    expect((await client.events(id)).at(-1)).toMatchObject({
      type: 'channel.member-changed', version: version + 1, actorId: owner.id, payload: { userId: member.id, role: 'MODERATOR', before: 'MEMBER' },
    });
    await client.ok('changeChannelMemberRole', owner, { channelId: id, userId: member.id, role: 'MODERATOR' });
    expect(await typesSince(id, version + 1)).toEqual([]);
  });

  test('the last OWNER stays one, also when two owners demote each other at the same time (RULES §1)', async () => {
    const { id } = await staffed();
    expect(await client.refused('changeChannelMemberRole', owner, { channelId: id, userId: owner.id, role: 'MEMBER' })).toMatchObject({ code: 'CONFLICT' });
    await client.ok('changeChannelMemberRole', owner, { channelId: id, userId: moderator.id, role: 'OWNER' });
    await Promise.all([
      client.send('changeChannelMemberRole', owner, { channelId: id, userId: moderator.id, role: 'MEMBER' }),
      client.send('changeChannelMemberRole', moderator, { channelId: id, userId: owner.id, role: 'MEMBER' }),
      client.send('leaveChannel', owner, { id }),
      client.send('leaveChannel', moderator, { id }),
    ]);
    const left = (await channel.query('query ($id: ID) { channel(id: $id) { members { nodes { role } } } }', { id }, member)).data.channel.members.nodes;
    expect(left.filter((node: { role: string }) => node.role === 'OWNER')).toHaveLength(1);
  });

  test('an OWNER who gives up the role sees what they are now', async () => {
    const { id } = await staffed();
    await client.ok('changeChannelMemberRole', owner, { channelId: id, userId: moderator.id, role: 'OWNER' });
    expect(await client.ok('changeChannelMemberRole', owner, { channelId: id, userId: owner.id, role: 'MEMBER' })).toMatchObject({ viewerRole: 'MEMBER' });
  });
});

describe('removing', () => {
  test('takes members below the own rank, and who was removed sees nothing any more (RULES §1)', async () => {
    const { id, version } = await staffed();
    expect(await client.ok('removeChannelMember', moderator, { channelId: id, userId: member.id })).toMatchObject({ memberCount: 2, version: version + 1 });
    expect((await client.events(id)).at(-1)).toMatchObject({ type: 'channel.member-removed', actorId: moderator.id, payload: { userId: member.id, role: 'MEMBER' } });
    expect(await client.see(member, id)).toBeNull();
    expect(await client.ok('removeChannelMember', owner, { channelId: id, userId: moderator.id })).toMatchObject({ memberCount: 1 });
  });

  test('never one of the same or a higher rank', async () => {
    const [secondOwner, secondModerator] = [someViewer(), someViewer()];
    const { id, code } = await staffed();
    for (const [viewer, role] of [[secondOwner, 'OWNER'], [secondModerator, 'MODERATOR']] as const) {
      await client.ok('joinChannel', viewer, { code });
      await client.ok('changeChannelMemberRole', owner, { channelId: id, userId: viewer.id, role });
    }
    for (const [viewer, target] of [[owner, secondOwner], [moderator, secondModerator], [moderator, owner], [member, moderator]] as const) {
      expect(await client.refused('removeChannelMember', viewer, { channelId: id, userId: target.id })).toEqual({ code: 'FORBIDDEN' });
    }
  });

  test('oneself is leaving: the answer is null, and the last OWNER cannot', async () => {
    const { id } = await staffed();
    expect(await client.ok('removeChannelMember', member, { channelId: id, userId: member.id })).toBeNull();
    expect((await client.events(id)).at(-1)).toMatchObject({ type: 'channel.left', payload: { userId: member.id } });
    expect(await client.refused('removeChannelMember', owner, { channelId: id, userId: owner.id })).toMatchObject({ code: 'CONFLICT' });
  });

  test('somebody who is no member is NOT_FOUND to who may remove, and joining again is a new membership', async () => {
    const { id, code } = await staffed();
    for (const userId of [newId(), 'nobody']) {
      expect(await client.refused('removeChannelMember', moderator, { channelId: id, userId })).toEqual({ code: 'NOT_FOUND' });
      expect(await client.refused('changeChannelMemberRole', owner, { channelId: id, userId, role: 'MEMBER' })).toEqual({ code: 'NOT_FOUND' });
    }
    await client.ok('removeChannelMember', owner, { channelId: id, userId: moderator.id });
    expect(await client.ok('joinChannel', moderator, { code })).toMatchObject({ viewerRole: 'MEMBER', memberCount: 3 });
  });
});

describe('deleting', () => {
  test('takes channel, code and memberships; the event tells it once and nothing of it is left to see', async () => {
    const { id, code, version } = await staffed();
    expect(await client.ok('deleteChannel', owner, { id: id.toUpperCase() })).toBe(id);
    expect((await client.events(id)).at(-1)).toMatchObject({
      type: 'channel.deleted', seq: version + 1, version: version + 1, actorId: owner.id, payload: { channelId: id, channelName: 'Garden' },
    });
    for (const viewer of [owner, moderator, member]) expect(await client.see(viewer, id)).toBeNull();
    expect(await client.refused('joinChannel', member, { code })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await client.refused('deleteChannel', owner, { id })).toMatchObject({ code: 'NOT_FOUND' });
    const answer = await (await channel.internal(`/internal/memberships?place=${id}&user=${owner.id}`)).json();
    expect(answer).toMatchObject({ role: null, version: 0 });
  });

  test('frees the id for nobody: a late resend of the create brings nothing back, all else with it is CONFLICT', async () => {
    const input = { id: newId(), name: 'Short-lived' };
    await client.ok('createChannel', owner, input);
    await client.ok('deleteChannel', owner, { id: input.id });
    expect(await client.ok('createChannel', owner, input)).toBeNull();
    expect(await client.refused('createChannel', owner, { ...input, name: 'Other' })).toEqual({ code: 'CONFLICT', fields: ['id'] });
    expect(await client.refused('createChannel', member, input)).toEqual({ code: 'CONFLICT', fields: ['id'] });
  });

  test('racing with joins and changes leaves neither a member nor an event behind it', async () => {
    const { id, code } = await staffed();
    await Promise.all([
      ...Array.from({ length: 4 }, () => client.send('joinChannel', someViewer(), { code })),
      client.send('updateChannel', owner, { id, name: 'Late' }),
      client.send('deleteChannel', owner, { id }),
      client.send('rotateChannelCode', owner, { id }),
    ]);
    expect((await client.events(id)).at(-1)?.type).toBe('channel.deleted');
    expect((await channel.query('{ channels { nodes { id } } }', {}, owner)).data.channels.nodes).not.toContainEqual({ id });
  });
});

describe('who may what in a channel (RULES §1)', () => {
  const cells: [Operation, (id: string) => object, allowed: ('owner' | 'moderator')[]][] = [
    ['updateChannel', (id) => ({ id, name: 'New' }), ['owner']],
    ['rotateChannelCode', (id) => ({ id }), ['owner']],
    ['changeChannelMemberRole', (channelId) => ({ channelId, userId: member.id, role: 'MODERATOR' }), ['owner']],
    ['removeChannelMember', (channelId) => ({ channelId, userId: member.id }), ['owner', 'moderator']],
    ['deleteChannel', (id) => ({ id }), ['owner']],
  ];

  test.each(cells)('%s: those named may, other members hear FORBIDDEN, strangers and ADMIN what they hear of nothing at all', async (operation, input, allowed) => {
    const { id } = await staffed();
    const missing = await client.send(operation, owner, input(newId()));
    expect(missing.errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND' });
    for (const stranger of [someViewer(), someViewer('ADMIN')]) {
      expect((await client.send(operation, stranger, input(id))).errors).toEqual(missing.errors);
      expect((await client.send(operation, stranger, input('junk'))).errors).toEqual(missing.errors);
    }
    expect(await client.refused(operation, null, input(id))).toEqual({ code: 'UNAUTHENTICATED' });
    const plain = someViewer();
    await client.ok('joinChannel', plain, { code: (await client.see(owner, id)).code });
    expect(await client.refused(operation, plain, input(id))).toEqual({ code: 'FORBIDDEN' });
    if (!allowed.includes('moderator')) expect(await client.refused(operation, moderator, input(id))).toEqual({ code: 'FORBIDDEN' });
    await client.ok(operation, allowed.includes('moderator') ? moderator : owner, input(id));
  });
});
