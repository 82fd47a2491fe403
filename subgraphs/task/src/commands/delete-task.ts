import { conflict, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { TaskRow } from '../entities/task.js';
import type { TaskIdInput } from '../generated/resolver-types.js';
import { canDelete, type Standing } from '../policies.js';
import { loadTask, subtreeIds } from '../repositories/write-repository.js';
import { requireTask, toDelete } from '../standing.js';
import { locksOfDependents } from './blocking.js';
import { changeTask, type TaskChangeDone } from './change-task.js';
import { checkVersion } from './patch-task.js';
import { saveUndo, undoEntry } from './undo-token.js';
import { cursorAt, writeAs, type WrittenTask } from './write-task.js';

/** Puts a task with its subtasks into the trash: one event each, restorable for 30 days. On a trashed task nothing changes. */
export async function deleteTask(context: Context, input: TaskIdInput): Promise<WrittenTask> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  const { task, standing } = await requireTask(context, viewerId, input.id, toDelete);
  const written = await writeAs(context, viewerId, [`task:${task.id}`], async (tx) => {
    const current = await loadTask(tx, task.id);
    if (current && input.expectedVersion != null) await checkVersion(tx, current, input.expectedVersion, ['deletedAt'], viewerId);
    const done = await trashTask(context, tx, standing, task.id);
    const root = done[0] as TaskChangeDone;
    const undoToken = root.changed ? await saveUndo(context, tx, done.flatMap((change) => [undoEntry(change), ...change.also])) : null;
    tx.remember({ taskId: task.id, place: root.place, undoToken });
    return { root, undoToken };
  });
  context.tasks.clear(input.id);
  return { task: written.root.after, cursor: cursorAt(context, written.root.place), undoToken: written.undoToken };
}

/** Trashes a task and what lies below it inside a running transaction; the task itself comes first in the answer. */
export async function trashTask(context: Context, tx: WriteTransaction, standing: Standing, id: string): Promise<TaskChangeDone[]> {
  const root = await loadTask(tx, id);
  if (!root) throw notFound('task');
  if (!canDelete(standing, root, context.viewer?.id ?? '')) throw forbidden();
  if (!standing.writable) throw conflict('The project is archived.');
  if (root.deletedAt) return [await changeTask(context, tx, root, {})];
  return changeSubtree(context, tx, await subtreeIds(tx, id), { deletedAt: new Date() });
}

/** Writes the same fields into several tasks, each a write of its own. */
export async function changeSubtree(context: Context, tx: WriteTransaction, ids: string[], fields: Partial<Pick<TaskRow, 'deletedAt'>>): Promise<TaskChangeDone[]> {
  tx.alsoLock([...ids.map((id) => `task:${id}`), ...(await locksOfDependents(tx, ids))]);
  const done: TaskChangeDone[] = [];
  for (const id of ids) {
    const task = await loadTask(tx, id);
    if (task) done.push(await changeTask(context, tx, task, fields));
  }
  return done;
}
