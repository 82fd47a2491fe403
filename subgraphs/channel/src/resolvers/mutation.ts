import { selectRows } from '@taskgraph/shared/database';
import { once } from '@taskgraph/shared/once';
import type { GraphQLResolveInfo } from 'graphql';
import { archiveNotifications } from '../commands/archive-notifications.js';
import { changeChannelMemberRole } from '../commands/change-channel-member-role.js';
import { createChannel } from '../commands/create-channel.js';
import { deleteChannel } from '../commands/delete-channel.js';
import { joinChannel } from '../commands/join-channel.js';
import { leaveChannel } from '../commands/leave-channel.js';
import { markNotificationsRead, replayMarked, type MarkedRecord } from '../commands/mark-notifications-read.js';
import { removeChannelMember } from '../commands/remove-channel-member.js';
import { rotateChannelCode } from '../commands/rotate-channel-code.js';
import { snoozeNotification } from '../commands/snooze-notification.js';
import { updateChannel } from '../commands/update-channel.js';
import { updateNotificationSettings } from '../commands/update-notification-settings.js';
import type { ChannelRecord } from '../commands/write-channel.js';
import type { Context } from '../context.js';
import type { ChannelRow } from '../entities/channel.js';
import type { MutationResolvers } from '../generated/resolver-types.js';
import { findOwnSettings } from '../repositories/settings-repository.js';
import { visibleChannel } from './channel.js';
import { redriveDeadLetters } from './dead-letters.js';
import { webhookMutations } from './webhook.js';

/** Every mutation of a channel happens once per Idempotency-Key (RULES §3); a resend shows the channel as the viewer sees it now. */
const channelMutation =
  <I>(command: (context: Context, input: I) => Promise<ChannelRow | null>) =>
  (_root: unknown, { input }: { input: I }, context: Context, info: GraphQLResolveInfo): Promise<{ channel: ChannelRow | null }> =>
    once(
      context, info, input,
      async () => ({ channel: await command(context, input) }),
      async ({ channelId }: ChannelRecord) => ({ channel: await visibleChannel(context, channelId) }),
    );

export const Mutation: MutationResolvers = {
  redriveDeadLetters,
  ...webhookMutations,
  createChannel: channelMutation(createChannel),
  updateChannel: channelMutation(updateChannel),
  joinChannel: channelMutation(joinChannel),
  leaveChannel: channelMutation(leaveChannel),
  rotateChannelCode: channelMutation(rotateChannelCode),
  changeChannelMemberRole: channelMutation(changeChannelMemberRole),
  removeChannelMember: channelMutation(removeChannelMember),
  deleteChannel: (_root, { input }, context, info) =>
    once(context, info, input, async () => ({ id: await deleteChannel(context, input) }), async ({ channelId }: ChannelRecord) => ({ id: channelId })),
  markNotificationsRead: (_root, { input }, context, info) =>
    once(context, info, input, () => markNotificationsRead(context, input), (record: MarkedRecord) => replayMarked(context, record)),
  snoozeNotification: (_root, { input }, context, info) =>
    once(context, info, input, () => snoozeNotification(context, input), (record: MarkedRecord) => replayMarked(context, record)),
  archiveNotifications: (_root, { input }, context, info) =>
    once(context, info, input, () => archiveNotifications(context, input), (record: MarkedRecord) => replayMarked(context, record)),
  updateNotificationSettings: (_root, { input }, context, info) =>
    once(
      context, info, input,
      async () => ({ settings: await updateNotificationSettings(context, input) }),
      async ({ userId }: { userId: string }) => ({ settings: await findOwnSettings((sql, parameters) => selectRows(context.database, sql, parameters), userId) }),
    ),
};
