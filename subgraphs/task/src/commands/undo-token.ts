// Undo tokens: what a write did, kept for a day for the person who did it. The token is the row's id with an HMAC, so that
// a resend shows the same one and nothing secret is stored.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { badInput } from '@taskgraph/shared/errors';
import { isUuid, newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { TaskRow } from '../entities/task.js';
import type { TaskChangeDone, TaskFields } from './change-task.js';

/** Fields that undo puts back, with their values before and after the write. */
export const undoableFields = [
  'title', 'description', 'status', 'priority', 'startAt', 'dueAt', 'assigneeIds', 'labelIds', 'parentId', 'recurrenceRule', 'recurrenceTimeZone', 'recurrenceStart', 'seriesId',
  'deletedAt', 'rank', 'projectId', 'channelId', 'ownerId', 'scopeId', 'ref',
] as const satisfies (keyof TaskFields)[];

/** A task began or ceased to wait for another one. */
export interface LinkChange {
  blockedById: string;
  added: boolean;
  /** Since when it waits, or waited. */
  at: string;
}

export interface UndoEntry {
  taskId: string;
  /** The write made the task: undoing trashes it. */
  created: boolean;
  /** Made on the side (the next instance of a recurring task): undoing is refused once somebody has touched it. */
  spawned?: boolean;
  /** Its subtasks, made with it. */
  spawnedWith?: string[];
  link?: LinkChange;
  fields: Partial<Record<(typeof undoableFields)[number], { before: unknown; after: unknown }>>;
}

const plain = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);

export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(plain(a) ?? null) === JSON.stringify(plain(b) ?? null);

export function undoEntry({ before, after, link }: Pick<TaskChangeDone, 'before' | 'after' | 'link'>): UndoEntry {
  const fields: UndoEntry['fields'] = {};
  for (const field of undoableFields) {
    if (!sameValue(before[field], after[field])) fields[field] = { before: plain(before[field]), after: plain(after[field]) };
  }
  return { taskId: after.id, created: false, fields, ...(link ? { link } : {}) };
}

export const createdEntry = (task: TaskRow): UndoEntry => ({ taskId: task.id, created: true, fields: {} });

/** Keeps the entries under `id` (several batches of one bulk add to the same row) and answers the token. */
export async function saveUndo(context: Context, tx: WriteTransaction, entries: UndoEntry[], id: string = newId()): Promise<string> {
  await tx.query(
    `insert into undo_tokens as u (id, viewer_id, entries) values ($1, $2, $3)
     on conflict (id) do update set entries = u.entries || excluded.entries where u.viewer_id = excluded.viewer_id`,
    [id, context.viewer?.id, JSON.stringify(entries)],
  );
  return undoTokenOf(context, id);
}

const macOf = (context: Context, id: string): Buffer => createHmac('sha256', context.secretKey).update(`undo ${id}`).digest().subarray(0, 16);

export const undoTokenOf = (context: Context, id: string): string =>
  Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), macOf(context, id)]).toString('base64url');

/** Id of the row a token stands for; BAD_USER_INPUT for anything else. */
export function undoIdOf(context: Context, token: string): string {
  const bytes = Buffer.from(token, 'base64url');
  const hex = bytes.subarray(0, 16).toString('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  if (bytes.length !== 32 || !isUuid(id) || !timingSafeEqual(bytes.subarray(16), macOf(context, id))) throw badInput('input.token', 'is not an undo token');
  return id;
}
