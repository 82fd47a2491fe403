import { forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import { CommentEntity } from '../entities/comment.js';
import type { DeleteCommentInput } from '../generated/resolver-types.js';
import { canDeleteComment } from '../policies.js';
import { emitCommented, loadOpenTask, requireComment } from './write-comment.js';
import { cursorAt, writeAs } from './write-task.js';

/** Deletes a comment for good: one's own, or any for those above a plain member. Emits task.commented. */
export async function deleteComment(context: Context, input: DeleteCommentInput): Promise<{ id: string; cursor: string }> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  const { comment, task, standing } = await requireComment(context, viewerId, input.id);
  if (!canDeleteComment(standing, comment, viewerId)) throw forbidden();
  return writeAs(context, viewerId, [`task:${task.id}`, `comment:${comment.id}`], async (tx) => {
    const open = await loadOpenTask(tx, standing, task.id);
    const { affected } = await tx.manager.delete(CommentEntity, { id: comment.id });
    if (affected === 0) throw notFound('comment');
    const place = await emitCommented(context, tx, open, comment, 'deleted', []);
    tx.remember({ commentId: comment.id, place });
    return { id: comment.id, cursor: cursorAt(context, place) };
  });
}
