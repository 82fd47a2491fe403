// Channels: found, made, changed, deleted.
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import { byIdOrCode, ownChannel, ownersOnly, seeChannel } from './channel-scene.js';
import type { Proof } from './proof.js';
import { house, newKey, refuse, see, write } from './scenes.js';
import { notUnderUsedKey, notWithTakenId } from './usual-proofs.js';
import { missingId } from './world.js';

const whole = 'id name description code viewerRole memberCount version members { totalCount nodes { role user { name } } } tasks { nodes { title } } stats { total }';

export const channelProofs: Proof[] = [
  {
    operation: 'Query.channel', outcome: 'success', title: 'shows a member everything, by id and by its code in whatever writing, joined with people, tasks and figures (RULES §1)',
    async prove(world) {
      const { owner, channel, member } = await ownChannel(world);
      await world.task(owner, { channelId: channel.id, title: 'Open to all' });
      await eventually(async () => {
        const seen = await seeChannel(member, channel.id, whole);
        expect(seen).toEqual({
          id: channel.id, name: 'A channel', description: null, code: channel.code, viewerRole: 'MEMBER', memberCount: 2, version: 2,
          members: { totalCount: 2, nodes: [{ role: 'OWNER', user: { name: 'The host' } }, { role: 'MEMBER', user: { name: 'The member' } }] }, tasks: { nodes: [{ title: 'Open to all' }] }, stats: { total: 1 },
        });
        const written = `${channel.code.slice(0, 4)}-${channel.code.slice(4)}`.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
        expect((await member.ask(byIdOrCode(whole), { code: written })).channel).toEqual(seen);
      });
    },
  },
  {
    operation: 'Query.channel', outcome: 'refusal', title: 'by its code shows a non-member id, name, description and memberCount, all else null without an error; by id nothing (RULES §1)',
    async prove(world) {
      const { channel, stranger } = await house(world);
      expect((await stranger.ask(byIdOrCode(whole.replace('version ', '')), { code: channel.code })).channel).toEqual({
        id: channel.id, name: 'The channel', description: null, memberCount: expect.any(Number), code: null, viewerRole: null, members: null, tasks: null, stats: null,
      });
      for (const asked of [{ id: channel.id }, { id: missingId() }, { id: 'no id' }]) expect(await stranger.ask(byIdOrCode('name'), asked)).toEqual({ channel: null });
    },
  },
  {
    operation: 'Query.channel', outcome: 'refusal', title: 'is RATE_LIMITED beyond 30 codes guessed in vain, counted per look-up however the document is shaped (RULES §8)',
    async prove(world) {
      const guesser = await world.person('Guesser');
      const looks = Array.from({ length: 31 }, (_, index) => `guess${index}: channel(code: "ZZZZZZZ${(index % 10).toString()}") { id }`);
      const { data, errors } = await guesser.answer(`{ ${looks.join(' ')} }`);
      expect(Object.values(data)).toEqual(looks.map(() => null));
      expect(errors?.map((error) => error.extensions['code'])).toEqual(['RATE_LIMITED']);
      expect(errors?.[0]?.extensions['retryAfter']).toEqual(expect.any(Number));
    },
  },
  {
    operation: 'Query.channel', outcome: 'refusal', title: 'is BAD_USER_INPUT unless asked by exactly one of id and code, UNAUTHENTICATED without a token',
    async prove(world) {
      const { channel, member } = await house(world);
      for (const asked of [{}, { id: channel.id, code: channel.code }]) expect(await member.refused(byIdOrCode('id'), asked)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'id' }] });
      expect(await world.anonymous.refused(byIdOrCode('id'), { code: channel.code })).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  {
    operation: 'Query.channels', outcome: 'success', title: 'lists the channels one belongs to by name, page by page',
    async prove(world) {
      const [who, host] = [await world.person('Guest'), await world.person('Host')];
      for (const name of ['beta', 'Gamma']) await world.channel(who, name);
      await write(who, 'joinChannel', { code: (await world.channel(host, 'Alpha')).code });
      await world.channel(host, 'Not joined');
      const document = 'query ($after: String) { channels(first: 2, after: $after) { totalCount nodes { name viewerRole } pageInfo { hasNextPage endCursor } } }';
      const { channels: first } = await who.ask(document);
      const { channels: last } = await who.ask(document, { after: first.pageInfo.endCursor });
      expect([first.totalCount, ...first.nodes, first.pageInfo.hasNextPage, ...last.nodes, last.pageInfo.hasNextPage]).toEqual([
        3, { name: 'Alpha', viewerRole: 'MEMBER' }, { name: 'beta', viewerRole: 'OWNER' }, true, { name: 'Gamma', viewerRole: 'OWNER' }, false,
      ]);
    },
  },
  {
    operation: 'Query.channels', outcome: 'refusal', title: 'shows no channel of others, is BAD_USER_INPUT for a page that is none, UNAUTHENTICATED without a token',
    async prove(world) {
      const { stranger } = await house(world);
      expect((await stranger.ask('{ channels { totalCount nodes { id } } }')).channels).toEqual({ totalCount: 0, nodes: [] });
      for (const [page, path] of [['first: 0', 'first'], ['first: 1001', 'first'], ['after: "forged"', 'after']]) expect(await stranger.refused(`{ channels(${page}) { totalCount } }`)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      expect(await world.anonymous.refused('{ channels { totalCount } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },

  {
    operation: 'Mutation.createChannel', outcome: 'success', title: 'makes a channel with a code of 8 Crockford letters, its maker OWNER; the same id with the same input is the same create (RULES §3)',
    async prove(world) {
      const [who, guest] = [await world.person('Maker'), await world.person('Guest')];
      const input = { id: newId(), name: 'Garden', description: 'Who waters what' };
      const { channel } = await write(who, 'createChannel', input);
      expect(channel).toMatchObject({ id: input.id, code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/), viewerRole: 'OWNER', memberCount: 1, version: 1 });
      await write(guest, 'joinChannel', { code: channel.code });
      expect((await write(who, 'createChannel', input)).channel).toMatchObject({ id: input.id, code: channel.code, memberCount: 2 });
      expect(await seeChannel(guest, input.id, 'name description members { nodes { user { handle } } }')).toEqual({ name: 'Garden', description: 'Who waters what', members: { nodes: [{ user: { handle: who.handle } }, { user: { handle: guest.handle } }] } });
    },
  },
  {
    operation: 'Mutation.createChannel', outcome: 'refusal', title: 'is BAD_USER_INPUT with its path for an empty or too long name or an id that is no UUIDv7, UNAUTHENTICATED without a token',
    async prove(world) {
      const { stranger } = await house(world);
      for (const [input, path] of [[{ name: '' }, 'input.name'], [{ name: 'x'.repeat(101) }, 'input.name'], [{ id: 'no id' }, 'input.id']] as const) expect(await refuse(stranger, 'createChannel', { name: 'Fine', ...input })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      expect(await refuse(world.anonymous, 'createChannel', { name: 'No' })).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  notWithTakenId('createChannel', async (world) => {
    const input = { id: newId(), name: 'Once' };
    return { who: await world.person(), another: await world.person(), input, changed: { ...input, name: 'Otherwise' } };
  }),
  notUnderUsedKey('createChannel', async (world) => ({ who: await world.person(), first: { name: 'One' }, second: { name: 'Two' } })),

  {
    operation: 'Mutation.updateChannel', outcome: 'success', title: 'is a patch of its OWNER: absent keeps, null clears the description, nothing new changes nothing (RULES §1, §2)',
    async prove(world) {
      const { owner, channel, member } = await ownChannel(world);
      await write(owner, 'updateChannel', { id: channel.id, description: 'Words' });
      await write(owner, 'updateChannel', { id: channel.id, name: 'Renamed' });
      expect(await seeChannel(member, channel.id)).toMatchObject({ name: 'Renamed', description: 'Words', version: 4 });
      await write(owner, 'updateChannel', { id: channel.id, name: 'Renamed', description: null });
      expect((await write(owner, 'updateChannel', { id: channel.id })).channel.version).toBe(5);
      expect(await seeChannel(member, channel.id)).toMatchObject({ name: 'Renamed', description: null, version: 5 });
    },
  },
  ownersOnly('updateChannel', ({ channel }) => ({ id: channel.id, name: 'No' })),
  {
    operation: 'Mutation.updateChannel', outcome: 'refusal', title: 'is BAD_USER_INPUT with its path for a null or empty name, and a version ahead (RULES §2)',
    async prove(world) {
      const { owner, channel } = await house(world);
      for (const [input, path] of [[{ name: null }, 'input.name'], [{ name: '' }, 'input.name'], [{ name: 'New', expectedVersion: 999 }, 'input.expectedVersion']] as const) expect(await refuse(owner, 'updateChannel', { id: channel.id, ...input })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    },
  },
  {
    operation: 'Mutation.updateChannel', outcome: 'conflict', title: 'is CONFLICT with `fields` and `current` where another OWNER changed the same fields since `expectedVersion`; different fields merge (RULES §2)',
    async prove(world) {
      const { owner, channel } = await ownChannel(world);
      const second = await world.joined(channel, 'OWNER');
      const { version } = await seeChannel(owner, channel.id);
      await write(second, 'updateChannel', { id: channel.id, name: 'Theirs' });
      expect(await refuse(owner, 'updateChannel', { id: channel.id, expectedVersion: version, name: 'Mine' })).toMatchObject({ code: 'CONFLICT', fields: ['name'], current: { version: version + 1, name: 'Theirs' } });
      await write(owner, 'updateChannel', { id: channel.id, expectedVersion: version, description: 'Merged' });
      expect(await seeChannel(second, channel.id)).toMatchObject({ name: 'Theirs', description: 'Merged' });
    },
  },

  {
    operation: 'Mutation.rotateChannelCode', outcome: 'success', title: 'gives another code: the old one is dead at once, members stay; a resend does not rotate again (RULES §1, §3)',
    async prove(world) {
      const { owner, channel, member } = await ownChannel(world);
      const [guest, key] = [await world.person('Guest'), newKey()];
      const { channel: rotated } = await write(owner, 'rotateChannelCode', { id: channel.id }, { key });
      expect((await write(owner, 'rotateChannelCode', { id: channel.id }, { key })).channel).toEqual(rotated);
      expect(await seeChannel(member, channel.id, 'code memberCount')).toEqual({ code: rotated.code, memberCount: 2 });
      expect(rotated.code).not.toBe(channel.code);
      expect(await refuse(guest, 'joinChannel', { code: channel.code })).toMatchObject({ code: 'NOT_FOUND' });
      expect((await guest.ask(byIdOrCode('id'), { code: channel.code })).channel).toBeNull();
      await write(guest, 'joinChannel', { code: rotated.code });
    },
  },
  ownersOnly('rotateChannelCode', ({ channel }) => ({ id: channel.id })),
  notUnderUsedKey('rotateChannelCode', async (world) => {
    const owner = await world.person();
    return { who: owner, first: { id: (await world.channel(owner)).id }, second: { id: (await world.channel(owner)).id } };
  }),

  {
    operation: 'Mutation.deleteChannel', outcome: 'success', title: 'is gone for everybody, its code is dead and its tasks are trashed (RULES §6)',
    async prove(world) {
      const { owner, channel, member } = await ownChannel(world);
      const task = await world.task(member, { channelId: channel.id, assigneeIds: [owner.id] });
      expect(await write(owner, 'deleteChannel', { id: channel.id })).toEqual({ id: channel.id });
      expect([await seeChannel(owner, channel.id), await seeChannel(member, channel.id), (await member.ask(byIdOrCode('id'), { code: channel.code })).channel]).toEqual([null, null, null]);
      await eventually(async () => {
        for (const who of [owner, member]) expect([await see(who, task.id), (await who.ask('{ me { tasks { totalCount } } }')).me.tasks.totalCount]).toEqual([null, 0]);
      });
    },
  },
  ownersOnly('deleteChannel', ({ channel }) => ({ id: channel.id })),
  {
    operation: 'Mutation.deleteChannel', outcome: 'refusal', title: 'is NOT_FOUND a second time; under the same Idempotency-Key it is the first answer again (RULES §3)',
    async prove(world) {
      const [owner, key] = [await world.person(), newKey()];
      const { id } = await world.channel(owner);
      await write(owner, 'deleteChannel', { id }, { key });
      expect(await write(owner, 'deleteChannel', { id }, { key })).toEqual({ id });
      expect(await refuse(owner, 'deleteChannel', { id })).toMatchObject({ code: 'NOT_FOUND' });
    },
  },
  notUnderUsedKey('deleteChannel', async (world) => {
    const owner = await world.person();
    return { who: owner, first: { id: (await world.channel(owner)).id }, second: { id: (await world.channel(owner)).id } };
  }),
];
