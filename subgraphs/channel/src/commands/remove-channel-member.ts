import { forbidden, notFound } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { Context } from '../context.js';
import type { ChannelRow } from '../entities/channel.js';
import type { RemoveChannelMemberInput } from '../generated/resolver-types.js';
import { canRemoveMember } from '../policies.js';
import { nextVersion } from '../repositories/channel-repository.js';
import { deleteMember, findMember } from '../repositories/member-repository.js';
import { turnOffKept } from '../repositories/webhook-repository.js';
import { memberEvent } from './channel-event.js';
import { leaveChannel } from './leave-channel.js';
import { tellWebhooks } from './tell-of-channel.js';
import { channelIdOf, viewerOf, writeChannel } from './write-channel.js';

/** Removes a member below the viewer's own rank; removing oneself is leaving, and then the answer is null. Emits channel.member-removed. */
export async function removeChannelMember(context: Context, input: RemoveChannelMemberInput): Promise<ChannelRow | null> {
  const viewerId = viewerOf(context);
  const userId = input.userId.toLowerCase();
  if (userId === viewerId) return leaveChannel(context, { id: input.channelId });
  return writeChannel(context, channelIdOf(input.channelId), async (tx, { channel: found, role }) => {
    const member = isUuid(userId) ? await findMember(tx.manager, found.id, userId) : null;
    if (!canRemoveMember(role, member?.role ?? 'MEMBER')) throw forbidden();
    if (!member) throw notFound('member');
    await deleteMember(tx.manager, found.id, userId);
    await turnOffKept(tx, { kind: 'channel', id: found.id }, userId);
    const channel = await nextVersion(tx.manager, found, { memberCount: found.memberCount - 1 });
    await tx.emit(memberEvent('channel.member-removed', channel, userId, member.role, { actorId: viewerId, traceId: context.requestId }));
    await tellWebhooks(tx, channel, 'MEMBER_REMOVED', { userId, role: member.role, actorId: viewerId });
    return channel;
  });
}
