// Writes that only one person's own list shows: no version, no TaskChange for anybody else (RULES §2).
import type { EventType } from '@taskgraph/shared/contracts/events';
import type { Place } from '@taskgraph/shared/event-log';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { TaskRow } from '../entities/task.js';
import { saveTask } from '../repositories/write-repository.js';
import { taskEvent, type Author } from './write-task.js';

/** A log row for one person alone; the caller has counted it in `after.eventSeq` and saves the task. */
export const tellOne = (author: Author, tx: WriteTransaction, type: EventType, userId: string, before: TaskRow, after: TaskRow): Promise<Place> =>
  tx.emit({ ...taskEvent(author, before, after, []), type, scopeId: null, audience: [userId] });

/** Makes `userId` a watcher, or none. Nothing to do: answers null. */
export async function changeWatcher(author: Author, tx: WriteTransaction, before: TaskRow, userId: string, watches: boolean): Promise<{ after: TaskRow; place: Place } | null> {
  if (before.watcherIds.includes(userId) === watches) return null;
  const watcherIds = watches ? [...before.watcherIds, userId] : before.watcherIds.filter((id) => id !== userId);
  const after = { ...before, watcherIds, eventSeq: before.eventSeq + 1 };
  await saveTask(tx, before, after);
  return { after, place: await tellOne(author, tx, watches ? 'task.watched' : 'task.unwatched', userId, before, after) };
}
