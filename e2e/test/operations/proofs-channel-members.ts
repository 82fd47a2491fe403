// Members of channels: joining, leaving, roles, removal.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import { ownChannel, ownersOnly, seeChannel } from './channel-scene.js';
import type { Proof } from './proof.js';
import { house, refuse, see, write } from './scenes.js';
import { outcomes } from './session.js';
import { notUnderUsedKey } from './usual-proofs.js';
import { missingId, mutation } from './world.js';

const membersOf = 'memberCount members { nodes { role user { handle } } }';

export const channelMemberProofs: Proof[] = [
  {
    operation: 'Mutation.joinChannel', outcome: 'success', title: 'joins by code, sees the tasks at once and works on them; joining twice, even at the same time, is one membership; the OWNER is told (RULES §1, §7)',
    async prove(world) {
      const [owner, guest] = [await world.person('Host'), await world.person('Guest')];
      const channel = await world.channel(owner, 'Open house');
      const task = await world.task(owner, { channelId: channel.id, title: 'Bring cake' });
      await Promise.all([1, 2, 3].map(() => write(guest, 'joinChannel', { code: channel.code.toLowerCase() })));
      expect((await write(guest, 'joinChannel', { code: channel.code })).channel).toMatchObject({ viewerRole: 'MEMBER', memberCount: 2 });
      expect(await seeChannel(guest, channel.id, `${membersOf} tasks { nodes { title } }`)).toEqual({
        memberCount: 2, members: { nodes: [{ role: 'OWNER', user: { handle: owner.handle } }, { role: 'MEMBER', user: { handle: guest.handle } }] }, tasks: { nodes: [{ title: 'Bring cake' }] },
      });
      await write(guest, 'completeTask', { id: task.id });
      await eventually(async () => {
        const { notifications } = await owner.ask('{ notifications(filter: { kind: [CHANNEL_JOINED] }) { nodes { kind channel { name } actor { handle } } } }');
        expect(notifications.nodes).toEqual([{ kind: 'CHANNEL_JOINED', channel: { name: 'Open house' }, actor: { handle: guest.handle } }]);
      });
    },
  },
  {
    operation: 'Mutation.joinChannel', outcome: 'refusal', title: 'is NOT_FOUND for a code that nothing has, or that is none; UNAUTHENTICATED without a token',
    async prove(world) {
      const { stranger, channel } = await house(world);
      for (const code of ['ZZZZZZZZ', 'short', '']) expect(await refuse(stranger, 'joinChannel', { code })).toMatchObject({ code: 'NOT_FOUND', path: ['joinChannel'] });
      expect(await refuse(world.anonymous, 'joinChannel', { code: channel.code })).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  notUnderUsedKey('joinChannel', async (world) => {
    const [host, who] = [await world.person(), await world.person()];
    return { who, first: { code: (await world.channel(host)).code }, second: { code: (await world.channel(host)).code } };
  }),

  {
    operation: 'Mutation.leaveChannel', outcome: 'success', title: 'answers null, because one sees it no longer: nor its tasks, of which one stops being assignee (RULES §1)',
    async prove(world) {
      const { owner, channel, member } = await ownChannel(world);
      const task = await world.task(owner, { channelId: channel.id, assigneeIds: [member.id] });
      expect(await write(member, 'leaveChannel', { id: channel.id })).toEqual({ channel: null });
      expect(await seeChannel(member, channel.id)).toBeNull();
      expect(await seeChannel(owner, channel.id, membersOf)).toEqual({ memberCount: 1, members: { nodes: [{ role: 'OWNER', user: { handle: owner.handle } }] } });
      await eventually(async () => {
        expect(await see(member, task.id)).toBeNull();
        expect(await see(owner, task.id, 'assignees { id }')).toEqual({ assignees: [] });
      });
    },
  },
  {
    operation: 'Mutation.leaveChannel', outcome: 'refusal', title: 'is NOT_FOUND for a channel one does not belong to, and a second time (RULES §1)',
    async prove(world) {
      const [{ channel, stranger }, own] = [await house(world), await ownChannel(world)];
      await write(own.member, 'leaveChannel', { id: own.channel.id });
      for (const [who, id] of [[stranger, channel.id], [stranger, missingId()], [own.member, own.channel.id]] as const) expect(await refuse(who, 'leaveChannel', { id })).toMatchObject({ code: 'NOT_FOUND' });
    },
  },
  {
    operation: 'Mutation.leaveChannel', outcome: 'conflict', title: 'is CONFLICT for the last OWNER; of two who leave at once, one stays (RULES §1)',
    async prove(world) {
      const { owner, channel } = await ownChannel(world);
      expect(await refuse(owner, 'leaveChannel', { id: channel.id })).toMatchObject({ code: 'CONFLICT' });
      const second = await world.joined(channel, 'OWNER');
      const answers = await Promise.all([owner, second].map((who) => who.answer(mutation('leaveChannel', 'channel { id }'), { input: { id: channel.id } })));
      expect(outcomes(answers)).toEqual(['CONFLICT', 'data']);
    },
  },

  {
    operation: 'Mutation.changeChannelMemberRole', outcome: 'success', title: 'makes a MODERATOR, who from then on edits and deletes any task; the role one has changes nothing (RULES §1)',
    async prove(world) {
      const { owner, channel, member } = await ownChannel(world);
      const task = await world.task(owner, { channelId: channel.id });
      expect(await refuse(member, 'updateTask', { id: task.id, title: 'Moderated' })).toMatchObject({ code: 'FORBIDDEN' });
      const input = { channelId: channel.id, userId: member.id, role: 'MODERATOR' };
      const { channel: changed } = await write(owner, 'changeChannelMemberRole', input);
      expect((await write(owner, 'changeChannelMemberRole', input)).channel).toEqual(changed);
      await write(member, 'updateTask', { id: task.id, title: 'Moderated' });
      await write(member, 'deleteTask', { id: task.id });
      expect(await seeChannel(member, channel.id, 'viewerRole')).toEqual({ viewerRole: 'MODERATOR' });
    },
  },
  ownersOnly('changeChannelMemberRole', ({ channel, other }) => ({ channelId: channel.id, userId: other.id, role: 'MODERATOR' })),
  {
    operation: 'Mutation.changeChannelMemberRole', outcome: 'refusal', title: 'is NOT_FOUND for somebody who is no member',
    async prove(world) {
      const { owner, channel, stranger } = await house(world);
      for (const userId of [stranger.id, missingId(), 'no id']) expect(await refuse(owner, 'changeChannelMemberRole', { channelId: channel.id, userId, role: 'MEMBER' })).toMatchObject({ code: 'NOT_FOUND' });
    },
  },
  {
    operation: 'Mutation.changeChannelMemberRole', outcome: 'conflict', title: 'is CONFLICT for the last OWNER; of two who demote each other at once, one stays (RULES §1)',
    async prove(world) {
      const { owner, channel } = await ownChannel(world);
      const demote = (userId: string) => ({ channelId: channel.id, userId, role: 'MEMBER' });
      expect(await refuse(owner, 'changeChannelMemberRole', demote(owner.id))).toMatchObject({ code: 'CONFLICT' });
      const second = await world.joined(channel, 'OWNER');
      const answers = await Promise.all([owner, second].map((who) => who.answer(mutation('changeChannelMemberRole', 'channel { id }'), { input: demote(who.id) })));
      expect(outcomes(answers)).toEqual(['CONFLICT', 'data']);
    },
  },

  {
    operation: 'Mutation.removeChannelMember', outcome: 'success', title: 'a MODERATOR removes a MEMBER, who sees neither channel nor tasks any more, and may come back with the code (RULES §1)',
    async prove(world) {
      const { owner, channel, member } = await ownChannel(world);
      const moderator = await world.joined(channel, 'MODERATOR');
      const task = await world.task(member, { channelId: channel.id });
      const { channel: left } = await write(moderator, 'removeChannelMember', { channelId: channel.id, userId: member.id });
      expect([left.memberCount, await seeChannel(member, channel.id)]).toEqual([2, null]);
      await eventually(async () => expect(await see(member, task.id)).toBeNull());
      await write(member, 'joinChannel', { code: channel.code });
      expect([await see(member, task.id), await seeChannel(owner, channel.id, 'memberCount')]).toMatchObject([{ title: 'A task' }, { memberCount: 3 }]);
    },
  },
  {
    operation: 'Mutation.removeChannelMember', outcome: 'refusal', title: 'is FORBIDDEN for one\'s own rank and above and to a MEMBER, NOT_FOUND to a stranger and for somebody who is no member (RULES §1)',
    async prove(world) {
      const { owner, channel, moderator, member, other, stranger } = await house(world);
      const cases = [[moderator, owner, 'FORBIDDEN'], [member, other, 'FORBIDDEN'], [member, moderator, 'FORBIDDEN'], [stranger, member, 'NOT_FOUND'], [owner, stranger, 'NOT_FOUND']] as const;
      for (const [who, whom, code] of cases) expect(await refuse(who, 'removeChannelMember', { channelId: channel.id, userId: whom.id })).toMatchObject({ code });
    },
  },
  {
    operation: 'Mutation.removeChannelMember', outcome: 'conflict', title: 'is CONFLICT for the last OWNER, who removes themself (RULES §1)',
    async prove(world) {
      const { owner, channel } = await ownChannel(world);
      expect(await refuse(owner, 'removeChannelMember', { channelId: channel.id, userId: owner.id })).toMatchObject({ code: 'CONFLICT' });
      expect(await seeChannel(owner, channel.id, 'viewerRole')).toEqual({ viewerRole: 'OWNER' });
    },
  },
  notUnderUsedKey('removeChannelMember', async (world) => {
    const { owner, channel, member } = await ownChannel(world);
    const second = await world.joined(channel);
    return { who: owner, first: { channelId: channel.id, userId: member.id }, second: { channelId: channel.id, userId: second.id } };
  }),
];
