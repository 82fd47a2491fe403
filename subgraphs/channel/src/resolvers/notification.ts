import type { NotificationRow } from '../entities/notification.js';
import type { NotificationResolvers } from '../generated/resolver-types.js';
import { visibleChannel } from './channel.js';

/** Sort key of the list of notifications, and what a live reader goes on behind: `place` grows in the order of commits. */
export const notificationKey = (row: NotificationRow): string[] => [row.listedAt.toISOString(), row.id, row.place];

export const Notification: NotificationResolvers = {
  cursor: (row, _args, context) => context.cursors.notifications.encode(notificationKey(row)),
  // References: their owners decide whether the viewer still sees them.
  task: (row) => (row.taskId ? { id: row.taskId } : null),
  project: (row) => (row.projectId ? { id: row.projectId } : null),
  channel: (row, _args, context) => (row.channelId ? visibleChannel(context, row.channelId) : null),
  actor: (row) => (row.actorId ? { id: row.actorId } : null),
};
