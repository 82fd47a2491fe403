import type { Place } from '@taskgraph/shared/event-log';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { TaskRow } from '../entities/task.js';
import { namesOf } from '../repositories/dependency-repository.js';
import { saveTask } from '../repositories/write-repository.js';
import { diff, taskEvent, type Author } from './write-task.js';

/**
 * Writes down that the blockers of a task have changed: one version, one UPDATED. `changes` names the blockers of the task's
 * own place, which everybody sees who sees the task; one of another place stands there as null.
 */
export async function saveDependencies(
  author: Author,
  tx: WriteTransaction,
  before: TaskRow,
  blocked: boolean,
  blockersBefore: readonly string[],
  blockersAfter: readonly string[],
): Promise<{ after: TaskRow; place: Place }> {
  const after: TaskRow = { ...before, blocked, version: before.version + 1, eventSeq: before.eventSeq + 1, updatedAt: new Date() };
  await saveTask(tx, before, after);
  const near = new Set((await namesOf(tx, [...blockersBefore, ...blockersAfter])).filter((row) => row.scopeId === before.scopeId).map((row) => row.id));
  const named = (ids: readonly string[]) => ids.map((id) => (near.has(id) ? id : null));
  const changes = [{ field: 'blockedBy', before: named(blockersBefore), after: named(blockersAfter) }, ...diff(before, after)];
  const place = await tx.emit(taskEvent(author, before, after, changes));
  tx.remember({ taskId: after.id, place });
  return { after, place };
}
