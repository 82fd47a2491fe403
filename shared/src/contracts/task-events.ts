// Events of the task subgraph: one write to one task is one event, which is also its TaskChange.
import { z } from 'zod';
import { deadLettered } from './dead-letter-events.js';
import { id, instant, version } from './fields.js';

export const taskStatus = z.enum(['PENDING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED']);
export type TaskStatus = z.infer<typeof taskStatus>;

/** What figures, filters and recipients are worked out from. */
export const taskState = z.object({
  title: z.string(),
  status: taskStatus,
  priority: z.number().int().min(1).max(10),
  startAt: instant.nullable(),
  dueAt: instant.nullable(),
  completedAt: instant.nullable(),
  assigneeIds: z.array(id),
  watcherIds: z.array(id).optional(),
  labelIds: z.array(id).optional(),
  /** Names of the labels at the time, folded to lower case. */
  labels: z.array(z.string()).optional(),
  parentId: id.nullable().optional(),
  blocked: z.boolean().optional(),
  /** In the trash since. */
  deletedAt: instant.nullable().optional(),
  /** Where it lay; exactly one is set. Absent in events of before this was told: where the event says. */
  projectId: id.nullable().optional(),
  channelId: id.nullable().optional(),
  ownerId: id.nullable().optional(),
  createdAt: instant,
  updatedAt: instant,
});
export type TaskState = z.infer<typeof taskState>;

export const fieldChange = z.object({ field: z.string(), before: z.unknown(), after: z.unknown() });
export type FieldChange = z.infer<typeof fieldChange>;

export const taskChanged = z.object({
  taskId: id,
  ref: z.string().nullable(),
  /** Exactly one of projectId, channelId and ownerId (a personal task) is set. */
  projectId: id.nullable(),
  channelId: id.nullable(),
  ownerId: id.nullable(),
  creatorId: id,
  /** The task after the write. */
  state: taskState,
  /** The task before the write; null for a new one. */
  before: taskState.nullable(),
  changes: z.array(fieldChange),
  version,
  /** Made by an import or from a template: notifiers tell nobody (RULES §7). */
  imported: z.boolean().optional(),
});
export type TaskChanged = z.infer<typeof taskChanged>;

/** No new version: `state` and `before` are the same. What the comment says is not here. */
export const taskCommented = taskChanged.extend({
  commentId: id,
  authorId: id,
  action: z.enum(['added', 'edited', 'deleted']),
  /** Everybody the comment mentions who could see the task when it was written; nobody for a deleted one. */
  mentionIds: z.array(id),
  /** Those of them whom it did not mention before. */
  newMentionIds: z.array(id),
});
export type TaskCommented = z.infer<typeof taskCommented>;

/** Ids and place: all that is left of a task. */
export const taskPurged = z.object({ taskId: id, projectId: id.nullable(), channelId: id.nullable(), ownerId: id.nullable(), version });
export type TaskPurged = z.infer<typeof taskPurged>;

export const taskEvents = {
  /** A task was made. */
  'task.created': taskChanged,
  /** Some field changed and none of the more specific things below happened. */
  'task.updated': taskChanged,
  /** The assignees changed, and perhaps other fields. */
  'task.assigned': taskChanged,
  /** The status became COMPLETED. */
  'task.completed': taskChanged,
  /** The status went from COMPLETED to another. */
  'task.reopened': taskChanged,
  /** A comment was added, edited or deleted; the task's version stays. */
  'task.commented': taskCommented,
  /** A label that the task carries was renamed; `changes` has `labels`, by folded names. The task's version stays. */
  'task.relabelled': taskChanged,
  /** Somebody watches the task from now on: for that person's own list; the task's version stays. */
  'task.watched': taskChanged,
  /** Somebody no longer watches the task: for that person's own list; the task's version stays. */
  'task.unwatched': taskChanged,
  /** Somebody who made the task is back in its scope: for that person's own list; the task's version stays. */
  'task.entered': taskChanged,
  /** Somebody tied to the task lost its scope: for that person's own list; the task's version stays. */
  'task.left': taskChanged,
  /** The task got another place in the manual order, or went to another scope with its subtasks. */
  'task.moved': taskChanged,
  /** The task went to the trash. */
  'task.deleted': taskChanged,
  /** The task came back from the trash. */
  'task.restored': taskChanged,
  /** The due date is 24 hours away: once per task and due date; the task's version stays. */
  'task.due-soon': taskChanged,
  /** The due date has passed: once per task and due date; the task's version stays. */
  'task.overdue': taskChanged,
  /** The task was erased for good, 30 days after it went to the trash; its earlier events are gone with it. */
  'task.purged': taskPurged,
  /** People lost a scope, all of them where it was deleted; ends their subscriptions. `aggregateId` is the scope's id. */
  'scope.access-lost': z.object({ scopeId: id, userIds: z.array(id).min(1), version }),
  /** Work was given up after all its tries. */
  'task.dead-lettered': deadLettered,
} as const;
