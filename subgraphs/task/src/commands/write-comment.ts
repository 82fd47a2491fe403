// What every write to a comment has in common: who may, whom it mentions, the event, the cursor.
import type { TaskCommented } from '@taskgraph/shared/contracts/task-events';
import type { Place } from '@taskgraph/shared/event-log';
import { badInput, conflict, notFound } from '@taskgraph/shared/errors';
import { checkMarkdown, checkText } from '@taskgraph/shared/text';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import { readAs } from '../database.js';
import type { CommentRow } from '../entities/comment.js';
import type { TaskRow } from '../entities/task.js';
import { handlesIn } from '../handles.js';
import type { Standing, TaskPlace } from '../policies.js';
import { findComments, findCommentTask } from '../repositories/comment-repository.js';
import { loadTask, saveEventCount } from '../repositories/write-repository.js';
import { placeOf, requireTask } from '../standing.js';
import { cursorAt, taskEvent } from './write-task.js';

export interface WrittenComment {
  comment: CommentRow;
  cursor: string;
}

/** What a resend of a write to one comment is answered from. */
export interface CommentRecord {
  commentId: string;
  place: Place;
}

/** Renders a kept answer: the same cursor, the comment as it is today. */
export async function replayComment(context: Context, record: CommentRecord): Promise<WrittenComment> {
  const { comment } = await requireComment(context, context.viewer?.id ?? '', record.commentId);
  return { comment, cursor: cursorAt(context, record.place) };
}

/** A comment with its task; NOT_FOUND alike for what does not exist and for what the viewer cannot see. */
export async function requireComment(context: Context, viewerId: string, id: string): Promise<{ comment: CommentRow; task: TaskRow; standing: Standing }> {
  const taskId = await findCommentTask(context.database, id);
  if (taskId === null) throw notFound('comment');
  const { task, standing } = await requireTask(context, viewerId, taskId).catch((error: unknown) => {
    throw (error as { code?: string }).code === 'NOT_FOUND' ? notFound('comment') : error;
  });
  const [comment] = await readAs(context.database, viewerId, (rows) => findComments(rows, [id]));
  if (!comment) throw notFound('comment');
  return { comment, task, standing };
}

/** The task as it is under the lock; refuses where nothing may be written. */
export async function loadOpenTask(tx: WriteTransaction, standing: Standing, id: string): Promise<TaskRow> {
  const task = await loadTask(tx, id);
  if (!task) throw notFound('task');
  if (!standing.writable) throw conflict('The project is archived.');
  if (task.deletedAt) throw conflict('The task is in the trash: restore it first.');
  return task;
}

export function checkBody(body: string): string {
  if (body.trim() === '') throw badInput('input.body', 'must not be empty');
  checkText('input.body', body, { max: 65_536 });
  return checkMarkdown('input.body', body);
}

/** People whom the text names and who can see the task; everything else that looks like a handle is text. */
export async function mentionsIn(context: Context, place: TaskPlace, body: string): Promise<string[]> {
  const handles = handlesIn(body);
  if (handles.length === 0) return [];
  const ids = await context.handles.idsOf(handles, context.requestId);
  const ref = placeOf(place);
  const seeing = await Promise.all(ids.map(async (id) => (ref ? (await context.access.membership(ref.kind, ref.id, id)).role !== null : id === place.ownerId)));
  return ids.filter((_, index) => seeing[index]);
}

/** One event of the task without a new version (RULES §2). It holds ids; what was said is read from the comment. */
export async function emitCommented(
  context: Context,
  tx: WriteTransaction,
  task: TaskRow,
  comment: CommentRow,
  action: TaskCommented['action'],
  newMentionIds: string[],
): Promise<Place> {
  const after = { ...task, eventSeq: task.eventSeq + 1 };
  await saveEventCount(tx, after);
  const change = { field: 'comments', before: action === 'added' ? null : comment.id, after: action === 'deleted' ? null : comment.id };
  const event = taskEvent(context, task, after, [change]);
  const mentionIds = action === 'deleted' ? [] : comment.mentionIds;
  const payload = { ...(event.payload as object), commentId: comment.id, authorId: comment.authorId, action, mentionIds, newMentionIds };
  return tx.emit({ ...event, type: 'task.commented', payload });
}
