import { selectRows } from '@taskgraph/shared/database';
import { badInput, unauthenticated } from '@taskgraph/shared/errors';
import { readPageArguments, toConnection } from '@taskgraph/shared/pagination';
import { lookUpCode } from '../commands/look-up-code.js';
import type { QueryResolvers } from '../generated/resolver-types.js';
import { listActivities } from '../repositories/activity-repository.js';
import { listChannels } from '../repositories/channel-repository.js';
import { countMemberships } from '../repositories/member-repository.js';
import { countNotifications, countUnread, listNotifications } from '../repositories/notification-repository.js';
import { findOwnSettings } from '../repositories/settings-repository.js';
import { visibleChannel } from './channel.js';
import { deadLetters } from './dead-letters.js';
import { activityKey } from './activity.js';
import { notificationFeed } from './notification-feed.js';
import { notificationKey } from './notification.js';
import { webhooks } from './webhook.js';

export const Query: QueryResolvers = {
  deadLetters,
  webhooks,

  async channel(_root, { id, code }, context) {
    if (!context.viewer) throw unauthenticated();
    if ((id == null) === (code == null)) throw badInput('id', 'or code is needed, exactly one of them');
    return code != null ? lookUpCode(context, context.viewer.id, code) : visibleChannel(context, id as string);
  },

  async channels(_root, args, context) {
    const viewer = context.viewer;
    if (!viewer) throw unauthenticated();
    const page = readPageArguments(args, context.pageLimits, context.cursors.channels);
    const { manager } = context.database;
    const rows = await listChannels(manager, viewer.id, page);
    return toConnection(rows, page, context.cursors.channels, (row) => [row.nameKey, row.id], () => countMemberships(manager, viewer.id));
  },

  async notificationSettings(_root, _args, context) {
    if (!context.viewer) throw unauthenticated();
    return findOwnSettings((sql, parameters) => selectRows(context.database, sql, parameters), context.viewer.id);
  },

  async feed(_root, args, context) {
    const viewer = context.viewer;
    if (!viewer) throw unauthenticated();
    const page = readPageArguments(args, context.pageLimits, context.cursors.feed);
    const { edges, nodes, pageInfo } = toConnection(await listActivities(context.database, viewer.id, page), page, context.cursors.feed, activityKey, async () => 0);
    return { edges, nodes, pageInfo };
  },

  notificationFeed: (_root, args, context) => notificationFeed(args, context),

  async notifications(_root, { filter, ...args }, context) {
    const viewer = context.viewer;
    if (!viewer) throw unauthenticated();
    const page = readPageArguments(args, context.pageLimits, context.cursors.notifications);
    const { unread = null, kind: kinds = null, snoozed = null, archived = null } = filter ?? {};
    const wanted = { userId: viewer.id, unread, kinds, snoozed, archived };
    const { manager } = context.database;
    const rows = await listNotifications(manager, wanted, page);
    return {
      ...toConnection(rows, page, context.cursors.notifications, notificationKey, () => countNotifications(manager, wanted)),
      unreadCount: () => countUnread(manager, viewer.id),
    };
  },
};
