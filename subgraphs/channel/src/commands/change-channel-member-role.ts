import { conflict, forbidden, notFound } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { Context } from '../context.js';
import type { ChannelRow } from '../entities/channel.js';
import type { ChangeChannelMemberRoleInput } from '../generated/resolver-types.js';
import { canManageChannel } from '../policies.js';
import { nextVersion } from '../repositories/channel-repository.js';
import { findMember, hasOtherOwner, updateRole } from '../repositories/member-repository.js';
import { turnOffKept } from '../repositories/webhook-repository.js';
import { memberChangedEvent } from './channel-event.js';
import { channelIdOf, viewerOf, writeChannel } from './write-channel.js';

/**
 * Gives a member another role, the viewer's own one included; the role they have changes nothing. OWNER only, and the last
 * OWNER stays one (CONFLICT). Emits channel.member-changed.
 */
export async function changeChannelMemberRole(context: Context, input: ChangeChannelMemberRoleInput): Promise<ChannelRow> {
  viewerOf(context);
  const userId = input.userId.toLowerCase();
  return writeChannel(context, channelIdOf(input.channelId), async (tx, { channel: found, role, viewerId }) => {
    if (!canManageChannel(role)) throw forbidden();
    const member = isUuid(userId) ? await findMember(tx.manager, found.id, userId) : null;
    if (!member) throw notFound('member');
    if (member.role === input.role) return found;
    if (member.role === 'OWNER' && !(await hasOtherOwner(tx.manager, found.id, userId))) {
      throw conflict('The last owner cannot get another role.');
    }
    await updateRole(tx.manager, { ...member, role: input.role });
    await turnOffKept(tx, { kind: 'channel', id: found.id }, userId);
    const channel = await nextVersion(tx.manager, found, {});
    await tx.emit(memberChangedEvent(channel, userId, input.role, member.role, { actorId: viewerId, traceId: context.requestId }));
    return channel;
  });
}
