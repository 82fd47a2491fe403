import { forbidden } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { ChannelIdInput } from '../generated/resolver-types.js';
import { canManageChannel } from '../policies.js';
import { buryChannel } from '../repositories/channel-repository.js';
import { buryWebhooksOf } from '../repositories/webhook-repository.js';
import { deletedEvent } from './channel-event.js';
import { channelIdOf, viewerOf, writeChannel } from './write-channel.js';

/**
 * Deletes the channel with its memberships and webhooks; answers its id. OWNER only. Emits channel.deleted, upon which the task subgraph
 * trashes its tasks (RULES §6) and everybody loses access.
 */
export async function deleteChannel(context: Context, input: ChannelIdInput): Promise<string> {
  viewerOf(context);
  return writeChannel(context, channelIdOf(input.id), async (tx, { channel, role, viewerId }) => {
    if (!canManageChannel(role)) throw forbidden();
    const last = { ...channel, version: channel.version + 1, eventSeq: channel.eventSeq + 1 };
    await buryChannel(tx, last, new Date());
    await buryWebhooksOf(tx, channel.id);
    await tx.emit(deletedEvent(last, { actorId: viewerId, traceId: context.requestId }));
    return channel.id;
  });
}
