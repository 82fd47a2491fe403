import type { ChannelMemberResolvers } from '../generated/resolver-types.js';

export const ChannelMember: ChannelMemberResolvers = {
  user: (member) => ({ id: member.userId }),
};
