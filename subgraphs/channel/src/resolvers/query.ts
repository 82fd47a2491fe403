import { badInput, unauthenticated } from '@taskgraph/shared/errors';
import { readPageArguments, toConnection } from '@taskgraph/shared/pagination';
import { lookUpCode } from '../commands/look-up-code.js';
import type { QueryResolvers } from '../generated/resolver-types.js';
import { listChannels } from '../repositories/channel-repository.js';
import { countMemberships } from '../repositories/member-repository.js';
import { countNotifications, countUnread, listNotifications } from '../repositories/notification-repository.js';
import { visibleChannel } from './channel.js';
import { notificationKey } from './notification.js';

export const Query: QueryResolvers = {
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

  async notifications(_root, { filter, ...args }, context) {
    const viewer = context.viewer;
    if (!viewer) throw unauthenticated();
    const page = readPageArguments(args, context.pageLimits, context.cursors.notifications);
    const wanted = { userId: viewer.id, unread: filter?.unread ?? null, kinds: filter?.kind ?? null };
    const { manager } = context.database;
    const rows = await listNotifications(manager, wanted, page);
    return {
      ...toConnection(rows, page, context.cursors.notifications, notificationKey, () => countNotifications(manager, wanted)),
      unreadCount: () => countUnread(manager, viewer.id),
    };
  },
};
