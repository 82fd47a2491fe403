import { badInput, conflict, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import { CommentEntity, type CommentRow } from '../entities/comment.js';
import type { UpdateCommentInput } from '../generated/resolver-types.js';
import { canEditComment } from '../policies.js';
import { lastPlace } from '../repositories/change-repository.js';
import { lastCommentPlace } from '../repositories/comment-repository.js';
import { checkBody, emitCommented, loadOpenTask, mentionsIn, requireComment, type WrittenComment } from './write-comment.js';
import { cursorAt, writeAs } from './write-task.js';

/** Gives one's own comment another body; the same one changes nothing. Emits task.commented. */
export async function updateComment(context: Context, input: UpdateCommentInput): Promise<WrittenComment> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  const { comment, task, standing } = await requireComment(context, viewerId, input.id);
  if (!canEditComment(comment, viewerId)) throw forbidden();
  const body = checkBody(input.body);
  const mentionIds = body === comment.body ? comment.mentionIds : await mentionsIn(context, task, body);
  const expected = input.expectedVersion ?? null;
  return writeAs(context, viewerId, [`task:${task.id}`, `comment:${comment.id}`], async (tx) => {
    const open = await loadOpenTask(tx, standing, task.id);
    const before = await tx.manager.findOneBy(CommentEntity, { id: comment.id });
    if (!before) throw notFound('comment');
    if (expected !== null && expected < 1) throw badInput('input.expectedVersion', 'must be at least 1');
    if (expected !== null && expected > before.version) throw badInput('input.expectedVersion', 'is ahead of the comment');
    // Only its author edits a comment: another version is that person's other window, which must not be lost either.
    if (expected !== null && expected < before.version && before.body !== body) {
      throw conflict('The comment was changed since.', { fields: ['body'], current: { version: before.version, body: before.body } });
    }
    if (before.body === body) {
      const place = (await lastCommentPlace(tx.query, task.id, comment.id)) ?? (await lastPlace(tx, task.id));
      tx.remember({ commentId: comment.id, place });
      return { comment: before, cursor: cursorAt(context, place) };
    }
    const after: CommentRow = { ...before, body, mentionIds, editedAt: new Date(), version: before.version + 1 };
    await tx.manager.update(CommentEntity, { id: after.id }, after);
    const place = await emitCommented(context, tx, open, after, 'edited', mentionIds.filter((id) => !before.mentionIds.includes(id)));
    tx.remember({ commentId: after.id, place });
    return { comment: after, cursor: cursorAt(context, place) };
  });
}
