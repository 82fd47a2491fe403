import type { Connection } from '@taskgraph/shared/pagination';
import { EntitySchema } from 'typeorm';

export const notificationKinds = [
  'TASK_CREATED', 'TASK_ASSIGNED', 'TASK_UPDATED', 'TASK_COMPLETED', 'TASK_REOPENED', 'TASK_COMMENTED', 'MENTIONED', 'TASK_DUE_SOON', 'TASK_OVERDUE',
  'PROJECT_CREATED', 'PROJECT_ADDED', 'CHANNEL_JOINED',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

export interface NotificationRow {
  id: string;
  userId: string;
  kind: NotificationKind;
  title: string;
  body: string | null;
  taskId: string | null;
  /** Where the task is now; where it happened, for what is about no task. */
  projectId: string | null;
  channelId: string | null;
  actorId: string | null;
  /** The newest event it tells of; one row per event and person. */
  eventId: string;
  /** When the newest event in it happened. Whole milliseconds. */
  createdAt: Date;
  /** With `id` the place in the list: `createdAt`, or when it came back from snooze. Whole milliseconds. */
  listedAt: Date;
  /** bigint as text. Grows in the order of commits, and anew when a row is sent again: what a live reader goes by. */
  place: string;
  readAt: Date | null;
  snoozedUntil: Date | null;
  archivedAt: Date | null;
}

/** What is asked about. Where a task is, is kept up to date in its news. */
export interface Sighted {
  userId: string;
  kind: NotificationKind;
  projectId: string | null;
  channelId: string | null;
  /** Whose personal task it is about. */
  ownerId: string | null;
  /** The task lies in the trash. */
  trashed: boolean;
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
    listedAt: { type: 'timestamptz', name: 'listed_at' },
    place: { type: 'bigint' },
    readAt: { type: 'timestamptz', name: 'read_at', nullable: true },
    snoozedUntil: { type: 'timestamptz', name: 'snoozed_until', nullable: true },
    archivedAt: { type: 'timestamptz', name: 'archived_at', nullable: true },
  },
});
