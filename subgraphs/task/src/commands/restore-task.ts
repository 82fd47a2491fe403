import { conflict, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { TaskIdInput } from '../generated/resolver-types.js';
import { canDelete } from '../policies.js';
import { loadTask, subtreeIds } from '../repositories/write-repository.js';
import { requireTask, toDelete } from '../standing.js';
import type { TaskChangeDone } from './change-task.js';
import { changeTask } from './change-task.js';
import { changeSubtree } from './delete-task.js';
import { saveUndo, undoEntry } from './undo-token.js';
import { cursorAt, writeAs, type WrittenTask } from './write-task.js';

/** Takes a task out of the trash, with the subtasks that went there together with it. Whoever may delete it may. */
export async function restoreTask(context: Context, input: TaskIdInput): Promise<WrittenTask> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  const { task, standing } = await requireTask(context, viewerId, input.id, toDelete);
  const written = await writeAs(context, viewerId, [`task:${task.id}`], async (tx) => {
    const root = await loadTask(tx, task.id);
    if (!root) throw notFound('task');
    if (!canDelete(standing, root, viewerId)) throw forbidden();
    if (!standing.writable) throw conflict('The project is archived.');
    const parent = root.deletedAt && root.parentId ? await loadTask(tx, root.parentId) : null;
    if (parent?.deletedAt) throw conflict('Its parent is in the trash: restore that first.');
    const done = root.deletedAt
      ? await changeSubtree(context, tx, await subtreeIds(tx, root.id, root.deletedAt), { deletedAt: null })
      : [await changeTask(context, tx, root, {})];
    const first = done[0] as TaskChangeDone;
    const undoToken = first.changed ? await saveUndo(context, tx, done.map(undoEntry)) : null;
    tx.remember({ taskId: root.id, place: first.place, undoToken });
    return { root: first, undoToken };
  });
  context.tasks.clear(input.id);
  return { task: written.root.after, cursor: cursorAt(context, written.root.place), undoToken: written.undoToken };
}
