import { conflict } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { ChannelIdInput } from '../generated/resolver-types.js';
import { nextVersion } from '../repositories/channel-repository.js';
import { deleteMember, hasOtherOwner } from '../repositories/member-repository.js';
import { turnOffKept } from '../repositories/webhook-repository.js';
import { memberEvent } from './channel-event.js';
import { tellWebhooks } from './tell-of-channel.js';
import { channelIdOf, viewerOf, writeChannel } from './write-channel.js';

/** Leaves; the answer is null, because the viewer sees the channel no longer. CONFLICT for the last OWNER. Emits channel.left. */
export async function leaveChannel(context: Context, input: ChannelIdInput): Promise<null> {
  viewerOf(context);
  return writeChannel(context, channelIdOf(input.id), async (tx, { channel: found, role, viewerId }) => {
    if (role === 'OWNER' && !(await hasOtherOwner(tx.manager, found.id, viewerId))) throw conflict('The last owner cannot leave.');
    await deleteMember(tx.manager, found.id, viewerId);
    await turnOffKept(tx, { kind: 'channel', id: found.id }, viewerId);
    const channel = await nextVersion(tx.manager, found, { memberCount: found.memberCount - 1 });
    await tx.emit(memberEvent('channel.left', channel, viewerId, role, { actorId: viewerId, traceId: context.requestId }));
    await tellWebhooks(tx, channel, 'MEMBER_REMOVED', { userId: viewerId, role, actorId: viewerId });
    return null;
  });
}
