import type { TaskStatus } from '@taskgraph/shared/contracts/task-events';
import type { Connection } from '@taskgraph/shared/pagination';
import { EntitySchema } from 'typeorm';

export interface TaskRow {
  id: string;
  /** Derived from the one of the next three that is set (see shared scope.ts). */
  scopeId: string;
  projectId: string | null;
  channelId: string | null;
  /** Whose personal task it is. */
  ownerId: string | null;
  /** KEY-n in a project. */
  ref: string | null;
  title: string;
  description: string | null;
  status: TaskStatus;
  priority: number;
  startAt: Date | null;
  dueAt: Date | null;
  completedAt: Date | null;
  creatorId: string;
  assigneeIds: string[];
  watcherIds: string[];
  labelIds: string[];
  parentId: string | null;
  /** In the trash since. */
  deletedAt: Date | null;
  /** Manual order inside the scope, compared byte by byte; at most 64 characters. */
  rank: string;
  /** Whether an open blocker exists. */
  blocked: boolean;
  /** RFC 5545 RRULE and the IANA zone it is counted in; both or neither. */
  recurrenceRule: string | null;
  recurrenceTimeZone: string | null;
  /** Where the rule is counted from: the due date it was given with. */
  recurrenceStart: Date | null;
  /** Shared by all instances of a recurring task. */
  seriesId: string | null;
  /** `title` folded to lower case. */
  titleKey: string;
  /** What was sent at creation; tells a repeated create from another one. */
  createdAs: string;
  createdAt: Date;
  updatedAt: Date;
  version: number;
  /** Number of events written about this task. */
  eventSeq: number;
}

export type TaskPage = Connection<TaskRow>;

export const TaskEntity = new EntitySchema<TaskRow>({
  name: 'Task',
  tableName: 'tasks',
  columns: {
    id: { type: 'uuid', primary: true },
    scopeId: { type: 'uuid', name: 'scope_id' },
    projectId: { type: 'uuid', name: 'project_id', nullable: true },
    channelId: { type: 'uuid', name: 'channel_id', nullable: true },
    ownerId: { type: 'uuid', name: 'owner_id', nullable: true },
    ref: { type: 'text', nullable: true },
    title: { type: 'text' },
    description: { type: 'text', nullable: true },
    status: { type: 'text' },
    priority: { type: 'smallint' },
    startAt: { type: 'timestamptz', name: 'start_at', nullable: true },
    dueAt: { type: 'timestamptz', name: 'due_at', nullable: true },
    completedAt: { type: 'timestamptz', name: 'completed_at', nullable: true },
    creatorId: { type: 'uuid', name: 'creator_id' },
    assigneeIds: { type: 'uuid', name: 'assignee_ids', array: true },
    watcherIds: { type: 'uuid', name: 'watcher_ids', array: true },
    labelIds: { type: 'uuid', name: 'label_ids', array: true },
    parentId: { type: 'uuid', name: 'parent_id', nullable: true },
    deletedAt: { type: 'timestamptz', name: 'deleted_at', precision: 3, nullable: true },
    rank: { type: 'text' },
    blocked: { type: 'boolean' },
    recurrenceRule: { type: 'text', name: 'recurrence_rule', nullable: true },
    recurrenceTimeZone: { type: 'text', name: 'recurrence_time_zone', nullable: true },
    recurrenceStart: { type: 'timestamptz', name: 'recurrence_start', nullable: true },
    seriesId: { type: 'uuid', name: 'series_id', nullable: true },
    titleKey: { type: 'text', name: 'title_key' },
    createdAs: { type: 'text', name: 'created_as' },
    createdAt: { type: 'timestamptz', name: 'created_at', precision: 3 },
    updatedAt: { type: 'timestamptz', name: 'updated_at', precision: 3 },
    version: { type: 'integer' },
    eventSeq: { type: 'integer', name: 'event_seq' },
  },
});
