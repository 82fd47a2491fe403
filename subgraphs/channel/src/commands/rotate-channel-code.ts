import { forbidden } from '@taskgraph/shared/errors';
import { newChannelCode } from '../channel-code.js';
import type { Context } from '../context.js';
import type { ChannelRow } from '../entities/channel.js';
import type { ChannelIdInput } from '../generated/resolver-types.js';
import { canManageChannel } from '../policies.js';
import { findChannelByCode, nextVersion } from '../repositories/channel-repository.js';
import { codeRotatedEvent } from './channel-event.js';
import { channelIdOf, viewerOf, writeChannel } from './write-channel.js';

/** Gives the channel another code; the old one is dead from this commit on. OWNER only. Emits channel.code-rotated. */
export async function rotateChannelCode(context: Context, input: ChannelIdInput): Promise<ChannelRow> {
  viewerOf(context);
  return writeChannel(context, channelIdOf(input.id), async (tx, { channel: found, role, viewerId }) => {
    if (!canManageChannel(role)) throw forbidden();
    let code = newChannelCode();
    while (await findChannelByCode(tx.manager, code)) code = newChannelCode();
    const channel = await nextVersion(tx.manager, found, { code });
    await tx.emit(codeRotatedEvent(channel, { actorId: viewerId, traceId: context.requestId }));
    return channel;
  });
}
