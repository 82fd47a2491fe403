import { DateTime, JsonScalar, UrlScalar } from '@taskgraph/shared/scalars';
import type { Resolvers } from '../generated/resolver-types.js';
import { Activity } from './activity.js';
import { Channel } from './channel.js';
import { ChannelMember } from './channel-member.js';
import { Mutation } from './mutation.js';
import { Notification } from './notification.js';
import { NotificationSettings } from './notification-settings.js';
import { Query } from './query.js';
import { Webhook } from './webhook.js';

export const resolvers: Resolvers = { DateTime, JSON: JsonScalar, URL: UrlScalar, Query, Mutation, Channel, ChannelMember, Activity, Notification, NotificationSettings, Webhook };
