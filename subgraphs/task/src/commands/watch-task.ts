import { conflict, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { TaskIdInput } from '../generated/resolver-types.js';
import { canComment } from '../policies.js';
import { lastPlace } from '../repositories/change-repository.js';
import { loadTask } from '../repositories/write-repository.js';
import { requireTask } from '../standing.js';
import { changeWatcher } from './change-watchers.js';
import { cursorAt, writeAs, type WrittenTask } from './write-task.js';

/** Most watchers of one task: each of its events names them. */
const watcherLimit = 200;

/** Follows a task. No new version; only the watcher's own list shows it. Emits task.watched. */
export const watchTask = (context: Context, input: TaskIdInput): Promise<WrittenTask> => setWatching(context, input.id, true);

/** Stops following a task. Emits task.unwatched. */
export const unwatchTask = (context: Context, input: TaskIdInput): Promise<WrittenTask> => setWatching(context, input.id, false);

async function setWatching(context: Context, id: string, watches: boolean): Promise<WrittenTask> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  const { task, standing } = await requireTask(context, viewerId, id);
  if (!canComment(standing)) throw forbidden();
  const written = await writeAs(context, viewerId, [`task:${task.id}`], async (tx) => {
    const before = await loadTask(tx, task.id);
    if (!before) throw notFound('task');
    if (!standing.writable) throw conflict('The project is archived.');
    if (before.deletedAt) throw conflict('The task is in the trash: restore it first.');
    if (watches && before.watcherIds.length >= watcherLimit && !before.watcherIds.includes(viewerId)) throw conflict(`A task has at most ${watcherLimit} watchers.`);
    const done = (await changeWatcher(context, tx, before, viewerId, watches)) ?? { after: before, place: await lastPlace(tx, task.id) };
    tx.remember({ taskId: task.id, place: done.place });
    return done;
  });
  context.tasks.clear(id);
  return { task: written.after, cursor: cursorAt(context, written.place) };
}
