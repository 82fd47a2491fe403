// Channels, their members, and the news of a person.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { channelSee, channelWrite, othersOnly, signedIn, type Cells } from './cells.js';
import { mutation, query, type Row, type Target } from './row.js';
import type { World } from './world.js';

const channel: Row['target'] = (world) => world.make.channel();
const main: Row['target'] = async ({ channelId, channelCode }) => ({ channelId, channelCode });

/** A channel of its own with one more member; `personId` is that member. */
const withMember = (role: 'MEMBER' | 'MODERATOR') => async (world: World) => {
  const target = await world.make.channel();
  const [, , joining] = world.spare;
  await joining.ok('mutation ($code: String!) { joinChannel(input: { code: $code }) { channel { id } } }', { code: target['channelCode'] });
  if (role !== 'MEMBER') {
    const input = { channelId: target['channelId'], userId: joining.id, role };
    await world.people['channel OWNER'].ok('mutation ($input: ChangeChannelMemberRoleInput!) { changeChannelMemberRole(input: $input) { channel { id } } }', { input });
  }
  return { ...target, personId: joining.id };
};

/** A channel of a person who is in no column, for whoever has its code. */
async function openHouse(world: World) {
  const { createChannel } = await world.spare[1].ok('mutation { createChannel(input: { name: "Next door", description: "Knock" }) { channel { id code } } }');
  return { channelId: createChannel.channel.id, channelCode: createChannel.channel.code };
}

const lastOwner: Cells = { ...channelWrite('channel MEMBER'), 'channel OWNER': 'CONFLICT' };

