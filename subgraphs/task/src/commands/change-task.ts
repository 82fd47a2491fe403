// One write to one task inside a running transaction: one version, one event, one TaskChange. Every command that changes a
// task goes through here.
import type { Place } from '@taskgraph/shared/event-log';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { TaskRow } from '../entities/task.js';
import { lastPlace } from '../repositories/change-repository.js';
import { saveTask } from '../repositories/write-repository.js';
import { afterChange, beforeChange } from './follow-change.js';
import type { LinkChange, UndoEntry } from './undo-token.js';
import { diff, taskEvent, type Author } from './write-task.js';

export interface TaskChangeDone {
  before: TaskRow;
  after: TaskRow;
  /** Place of the event; that of the task's last one where nothing changed. */
  place: Place;
  changed: boolean;
  /** What else this write did to other tasks, for undo: the next instance of a recurring task. */
  also: UndoEntry[];
  /** Where the write was about a dependency. */
  link?: LinkChange;
}

/** What a command may set; version, times and folded columns follow by themselves. */
export type TaskFields = Partial<Omit<TaskRow, 'id' | 'version' | 'eventSeq' | 'updatedAt' | 'completedAt' | 'titleKey' | 'createdAt' | 'creatorId' | 'createdAs'>>;

/** Writes `fields` into the task, which the caller has locked and checked. Nothing changed: nothing is written or told. */
export async function changeTask(author: Author, tx: WriteTransaction, before: TaskRow, fields: TaskFields): Promise<TaskChangeDone> {
  const after: TaskRow = { ...before, ...fields };
  const changes = diff(before, after);
  if (changes.length === 0) return { before, after: before, place: await lastPlace(tx, before.id), changed: false, also: [] };
  after.titleKey = after.title.toLowerCase();
  after.updatedAt = new Date();
  if (before.status !== after.status) after.completedAt = after.status === 'COMPLETED' ? after.updatedAt : null;
  after.version += 1;
  after.eventSeq += 1;
  await beforeChange(tx, before, after);
  await saveTask(tx, before, after);
  const place = await tx.emit(taskEvent(author, before, after, changes));
  return { before, after, place, changed: true, also: await afterChange(author, tx, before, after) };
}
