import { conflict, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { TaskDependencyInput } from '../generated/resolver-types.js';
import { canEdit } from '../policies.js';
import { loadTask } from '../repositories/write-repository.js';
import { requireTask } from '../standing.js';
import { removeLink } from './change-dependency.js';
import { saveUndo, undoEntry } from './undo-token.js';
import { cursorAt, writeAs, type WrittenTask } from './write-task.js';

/** Lets a task no longer wait for another one that the viewer can see. Not there: nothing changes. Emits task.updated. */
export async function removeTaskDependency(context: Context, input: TaskDependencyInput): Promise<WrittenTask> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  const { task, standing } = await requireTask(context, viewerId, input.taskId);
  const { task: other } = await requireTask(context, viewerId, input.blockedById);
  const written = await writeAs(context, viewerId, [`task:${task.id}`, `task:${other.id}`], async (tx) => {
    const before = await loadTask(tx, task.id);
    if (!before) throw notFound('task');
    if (!canEdit(standing, before, viewerId)) throw forbidden();
    if (!standing.writable) throw conflict('The project is archived.');
    if (before.deletedAt) throw conflict('The task is in the trash: restore it first.');
    const done = await removeLink(context, tx, before, other.id);
    const undoToken = done.changed ? await saveUndo(context, tx, [undoEntry(done)]) : null;
    tx.remember({ taskId: task.id, place: done.place, undoToken });
    return { ...done, undoToken };
  });
  context.tasks.clear(task.id);
  return { task: written.after, cursor: cursorAt(context, written.place), undoToken: written.undoToken };
}
