// Completing a recurring task makes the next instance of its series, in the same transaction (RULES §6).
import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { TaskRow } from '../entities/task.js';
import { nextDueDates } from '../recurrence/check-recurrence.js';
import { keyOfScope, takeOccurrence } from '../repositories/occurrence-repository.js';
import { rankLock } from '../repositories/rank-repository.js';
import { insertTask, nextNumber } from '../repositories/write-repository.js';
import { rankAtEnd } from './place-rank.js';
import { spawnSubtasks } from './spawn-subtasks.js';
import { createdEntry, type UndoEntry } from './undo-token.js';
import { diff, taskEvent, type Author } from './write-task.js';

/** First element of `createdAs` of a task that a series made. */
const marker = 'series';

/** What making the next instance writes besides the new task: the series, the scope's order, the project's numbers, the parent. */
export function locksOfSeries(task: Pick<TaskRow, 'seriesId' | 'scopeId' | 'projectId' | 'parentId'>): string[] {
  if (task.seriesId === null) return [];
  const { seriesId, scopeId, projectId, parentId } = task;
  return [`series:${seriesId}`, rankLock(scopeId), ...(projectId ? [`counter:${scopeId}`] : []), ...(parentId ? [`task:${parentId}`] : [])];
}

/**
 * Makes the instance at the first occurrence after both the old due date and now, once per series and occurrence; nothing where
 * the rule has ended. It is like the completed one but open, unblocked, and due then; start keeps its distance to due. Its
 * subtasks come along.
 */
export async function spawnOccurrence(author: Author, tx: WriteTransaction, completed: TaskRow): Promise<UndoEntry[]> {
  const now = new Date();
  const [dueAt] = nextDueDates(completed, now, 1);
  const id = newId();
  if (!dueAt || completed.seriesId === null || !(await takeOccurrence(tx, completed.seriesId, dueAt, id))) return [];
  const { scopeId, projectId, startAt } = completed;
  const lead = completed.dueAt && startAt ? completed.dueAt.getTime() - startAt.getTime() : null;
  const task: TaskRow = {
    ...completed,
    id, status: 'PENDING', blocked: false, completedAt: null, dueAt, startAt: lead === null ? null : new Date(dueAt.getTime() - lead),
    ref: projectId ? `${await keyOfScope(tx, scopeId)}-${await nextNumber(tx, scopeId)}` : null,
    rank: await rankAtEnd(author, tx, scopeId, id),
    createdAs: JSON.stringify([marker, completed.seriesId, dueAt]), createdAt: now, updatedAt: now, version: 1, eventSeq: 1,
  };
  await insertTask(tx, task);
  await tx.emit(taskEvent(author, null, task, diff(null, task)));
  return [{ ...createdEntry(task), spawned: true, spawnedWith: await spawnSubtasks(author, tx, completed, task) }];
}

/** Which occurrence a task was made for; null for one that somebody made. */
export function occurrenceOf({ createdAs }: Pick<TaskRow, 'createdAs'>): { seriesId: string; dueAt: Date } | null {
  if (!createdAs.startsWith(`["${marker}",`)) return null;
  const [, seriesId, dueAt] = JSON.parse(createdAs) as [string, string, string];
  return { seriesId, dueAt: new Date(dueAt) };
}
