import { createHash } from 'node:crypto';
import { badInput, conflict, forbidden, unauthenticated } from '@taskgraph/shared/errors';
import { isUuidV7, newId } from '@taskgraph/shared/ids';
import { sqlState } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import { readAs } from '../database.js';
import { CommentEntity, type CommentRow } from '../entities/comment.js';
import type { AddCommentInput } from '../generated/resolver-types.js';
import { canComment } from '../policies.js';
import { lastPlace } from '../repositories/change-repository.js';
import { findComments, lastCommentPlace } from '../repositories/comment-repository.js';
import { requireTask } from '../standing.js';
import { checkBody, emitCommented, loadOpenTask, mentionsIn, type WrittenComment } from './write-comment.js';
import { cursorAt, writeAs } from './write-task.js';

/**
 * Says something about a task. With a known `id`: the same author and the same input answers the comment as it is now,
 * anything else is CONFLICT, also the id of a comment that was deleted. Emits task.commented.
 */
export async function addComment(context: Context, input: AddCommentInput): Promise<WrittenComment> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  if (input.id != null && !isUuidV7(input.id)) throw badInput('input.id', 'must be a UUIDv7');
  const id = input.id?.toLowerCase() ?? newId();
  const { task, standing } = await requireTask(context, viewerId, input.taskId);
  if (!canComment(standing)) throw forbidden();
  const body = checkBody(input.body);
  const createdAs = createHash('sha256').update(JSON.stringify([viewerId, id, task.id, body])).digest('base64url');
  const repeated = await repeatedComment(context, viewerId, id, createdAs);
  if (repeated) return repeated;
  const mentionIds = await mentionsIn(context, task, body);
  try {
    return await writeAs(context, viewerId, [`task:${task.id}`, `comment:${id}`], async (tx) => {
      const open = await loadOpenTask(tx, standing, task.id);
      if (input.id != null && (await lastCommentPlace(tx.query, task.id, id))) throw conflict('This id is taken.', { fields: ['id'] });
      const comment: CommentRow = {
        id, taskId: open.id, scopeId: open.scopeId, authorId: viewerId, body, mentionIds, createdAs, createdAt: new Date(), editedAt: null, version: 1,
      };
      await tx.manager.insert(CommentEntity, comment);
      const place = await emitCommented(context, tx, open, comment, 'added', mentionIds);
      tx.remember({ commentId: id, place });
      return { comment, cursor: cursorAt(context, place) };
    });
  } catch (error) {
    // A twin of this request was faster, or row level security hides somebody else's comment of this id.
    if (sqlState(error) !== '23505' && (error as { code?: string }).code !== 'CONFLICT') throw error;
    const twin = await repeatedComment(context, viewerId, id, createdAs);
    if (twin) return twin;
    throw sqlState(error) === '23505' ? conflict('This id is taken.', { fields: ['id'] }) : error;
  }
}

async function repeatedComment(context: Context, viewerId: string, id: string, createdAs: string): Promise<WrittenComment | null> {
  return readAs(context.database, viewerId, async (rows) => {
    const [comment] = await findComments(rows, [id]);
    if (!comment) return null;
    if (comment.createdAs !== createdAs) throw conflict('This id is taken.', { fields: ['id'] });
    const place = (await lastCommentPlace(rows, comment.taskId, id)) ?? (await lastPlace({ query: (sql, parameters) => rows(sql, parameters) }, comment.taskId));
    return { comment, cursor: cursorAt(context, place) };
  });
}
