import type { ChannelResolvers } from '../generated/resolver-types.js';
import { figuresForMember, resolveSubject } from './subject.js';

export const Channel: ChannelResolvers = {
  __resolveReference: resolveSubject,
  stats: (channel, _args, context) => figuresForMember(context, 'channel', channel.id),
};
