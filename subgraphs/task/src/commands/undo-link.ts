// Takes back that a task was made to wait for another one, or no longer to.
import { conflict, DomainError, forbidden, notFound } from '@taskgraph/shared/errors';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { TaskRow } from '../entities/task.js';
import { canEdit, type Standing } from '../policies.js';
import { blockersOf, namesOf } from '../repositories/dependency-repository.js';
import { loadTask } from '../repositories/write-repository.js';
import { addLink, removeLink } from './change-dependency.js';
import type { TaskChangeDone } from './change-task.js';
import type { LinkChange, UndoEntry } from './undo-token.js';

export const locksOfLink = ({ link }: UndoEntry): string[] => (link ? [`task:${link.blockedById}`] : []);

/** CONFLICT where somebody has changed the same dependency since, or where what came since leaves no room for it. */
export async function undoLink(context: Context, tx: WriteTransaction, standing: Standing, task: TaskRow, { blockedById, added, at }: LinkChange): Promise<TaskChangeDone> {
  if (!canEdit(standing, task, context.viewer?.id ?? '')) throw forbidden();
  if (!standing.writable) throw conflict('The project is archived.');
  if (task.deletedAt) throw conflict('The task is in the trash: restore it first.');
  const blockers = (await blockersOf(tx.query, [task.id])).map((row) => row.blockedById);
  if (blockers.includes(blockedById) !== added) {
    const blockedBy = (await namesOf(tx, blockers)).map(({ id }) => id);
    throw conflict('Somebody changed the same dependency since.', { fields: ['blockedBy'], current: { version: task.version, blockedBy } });
  }
  if (added) return removeLink(context, tx, task, blockedById);
  const blocker = await loadTask(tx, blockedById);
  if (!blocker) throw notFound('task');
  if (blocker.deletedAt) throw conflict('The task it waited for is in the trash: restore that first.', { fields: ['blockedBy'] });
  return addLink(context, tx, task, blocker, new Date(at)).catch((error: unknown) => {
    // A circle or a limit: what the token was given for was right then.
    throw error instanceof DomainError && error.code === 'BAD_USER_INPUT' ? conflict(error.message, { fields: ['blockedBy'] }) : error;
  });
}
