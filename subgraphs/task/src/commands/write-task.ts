// What every write to a task has in common: the transaction as the viewer, the event, the cursor.
import type { FieldChange, TaskChanged, TaskState } from '@taskgraph/shared/contracts/task-events';
import type { EventType } from '@taskgraph/shared/contracts/events';
import { type NewEvent, type Place } from '@taskgraph/shared/event-log';
import { notFound } from '@taskgraph/shared/errors';
import { writeTransaction, type WriteTransaction } from '@taskgraph/shared/write-transaction';
import { createHash } from 'node:crypto';
import type { Context } from '../context.js';
import { becomeViewer } from '../database.js';
import type { TaskRow } from '../entities/task.js';
import { namingLabels } from '../repositories/label-names.js';

export interface WrittenTask {
  task: TaskRow;
  cursor: string;
  undoToken?: string | null;
}

/** A write transaction in which row level security shows what the viewer may see. */
export function writeAs<T>(context: Context, viewerId: string, lock: string[], work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
  const options = { lock, idempotency: context.idempotency, committed: () => context.watcher.poke() };
  return writeTransaction(context.database, options, async (tx) => {
    await tx.query(becomeViewer(viewerId));
    return work(namingLabels(tx));
  });
}

/** What a resend of a write to one task is answered from. */
export interface TaskRecord {
  taskId: string;
  place: Place;
  undoToken?: string | null;
}

/** Renders a kept answer: the same cursor, the task as it is today. */
export async function replayTask(context: Context, record: TaskRecord): Promise<WrittenTask> {
  context.tasks.clear(record.taskId);
  const task = await context.tasks.load(record.taskId);
  if (!task) throw notFound('task');
  return { task, cursor: cursorAt(context, record.place), undoToken: record.undoToken ?? null };
}

export const cursorAt = (context: Context, place: Place): string => context.logCursors.encode([place.epoch, place.xid, place.ordinal]);

/** Fields that a client can write and that the log tells of. */
const writtenFields = [
  'title', 'description', 'status', 'priority', 'startAt', 'dueAt', 'assigneeIds', 'labelIds', 'parentId', 'recurrence', 'blocked', 'deletedAt',
  'rank', 'projectId', 'channelId',
] as const;

/** Columns that the log tells of under another name, or not at all. */
const columnNames: Partial<Record<string, string | null>> = { recurrenceRule: 'recurrence', recurrenceTimeZone: null, recurrenceStart: null, seriesId: null };

/** What the columns of a patch are called in `changes` and in the input. */
export const namesInLog = (columns: readonly string[]): string[] =>
  columns.map((column) => (columnNames[column] === undefined ? column : columnNames[column])).filter((name) => name !== null);

export const valueOf = (task: TaskRow | null, field: (typeof writtenFields)[number] | keyof TaskRow): unknown => {
  if (task === null) return null;
  if (field !== 'recurrence') return task[field];
  return task.recurrenceRule === null ? null : { rule: task.recurrenceRule, timeZone: task.recurrenceTimeZone };
};

/** What a new task has anyway is not told as a change. */
const unset = (value: unknown): boolean => value === null || value === false || (Array.isArray(value) && value.length === 0);

/** Every field that differs, `null` before standing for a new task. */
export function diff(before: TaskRow | null, after: TaskRow): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const field of writtenFields) {
    const [old, now] = [plain(valueOf(before, field)), plain(valueOf(after, field))];
    if (before === null && (unset(now) || field === 'rank')) continue;
    if (JSON.stringify(old) !== JSON.stringify(now)) changes.push({ field, before: bounded(old), after: bounded(now) });
  }
  return changes;
}

const plain = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);

/** Longest value that stands in the log as it is, in bytes of JSON. */
const valueLimit = 4_096;

function bounded(value: unknown): unknown {
  const text = JSON.stringify(value) ?? 'null';
  const bytes = Buffer.byteLength(text);
  return bytes <= valueLimit ? value : { sha256: createHash('sha256').update(text).digest('hex'), bytes };
}

/** The most specific thing that happened, by the precedence of RULES §2. */
export function eventTypeOf(before: TaskRow | null, after: TaskRow, changes: FieldChange[]): EventType {
  if (!before) return 'task.created';
  if (!before.deletedAt !== !after.deletedAt) return after.deletedAt ? 'task.deleted' : 'task.restored';
  if (before.scopeId !== after.scopeId || changes.every((change) => change.field === 'rank')) return 'task.moved';
  if (before.status !== after.status && after.status === 'COMPLETED') return 'task.completed';
  if (before.status !== after.status && before.status === 'COMPLETED') return 'task.reopened';
  return changes.some((change) => change.field === 'assigneeIds') ? 'task.assigned' : 'task.updated';
}

/** On whose behalf something is written: a request, or background work (nobody, or whoever caused it). */
export interface Author {
  viewer: { id: string } | null;
  requestId: string | null;
}

/** Background work that nobody caused. */
export const nobody: Author = { viewer: null, requestId: null };

export function taskEvent(context: Author, before: TaskRow | null, after: TaskRow, changes: FieldChange[]): NewEvent {
  const { id: taskId, ref, projectId, channelId, ownerId, creatorId, version } = after;
  const payload: TaskChanged = {
    taskId, ref, projectId, channelId, ownerId, creatorId, version, changes, state: stateOf(after), before: before && stateOf(before),
  };
  return {
    type: eventTypeOf(before, after, changes), aggregateId: taskId, seq: after.eventSeq, version, payload,
    actorId: context.viewer?.id ?? null, traceId: context.requestId, scopeId: after.scopeId,
    ...(before && before.scopeId !== after.scopeId ? { fromScopeId: before.scopeId } : {}),
    audience: [...new Set([creatorId, ...[after, ...(before ? [before] : [])].flatMap((task) => [...task.assigneeIds, ...task.watcherIds])])],
  };
}

function stateOf(task: TaskRow): TaskState {
  const instant = (date: Date | null) => date?.toISOString() ?? null;
  const { title, status, priority, assigneeIds, watcherIds, labelIds, parentId, blocked, projectId, channelId, ownerId } = task;
  return {
    title, status, priority, assigneeIds, watcherIds, labelIds, parentId, blocked, projectId, channelId, ownerId,
    startAt: instant(task.startAt), dueAt: instant(task.dueAt), completedAt: instant(task.completedAt), deletedAt: instant(task.deletedAt),
    createdAt: task.createdAt.toISOString(), updatedAt: task.updatedAt.toISOString(),
  };
}
