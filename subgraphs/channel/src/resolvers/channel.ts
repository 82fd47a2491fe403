import { unauthenticated } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { readPageArguments, toConnection } from '@taskgraph/shared/pagination';
import type { Context } from '../context.js';
import type { ChannelRow } from '../entities/channel.js';
import type { ChannelResolvers } from '../generated/resolver-types.js';
import { canSeeChannel } from '../policies.js';

/** The channel as far as the viewer is a member of it, else null. */
export async function visibleChannel(context: Context, id: string): Promise<ChannelRow | null> {
  if (!isUuid(id)) return null;
  const key = id.toLowerCase();
  const [channel, role] = await Promise.all([context.channels.load(key), context.viewerRoles.load(key)]);
  return canSeeChannel(role) ? channel : null;
}

export const Channel: ChannelResolvers = {
  // Async, because a synchronous throw would null the whole batch.
  async __resolveReference(reference, context) {
    if (!context.viewer) throw unauthenticated();
    return visibleChannel(context, reference.id);
  },
  code: async (channel, _args, context) => (canSeeChannel(await context.viewerRoles.load(channel.id)) ? channel.code : null),
  viewerRole: (channel, _args, context) => context.viewerRoles.load(channel.id),
  async members(channel, args, context) {
    if (!canSeeChannel(await context.viewerRoles.load(channel.id))) return null;
    const codec = context.cursors.members;
    const page = readPageArguments(args, context.pageLimits, codec);
    const rows = await context.memberPages.load({ channelId: channel.id, page });
    return toConnection(rows, page, codec, (member) => [member.joinedAt.toISOString(), member.userId], async () => channel.memberCount);
  },
};
