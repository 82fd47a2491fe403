import type { Connection } from '@taskgraph/shared/pagination';

export type ActivityKind =
  | 'TASK_CREATED' | 'TASK_ASSIGNED' | 'TASK_COMPLETED' | 'TASK_REOPENED' | 'TASK_COMMENTED' | 'TASK_MOVED'
  | 'PROJECT_CREATED' | 'MEMBER_JOINED' | 'CHANNEL_CREATED' | 'CHANNEL_JOINED';

export interface ActivityRow {
  /** The event's own id. */
  id: string;
  kind: ActivityKind;
  actorId: string | null;
  taskId: string | null;
  projectId: string | null;
  channelId: string | null;
  summary: string;
  /** Whole milliseconds. */
  at: Date;
}

export type ActivityPage = Omit<Connection<ActivityRow>, 'totalCount'>;
