// Makes a task wait for another one, or no longer, inside a running transaction that holds the locks of both and has loaded and
// judged them. One version and one UPDATED; what is so already changes nothing.
import { badInput } from '@taskgraph/shared/errors';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { TaskRow } from '../entities/task.js';
import { lastPlace } from '../repositories/change-repository.js';
import { blockersOf, deleteDependency, dependentsOf, insertDependency, namesOf, openBlockers } from '../repositories/dependency-repository.js';
import { saveTask } from '../repositories/write-repository.js';
import { blocksOthers } from './blocking.js';
import type { TaskChangeDone } from './change-task.js';
import { refuseCycle } from './refuse-cycle.js';
import type { LinkChange } from './undo-token.js';
import { diff, taskEvent, type Author } from './write-task.js';

/** Most tasks that one task waits for, and most that wait for one: each of them is locked when it opens or closes. */
const blockerLimit = 50;
const dependentLimit = 200;

/** `at`: when the task began to wait, where that is put back; it decides the order in which blockers are shown. */
export async function addLink(author: Author, tx: WriteTransaction, before: TaskRow, blocker: TaskRow, at: Date | null = null): Promise<TaskChangeDone> {
  const blockers = (await blockersOf(tx.query, [before.id])).map((row) => row.blockedById);
  if (blockers.includes(blocker.id)) return nothingDone(tx, before);
  if (blockers.length >= blockerLimit) throw badInput('input.taskId', `waits for ${blockerLimit} tasks already`);
  if ((await dependentsOf(tx.query, [blocker.id])).length >= dependentLimit) throw badInput('input.blockedById', `keeps ${dependentLimit} tasks waiting already`);
  await refuseCycle(tx, before, blocker);
  const since = await insertDependency(tx, { taskId: before.id, blockedById: blocker.id }, at);
  const after = (await blockersOf(tx.query, [before.id])).map((row) => row.blockedById);
  return save(author, tx, before, before.blocked || blocksOthers(blocker), blockers, after, { blockedById: blocker.id, added: true, at: since.toISOString() });
}

export async function removeLink(author: Author, tx: WriteTransaction, before: TaskRow, blockedById: string): Promise<TaskChangeDone> {
  const blockers = (await blockersOf(tx.query, [before.id])).map((row) => row.blockedById);
  if (!blockers.includes(blockedById)) return nothingDone(tx, before);
  const at = await deleteDependency(tx, { taskId: before.id, blockedById });
  const blocked = (await openBlockers(tx, before.id)).length > 0;
  return save(author, tx, before, blocked, blockers, blockers.filter((id) => id !== blockedById), { blockedById, added: false, at: at.toISOString() });
}

const nothingDone = async (tx: WriteTransaction, task: TaskRow): Promise<TaskChangeDone> => ({
  before: task, after: task, place: await lastPlace(tx, task.id), changed: false, also: [],
});

/** `changes` names the blockers of the task's own place, which everybody sees who sees the task; one of another place stands there as null. */
async function save(
  author: Author,
  tx: WriteTransaction,
  before: TaskRow,
  blocked: boolean,
  blockersBefore: readonly string[],
  blockersAfter: readonly string[],
  link: LinkChange,
): Promise<TaskChangeDone> {
  const after: TaskRow = { ...before, blocked, version: before.version + 1, eventSeq: before.eventSeq + 1, updatedAt: new Date() };
  await saveTask(tx, before, after);
  const near = new Set((await namesOf(tx, [...blockersBefore, ...blockersAfter])).filter((row) => row.scopeId === before.scopeId).map((row) => row.id));
  const named = (ids: readonly string[]) => ids.map((id) => (near.has(id) ? id : null));
  const changes = [{ field: 'blockedBy', before: named(blockersBefore), after: named(blockersAfter) }, ...diff(before, after)];
  const place = await tx.emit(taskEvent(author, before, after, changes));
  return { before, after, place, changed: true, also: [], link };
}
