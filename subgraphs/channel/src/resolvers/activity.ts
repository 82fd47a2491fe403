import type { ActivityRow } from '../entities/activity.js';
import type { ActivityResolvers } from '../generated/resolver-types.js';
import { visibleChannel } from './channel.js';

/** Sort key of the feed. */
export const activityKey = (row: ActivityRow): string[] => [row.at.toISOString(), row.id];

export const Activity: ActivityResolvers = {
  // References: their owners decide whether the viewer still sees them.
  actor: (row) => (row.actorId ? { id: row.actorId } : null),
  task: (row) => (row.taskId ? { id: row.taskId } : null),
  project: (row) => (row.projectId ? { id: row.projectId } : null),
  channel: (row, _args, context) => (row.channelId ? visibleChannel(context, row.channelId) : null),
};
