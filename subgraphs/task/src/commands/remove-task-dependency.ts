import { conflict, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { TaskDependencyInput } from '../generated/resolver-types.js';
import { canEdit } from '../policies.js';
import { lastPlace } from '../repositories/change-repository.js';
import { blockersOf, deleteDependency, openBlockers } from '../repositories/dependency-repository.js';
import { loadTask } from '../repositories/write-repository.js';
import { requireTask } from '../standing.js';
import { saveDependencies } from './save-dependencies.js';
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
    const blockers = (await blockersOf(tx.query, [task.id])).map((row) => row.blockedById);
    if (!blockers.includes(other.id)) {
      const place = await lastPlace(tx, task.id);
      tx.remember({ taskId: task.id, place });
      return { after: before, place };
    }
    await deleteDependency(tx, { taskId: task.id, blockedById: other.id });
    const blocked = (await openBlockers(tx, task.id)).length > 0;
    return saveDependencies(context, tx, before, blocked, blockers, blockers.filter((id) => id !== other.id));
  });
  context.tasks.clear(task.id);
  return { task: written.after, cursor: cursorAt(context, written.place) };
}
