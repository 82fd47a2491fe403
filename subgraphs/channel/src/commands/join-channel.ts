import { notFound } from '@taskgraph/shared/errors';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { ChannelRow } from '../entities/channel.js';
import type { JoinChannelInput } from '../generated/resolver-types.js';
import { findChannel, nextVersion } from '../repositories/channel-repository.js';
import { findMember, insertMember } from '../repositories/member-repository.js';
import { lookUpCode } from './look-up-code.js';
import { memberEvent } from './channel-event.js';
import { tellJoined } from './tell-of-channel.js';
import { forget, viewerOf, type ChannelRecord } from './write-channel.js';

/** Joins by code; a member who joins again stays what they are. Emits channel.joined and tells owner and moderators. */
export async function joinChannel(context: Context, input: JoinChannelInput): Promise<ChannelRow> {
  const viewerId = viewerOf(context);
  const found = await lookUpCode(context, viewerId, input.code);
  if (!found) throw notFound('channel');
  const { idempotency, committed } = context;
  const joined = await writeTransaction(context.database, { lock: [`channel:${found.id}`], idempotency, committed }, async (tx) => {
    tx.remember({ channelId: found.id } satisfies ChannelRecord);
    const present = await findChannel(tx.manager, found.id);
    // The code may have changed between the look-up and the lock.
    if (present?.code !== found.code) throw notFound('channel');
    if (await findMember(tx.manager, found.id, viewerId)) return present;
    await insertMember(tx.manager, { channelId: found.id, userId: viewerId, role: 'MEMBER', joinedAt: new Date() });
    const channel = await nextVersion(tx.manager, present, { memberCount: present.memberCount + 1 });
    await tx.emit(memberEvent('channel.joined', channel, viewerId, 'MEMBER', { actorId: viewerId, traceId: context.requestId }));
    await tellJoined(tx, channel, viewerId);
    return channel;
  });
  forget(context, joined.id);
  return joined;
}
