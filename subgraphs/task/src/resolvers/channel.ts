import type { ChannelResolvers } from '../generated/resolver-types.js';
import { scopeTasks } from './scope-tasks.js';

export const Channel: ChannelResolvers = {
  __resolveReference: async (reference) => ({ id: reference.id }),
  tasks: (channel, args, context) => scopeTasks({ kind: 'channel', id: channel.id }, args, context),
};
