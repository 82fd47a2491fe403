import type { CommentResolvers } from '../generated/resolver-types.js';

export const Comment: CommentResolvers = {
  task: async (comment, _args, context) => context.tasks.load(comment.taskId) as Promise<NonNullable<Awaited<ReturnType<typeof context.tasks.load>>>>,
  author: (comment) => ({ id: comment.authorId }),
  mentions: (comment) => comment.mentionIds.map((id) => ({ id })),
};
