// What hangs on a task: one statement for all tasks of a level.
import { createCursorCodec } from '@taskgraph/shared/cursor';
import { readPageArguments, toConnection, type PageArguments } from '@taskgraph/shared/pagination';
import type { Context } from '../context.js';
import type { CommentPage } from '../entities/comment.js';
import type { LabelRow } from '../entities/label.js';
import type { TaskRow } from '../entities/task.js';
import { commentKey } from '../repositories/comment-repository.js';

/** By name, like a project's list. A label that is being deleted is left out already. */
export async function taskLabels(task: TaskRow, context: Context): Promise<LabelRow[]> {
  const labels = await context.labels.loadMany(task.labelIds);
  const found: LabelRow[] = [];
  for (const label of labels) {
    if (label instanceof Error) throw label;
    if (label) found.push(label);
  }
  return found.sort((a, b) => (a.nameKey < b.nameKey ? -1 : 1));
}

/** Null without an error for a project the viewer does not belong to. */
export async function projectLabels(projectId: string, context: Context): Promise<LabelRow[] | null> {
  if (!context.viewer) return null;
  const { role, scopeId } = await context.memberships.load({ kind: 'project', id: projectId });
  return role === null ? null : context.labelsByScope.load(scopeId);
}

export async function taskComments(task: TaskRow, args: PageArguments, context: Context): Promise<CommentPage> {
  const cursors = createCursorCodec(context.secretKey, 'comments');
  const page = readPageArguments(args, context.pageLimits, cursors);
  const rows = await context.commentsByTask.load({ taskId: task.id, page });
  return toConnection(rows, page, cursors, commentKey, () => context.commentCounts.load(task.id));
}
