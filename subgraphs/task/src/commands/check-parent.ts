// Subtasks: at most ten levels, no cycles, parent and child in one place.
import { badInput } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { TaskRow } from '../entities/task.js';
import { ancestorsOf, heightOf } from '../repositories/subtask-repository.js';
import { loadTask } from '../repositories/write-repository.js';

/** Most levels of a tree, the topmost task being the first. */
export const levelLimit = 10;

const path = 'input.parentId';

/** Two writes that hang tasks under each other at the same time must not both find the tree as it was. */
export const treeLock = (scopeId: string): string => `tree:${scopeId}`;

/** Checks the parent that `task` has from now on; also locks it, so that it cannot go to the trash meanwhile. A new task is nobody's parent yet. */
export async function checkParent(tx: WriteTransaction, task: Pick<TaskRow, 'id' | 'parentId' | 'scopeId'>): Promise<void> {
  const { id, parentId, scopeId } = task;
  if (parentId === null) return;
  const elsewhere = badInput(path, 'must be a task of the same project, channel or personal list');
  if (!isUuid(parentId)) throw elsewhere;
  tx.alsoLock([treeLock(scopeId), `task:${parentId}`]);
  const parent = await loadTask(tx, parentId);
  // What one cannot see lies in another scope for sure: both get the same answer.
  if (!parent || parent.scopeId !== scopeId) throw elsewhere;
  if (parent.deletedAt) throw badInput(path, 'must not lie in the trash');
  const above = await ancestorsOf(tx, parentId);
  if (parentId === id || above.includes(id)) throw badInput(path, 'must not be the task itself or one of its subtasks');
  if (above.length + 1 + (await heightOf(tx, id)) > levelLimit) throw badInput(path, `would nest more than ${levelLimit} levels`);
}
