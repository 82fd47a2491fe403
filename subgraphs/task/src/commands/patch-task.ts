// A patch of one task by one person: policy, version check, write, undo.
import { badInput, conflict, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { TaskRow } from '../entities/task.js';
import { canComplete, canEdit, type Standing } from '../policies.js';
import { fieldsChangedSince } from '../repositories/change-repository.js';
import { loadTask } from '../repositories/write-repository.js';
import { requireTask } from '../standing.js';
import { changeTask, type TaskChangeDone, type TaskFields } from './change-task.js';
import { checkDates } from './check-task.js';
import { saveUndo, undoEntry } from './undo-token.js';
import { cursorAt, namesInLog, valueOf, writeAs, type WrittenTask } from './write-task.js';

/** Works the patch out from the task as it is under the lock. */
export type PatchOf = (task: TaskRow) => TaskFields | Promise<TaskFields>;

/** Runs one patch in a transaction of its own. */
export async function patchTask(context: Context, id: string, expectedVersion: number | null, patchOf: PatchOf): Promise<WrittenTask> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  const { task, standing } = await requireTask(context, viewerId, id);
  const written = await writeAs(context, viewerId, [`task:${task.id}`], async (tx) => {
    const done = await applyPatch(context, tx, standing, task.id, expectedVersion, patchOf);
    const undoToken = done.changed ? await saveUndo(context, tx, [undoEntry(done), ...done.also]) : null;
    tx.remember({ taskId: task.id, place: done.place, undoToken });
    return { ...done, undoToken };
  });
  context.tasks.clear(id);
  return { task: written.after, cursor: cursorAt(context, written.place), undoToken: written.undoToken };
}

/** One patch inside a running transaction; the task's lock is held. Refuses what the viewer may not do (RULES §1, §2). */
export async function applyPatch(
  context: Context,
  tx: WriteTransaction,
  standing: Standing,
  id: string,
  expectedVersion: number | null,
  patchOf: PatchOf,
): Promise<TaskChangeDone> {
  const viewerId = context.viewer?.id ?? '';
  const before = await loadTask(tx, id);
  if (!before) throw notFound('task');
  // What may be set is judged for those only who may set something.
  if (!canComplete(standing)) throw forbidden();
  const patch = await patchOf(before);
  const statusOnly = Object.keys(patch).every((field) => field === 'status');
  const allowed = statusOnly && isToggle(before, patch) ? canComplete(standing) : canEdit(standing, before, viewerId);
  if (!allowed) throw forbidden();
  if (!standing.writable) throw conflict('The project is archived.');
  if (before.deletedAt) throw conflict('The task is in the trash: restore it first.');
  if (expectedVersion !== null) await checkVersion(tx, before, expectedVersion, Object.keys(patch), viewerId);
  checkDates({ ...before, ...patch });
  return changeTask(context, tx, before, patch);
}

/**
 * Fields that others changed since `expected` are compared with those of the patch: disjoint ones merge, overlapping ones
 * are CONFLICT with the present values. A version older than the log is CONFLICT in every field.
 */
export async function checkVersion(tx: WriteTransaction, current: TaskRow, expected: number, fields: string[], viewerId: string): Promise<void> {
  if (expected < 1) throw badInput('input.expectedVersion', 'must be at least 1');
  if (expected > current.version) throw badInput('input.expectedVersion', 'is ahead of the task');
  const changed = await fieldsChangedSince(tx.query, current.id, expected, current.version, viewerId);
  const told = namesInLog(fields);
  const clashes = changed === null ? told : told.filter((field) => changed.includes(field));
  if (clashes.length === 0) return;
  const present = Object.fromEntries(clashes.map((field) => [field, valueOf(current, field as keyof TaskRow)]));
  throw conflict('Somebody else changed the same fields.', { fields: clashes, current: { version: current.version, ...present } });
}

/** Completing and reopening, which every member of a channel may do. */
const isToggle = (task: TaskRow, { status }: TaskFields): boolean =>
  status === undefined || status === 'COMPLETED' || (task.status === 'COMPLETED' && status === 'PENDING') || status === task.status;