export const channelRows: Row[] = [
  query('Query.channel', 'channel(id: $channelId) { id name memberCount }', 'by id', channelSee(), { target: main }),
  query('Query.channel', 'channel(code: $channelCode) { id name description memberCount }', 'by its code', signedIn(), { target: main }),
  query('Query.channels', 'channels { nodes { id name code } totalCount }', 'own ones only', signedIn()),
  mutation('createChannel', 'channel { id viewerRole }', 'a new one', signedIn(), () => ({ name: 'Made' })),
  mutation('createChannel', 'channel { id name code }', 'with the id of another channel', othersOnly('CONFLICT'), ({ channelId }) => ({ id: channelId, name: 'Taken' }), { target: main }),
  mutation('updateChannel', 'channel { id name }', '', channelWrite('channel OWNER'), ({ channelId }) => ({ id: channelId, name: 'Renamed' }), { target: channel }),
  mutation('joinChannel', 'channel { id viewerRole }', 'with its code', signedIn(), ({ channelCode }) => ({ code: channelCode }), { target: openHouse }),
  mutation('joinChannel', 'channel { id }', 'with a code that was rotated away', othersOnly('NOT_FOUND'), ({ oldCode }) => ({ code: oldCode }), {
    async target(world) {
      const { channelId = '', channelCode = '' } = await openHouse(world);
      await world.spare[1].ok('mutation ($id: ID!) { rotateChannelCode(input: { id: $id }) { channel { code } } }', { id: channelId });
      return { oldCode: channelCode };
    },
  }),
  mutation('leaveChannel', 'channel { id }', '', lastOwner, ({ channelId }) => ({ id: channelId }), { target: channel }),
  mutation('rotateChannelCode', 'channel { id version }', '', channelWrite('channel OWNER'), ({ channelId }) => ({ id: channelId }), { target: channel }),
  mutation('changeChannelMemberRole', 'channel { id version }', 'of a MEMBER', channelWrite('channel OWNER'), ({ channelId, personId }) => ({ channelId, userId: personId, role: 'MODERATOR' }), { target: withMember('MEMBER') }),
  mutation('removeChannelMember', 'channel { id version }', 'a MEMBER', channelWrite('channel MODERATOR'), ({ channelId, personId }) => ({ channelId, userId: personId }), { target: withMember('MEMBER') }),
  mutation('removeChannelMember', 'channel { id version }', 'a MODERATOR', channelWrite('channel OWNER'), ({ channelId, personId }) => ({ channelId, userId: personId }), { target: withMember('MODERATOR') }),
  mutation('deleteChannel', 'id', '', channelWrite('channel OWNER'), ({ channelId }) => ({ id: channelId }), { target: channel }),

  // By its code everybody reaches it, and sees no more than id, name, description and memberCount.
  query('Channel.code', 'channel(code: $channelCode) { code }', 'of a channel found by its code', { ...channelSee() }, { target: main, at: 'channel.code' }),
  query('Channel.viewerRole', 'channel(code: $channelCode) { viewerRole }', 'of a channel found by its code', channelSee(), { target: main, at: 'channel.viewerRole' }),
  query('Channel.members', 'channel(code: $channelCode) { members { totalCount nodes { userId role user { handle } } } }', 'of a channel found by its code', channelSee(), { target: main, at: 'channel.members' }),
  query('Channel.tasks', 'channel(code: $channelCode) { tasks { totalCount nodes { id title } } }', 'of a channel found by its code', channelSee(), { target: main, at: 'channel.tasks' }),
  query('Channel.stats', 'channel(code: $channelCode) { stats { total asOf byStatus { pending } } }', 'of a channel found by its code', channelSee(), { target: main, at: 'channel.stats' }),
  query('Channel.members', 'channel(id: $channelId) { members { nodes { userId user { handle } } } }', '', channelSee(), { target: main, at: 'channel.members' }),
  query('Channel.tasks', 'channel(id: $channelId) { tasks { nodes { id title } } }', '', channelSee(), { target: main, at: 'channel.tasks' }),
  query('Channel.stats', 'channel(id: $channelId) { stats { total asOf } }', '', channelSee(), { target: main, at: 'channel.stats' }),

  query('Query.notifications', 'notifications { totalCount unreadCount nodes { id task { id title } project { id name } channel { id name } actor { id handle email } } }', 'own ones only', signedIn()),
  query('Query.notifications', 'notifications { nodes { id title body } }', 'their texts', signedIn()),
  query('Query.notificationFeed', 'notificationFeed { head nodes { id title body task { id title } project { id name } channel { id name } actor { id handle email } } }', 'own ones only', signedIn()),
  mutation('markNotificationsRead', 'notifications { id }', 'those of somebody else: nothing is marked', signedInEmpty(), ({ notificationId }) => ({ ids: [notificationId] }), {
    at: 'markNotificationsRead.notifications', target: somebodysNews,
  }),
  mutation('markNotificationsRead', 'unreadCount', 'all of one\'s own', signedIn(), () => ({ all: true })),
  mutation('snoozeNotification', 'notifications { id }', 'one of somebody else', othersOnly('NOT_FOUND'), ({ notificationId }) => ({ id: notificationId, until: new Date(Date.now() + 3_600_000).toISOString() }), { target: somebodysNews }),
  mutation('archiveNotifications', 'notifications { id }', 'those of somebody else: nothing is archived', signedInEmpty(), ({ notificationId }) => ({ ids: [notificationId] }), { at: 'archiveNotifications.notifications', target: somebodysNews }),
  query('Query.notificationSettings', 'notificationSettings { digest version quietHours { from } preferences { kind methods } }', 'one\'s own', signedIn()),
  mutation('updateNotificationSettings', 'settings { version preferences { kind } quietHours { to } }', 'one\'s own', signedIn(), () => ({ preferences: [{ kind: 'PROJECT_CREATED', methods: ['IN_APP'] }] })),
  query('Query.feed', 'feed { nodes { id kind summary actor { id handle email } task { id title } project { id name } channel { id name } } }', 'of one\'s own places only', signedIn()),
];

function signedInEmpty(): Cells {
  return signedIn('empty');
}

async function somebodysNews(world: World): Promise<Target> {
  const [unread] = await eventually(async () => {
    const nodes = await unreadOf(world);
    return nodes.length > 0 && nodes;
  });
  return { notificationId: unread?.id as string };
}

/** News of a person in no column. */
async function unreadOf(world: World): Promise<{ id: string }[]> {
  return (await world.spare[0].ok('{ notifications(filter: { unread: true }) { nodes { id } } }')).notifications.nodes;
}
