import { DateTime } from '@taskgraph/shared/scalars';
import type { Resolvers } from '../generated/resolver-types.js';
import { Channel } from './channel.js';
import { ChannelMember } from './channel-member.js';
import { Mutation } from './mutation.js';
import { Notification } from './notification.js';
import { Query } from './query.js';

export const resolvers: Resolvers = { DateTime, Query, Mutation, Channel, ChannelMember, Notification };
