// What every write to a channel has in common: its lock, seeing it, and what a resend is answered from.
import { notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { ChannelRole } from '@taskgraph/shared/contracts/channel-events';
import { isUuid } from '@taskgraph/shared/ids';
import { writeTransaction, type WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { ChannelRow } from '../entities/channel.js';
import { findChannel } from '../repositories/channel-repository.js';
import { findMember } from '../repositories/member-repository.js';

/** What a resend of a mutation of a channel is answered from. */
export interface ChannelRecord {
  channelId: string;
}

export function viewerOf({ viewer }: Context): string {
  if (!viewer) throw unauthenticated();
  return viewer.id;
}

/** An id as rows have it; what is no id at all is nothing that exists. */
export function channelIdOf(id: string): string {
  if (!isUuid(id)) throw notFound('channel');
  return id.toLowerCase();
}

export interface Found {
  channel: ChannelRow;
  /** The viewer's own role. */
  role: ChannelRole;
  viewerId: string;
}

/** Runs `work` under the channel's lock with its newest state. NOT_FOUND where the viewer is no member. */
export async function writeChannel<T>(context: Context, channelId: string, work: (tx: WriteTransaction, found: Found) => Promise<T>): Promise<T> {
  const viewerId = viewerOf(context);
  const { idempotency, committed } = context;
  const value = await writeTransaction(context.database, { lock: [`channel:${channelId}`], idempotency, committed }, async (tx) => {
    const [channel, member] = [await findChannel(tx.manager, channelId), await findMember(tx.manager, channelId, viewerId)];
    if (!channel || !member) throw notFound('channel');
    tx.remember({ channelId } satisfies ChannelRecord);
    return work(tx, { channel, role: member.role, viewerId });
  });
  forget(context, channelId);
  return value;
}

/** What this request has read of the channel is old now. */
export function forget(context: Context, channelId: string): void {
  context.channels.clear(channelId);
  context.viewerRoles.clear(channelId);
}
