import type { Connection } from '@taskgraph/shared/pagination';
import { EntitySchema } from 'typeorm';

export const notificationKinds = [
  'TASK_CREATED', 'TASK_ASSIGNED', 'TASK_UPDATED', 'TASK_COMPLETED', 'TASK_REOPENED', 'PROJECT_CREATED', 'PROJECT_ADDED', 'CHANNEL_JOINED',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

export interface NotificationRow {
  id: string;
  userId: string;
  kind: NotificationKind;
  title: string;
  body: string | null;
  taskId: string | null;
  projectId: string | null;
  channelId: string | null;
  actorId: string | null;
  /** The newest event it tells of; one row per event and person. */
  eventId: string;
  /** When the newest event in it happened; with `id` the place in the list. Whole milliseconds. */
  createdAt: Date;
  readAt: Date | null;
}

export type NotificationPage = Connection<NotificationRow> & {
  /** A resolver: counted only when selected. */
  unreadCount: () => Promise<number>;
};

export const NotificationEntity = new EntitySchema<NotificationRow>({
  name: 'Notification',
  tableName: 'notifications',
  columns: {
    id: { type: 'uuid', primary: true },
    userId: { type: 'uuid', name: 'user_id' },
    kind: { type: 'text' },
    title: { type: 'text' },
    body: { type: 'text', nullable: true },
    taskId: { type: 'uuid', name: 'task_id', nullable: true },
    projectId: { type: 'uuid', name: 'project_id', nullable: true },
    channelId: { type: 'uuid', name: 'channel_id', nullable: true },
    actorId: { type: 'uuid', name: 'actor_id', nullable: true },
    eventId: { type: 'uuid', name: 'event_id' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    readAt: { type: 'timestamptz', name: 'read_at', nullable: true },
  },
});
