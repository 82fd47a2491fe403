// Mutations of comments, resendable under their Idempotency-Key.
import { once } from '@taskgraph/shared/once';
import { addComment } from '../commands/add-comment.js';
import { deleteComment } from '../commands/delete-comment.js';
import { updateComment } from '../commands/update-comment.js';
import { replayComment, type CommentRecord } from '../commands/write-comment.js';
import { cursorAt } from '../commands/write-task.js';
import type { MutationResolvers } from '../generated/resolver-types.js';

export const commentMutations: Pick<MutationResolvers, 'addComment' | 'updateComment' | 'deleteComment'> = {
  addComment: (_root, { input }, context, info) =>
    once(context, info, input, () => addComment(context, input), (record: CommentRecord) => replayComment(context, record)),
  updateComment: (_root, { input }, context, info) =>
    once(context, info, input, () => updateComment(context, input), (record: CommentRecord) => replayComment(context, record)),
  deleteComment: (_root, { input }, context, info) =>
    once(context, info, input, () => deleteComment(context, input), async (record: CommentRecord) => ({
      id: record.commentId, cursor: cursorAt(context, record.place),
    })),
};
