import { badInput, conflict, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { Place } from '@taskgraph/shared/event-log';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { TaskRow } from '../entities/task.js';
import type { UndoInput } from '../generated/resolver-types.js';
import { canCreate, canDelete, canEdit, type Standing } from '../policies.js';
import { forgetOccurrence } from '../repositories/occurrence-repository.js';
import { rankLock } from '../repositories/rank-repository.js';
import { findTasks } from '../repositories/task-repository.js';
import { loadTask, subtreeIds } from '../repositories/write-repository.js';
import { placeOf, requireTask, standingIn, toCreate } from '../standing.js';
import { presentLabels } from './check-label.js';
import { changeTask, type TaskChangeDone, type TaskFields } from './change-task.js';
import { locksOfMany } from './follow-change.js';
import { preloadPeople, thoseWhoSee } from './check-task.js';
import { trashTask } from './delete-task.js';
import { locksOfLink, undoLink } from './undo-link.js';
import { sameValue, saveUndo, undoableFields, undoEntry, undoIdOf, type UndoEntry } from './undo-token.js';
import { cursorAt, writeAs } from './write-task.js';

export interface Undone {
  task: TaskRow;
  tasks: TaskRow[];
  cursor: string;
  undoToken: string | null;
}

export interface UndoRecord {
  taskIds: string[];
  place: Place;
  undoToken: string | null;
}

/**
 * Takes a write back, all or nothing: only the person who did it, once, within 24 h. A field that somebody has changed since
 * is CONFLICT with the present values. Undoing can itself be undone.
 */
export async function undo(context: Context, input: UndoInput): Promise<Undone> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  const id = undoIdOf(context, input.token);
  const entries = await readEntries(context, id, viewerId);
  const standings = new Map<string, Standing>();
  for (const entry of entries) {
    const { task, standing } = await requireTask(context, viewerId, entry.taskId);
    standings.set(entry.taskId, standing);
    if (entry.link && !entry.link.added) await requireTask(context, viewerId, entry.link.blockedById);
    await preloadPeople(context, task, (entry.fields.assigneeIds?.before as string[] | undefined) ?? []);
  }
  const lock = [`undo:${id}`, ...entries.map((entry) => `task:${entry.taskId}`), ...entries.flatMap(scopesOf).map(rankLock), ...entries.flatMap(locksOfLink)];
  const written = await writeAs(context, viewerId, lock, async (tx) => {
    tx.alsoLock(await locksOfMany(tx, entries.map((entry) => entry.taskId)));
    const used = await tx.query('update undo_tokens set used_at = now() where id = $1 and used_at is null returning id', [id]);
    if (used.length === 0) throw conflict('This was undone before.');
    const done: TaskChangeDone[] = [];
    // Backwards: what was done last is undone first.
    for (const entry of entries.toReversed()) done.push(...(await undoOne(context, tx, standings.get(entry.taskId) as Standing, entry)));
    done.reverse();
    const place = done.at(-1)?.place as Place;
    const undoToken = await saveUndo(context, tx, done.filter((change) => change.changed).map(undoEntry));
    const tasks = done.map((change) => change.after);
    tx.remember({ taskIds: tasks.map((task) => task.id), place, undoToken } satisfies UndoRecord);
    return { tasks, place, undoToken };
  });
  context.tasks.clearAll();
  return { task: written.tasks[0] as TaskRow, tasks: written.tasks, cursor: cursorAt(context, written.place), undoToken: written.undoToken };
}

export async function replayUndo(context: Context, record: UndoRecord): Promise<Undone> {
  const tasks = (await context.tasks.loadMany(record.taskIds)).filter((task): task is TaskRow => task !== null && !(task instanceof Error));
  if (!tasks[0]) throw notFound('task');
  return { task: tasks[0], tasks, cursor: cursorAt(context, record.place), undoToken: record.undoToken };
}

async function readEntries(context: Context, id: string, viewerId: string): Promise<UndoEntry[]> {
  const [row] = (await context.database.query(
    `select entries from undo_tokens where id = $1 and viewer_id = $2 and created_at > now() - interval '24 hours'`,
    [id, viewerId],
  )) as { entries: UndoEntry[] }[];
  if (!row) throw badInput('input.token', 'is not an undo token of yours, or is older than a day');
  return row.entries;
}

const scopesOf = (entry: UndoEntry): string[] => [entry.fields.scopeId?.before, entry.fields.scopeId?.after].filter((scope) => typeof scope === 'string');

async function undoOne(context: Context, tx: WriteTransaction, standing: Standing, entry: UndoEntry): Promise<TaskChangeDone[]> {
  const viewerId = context.viewer?.id ?? '';
  const task = await loadTask(tx, entry.taskId);
  if (!task) throw notFound('task');
  if (entry.created) {
    if (entry.spawned) await unmakeInstance(tx, entry);
    return trashTask(context, tx, standing, task.id);
  }
  if (entry.link) return [await undoLink(context, tx, standing, task, entry.link)];
  const names = undoableFields.filter((field) => entry.fields[field] !== undefined);
  const clashes = names.filter((field) => !sameValue(task[field], entry.fields[field]?.after));
  if (clashes.length > 0) {
    const present = Object.fromEntries(clashes.map((field) => [field, task[field]]));
    throw conflict('Somebody changed the same fields since.', { fields: clashes, current: { version: task.version, ...present } });
  }
  const allowed = names.includes('deletedAt') ? canDelete(standing, task, viewerId) : canEdit(standing, task, viewerId) || (canCreate(standing) && onlyStatus(names));
  if (!allowed) throw forbidden();
  if (!standing.writable) throw conflict('The project is archived.');
  const fields = Object.fromEntries(names.map((field) => [field, revive(field, entry.fields[field]?.before)])) as TaskFields;
  if (fields.labelIds) fields.labelIds = await presentLabels(tx, fields.scopeId ?? task.scopeId, fields.labelIds);
  if (fields.assigneeIds) fields.assigneeIds = await thoseWhoSee(context, { ...task, ...fields }, fields.assigneeIds);
  if (fields.scopeId !== undefined) await checkOrigin(context, viewerId, { ...task, ...fields });
  return [await changeTask(context, tx, task, fields)];
}

/** The next instance goes only as it was made: nothing in its tree changed, came or went since. */
async function unmakeInstance(tx: WriteTransaction, { taskId, spawnedWith = [] }: UndoEntry): Promise<void> {
  const made = [taskId, ...spawnedWith];
  const present = await findTasks(tx.query, await subtreeIds(tx, taskId));
  const touched = present.length !== made.length || present.some((task) => task.version > 1 || !made.includes(task.id));
  if (touched) throw conflict('The next instance has been worked on since.', { fields: ['status'] });
  await forgetOccurrence(tx, taskId);
}

const onlyStatus = (names: readonly string[]): boolean => names.every((field) => field === 'status');

/** A move goes back only where the viewer may still create. */
async function checkOrigin(context: Context, viewerId: string, task: TaskRow): Promise<void> {
  const origin = await standingIn(context, viewerId, task, toCreate);
  if (!canCreate(origin) || !origin.writable) throw conflict(`The ${placeOf(task)?.kind ?? 'list'} it came from does not take it back.`, { fields: ['projectId', 'channelId'] });
}

const instants: ReadonlySet<string> = new Set(['startAt', 'dueAt', 'recurrenceStart', 'deletedAt']);

/** Values in the entries are JSON. */
const revive = (field: string, value: unknown): unknown => (instants.has(field) && typeof value === 'string' ? new Date(value) : value);
