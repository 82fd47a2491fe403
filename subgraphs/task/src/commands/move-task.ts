import { badInput, conflict, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { TaskRow } from '../entities/task.js';
import type { MoveTaskInput } from '../generated/resolver-types.js';
import { canCreate, canEdit, canSee, type Standing, type TaskPlace } from '../policies.js';
import { rankLock } from '../repositories/rank-repository.js';
import { loadTask, nextNumber, subtreeIds } from '../repositories/write-repository.js';
import { placeOf, requireTask, scopeOf, standingIn, toCreate } from '../standing.js';
import { changeTask, type TaskChangeDone, type TaskFields } from './change-task.js';
import { preloadPeople, thoseWhoSee } from './check-task.js';
import { checkVersion } from './patch-task.js';
import { rankAt, rankAtEnd } from './place-rank.js';
import { saveUndo, undoEntry } from './undo-token.js';
import { cursorAt, writeAs, type WrittenTask } from './write-task.js';

type Target = TaskPlace & { scopeId: string; key: string | null };

/**
 * Moves a task to another place in the manual order, to another project, channel or the personal list, or both; `status`
 * is set on the way, as a board does it. Its subtasks go along. What the target does not know (labels, assignees and
 * watchers who cannot see it there) is dropped. In a project it gets a new ref; the old one still finds it.
 */
export async function moveTask(context: Context, input: MoveTaskInput): Promise<WrittenTask> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  const { task, standing } = await requireTask(context, viewerId, input.id);
  if (!canEdit(standing, task, viewerId)) throw forbidden();
  const target = await readTarget(context, viewerId, task, standing, input);
  if (task.scopeId !== target.scopeId) await preloadPeople(context, target, [...task.assigneeIds, ...task.watcherIds]);
  const lock = [`task:${task.id}`, rankLock(target.scopeId), `counter:${target.scopeId}`];
  const written = await writeAs(context, viewerId, lock, async (tx) => {
    const root = await loadTask(tx, task.id);
    if (!root) throw notFound('task');
    if (!canEdit(standing, root, viewerId)) throw forbidden();
    if (root.deletedAt) throw conflict('The task is in the trash: restore it first.');
    if (root.scopeId !== task.scopeId) throw conflict('Somebody else moved the task.', { fields: ['projectId', 'channelId'] });
    if (input.expectedVersion != null) {
      const fields = ['rank', ...(input.status == null ? [] : ['status']), ...(target.scopeId === root.scopeId ? [] : ['projectId', 'channelId'])];
      await checkVersion(tx, root, input.expectedVersion, fields, viewerId);
    }
    const done = await moveSubtree(context, tx, root, target, input);
    const first = done[0] as TaskChangeDone;
    const undoToken = first.changed ? await saveUndo(context, tx, done.flatMap((change) => [undoEntry(change), ...change.also])) : null;
    tx.remember({ taskId: root.id, place: first.place, undoToken });
    return { first, undoToken };
  });
  context.tasks.clear(input.id);
  return { task: written.first.after, cursor: cursorAt(context, written.first.place), undoToken: written.undoToken };
}

async function readTarget(context: Context, viewerId: string, task: TaskRow, source: Standing, input: MoveTaskInput): Promise<Target> {
  const { projectId = null, channelId = null, personal } = input;
  if ([projectId !== null, channelId !== null, personal === true].filter(Boolean).length > 1) {
    throw badInput('input.projectId', 'channelId and personal exclude each other');
  }
  if (projectId !== null && !isUuid(projectId)) throw notFound('project');
  if (channelId !== null && !isUuid(channelId)) throw notFound('channel');
  const stays = projectId === null && channelId === null && personal !== true;
  const place: TaskPlace = stays ? task : { projectId, channelId, ownerId: personal ? viewerId : null };
  const standing = stays ? { ...source, key: null } : await standingIn(context, viewerId, place, toCreate);
  if (!canSee(standing)) throw notFound(placeOf(place)?.kind ?? 'task');
  if (!canCreate(standing)) throw forbidden();
  if (!standing.writable || !source.writable) throw conflict('The project is archived.');
  return { projectId: place.projectId, channelId: place.channelId, ownerId: place.ownerId, scopeId: scopeOf(place), key: standing.key };
}

async function moveSubtree(context: Context, tx: WriteTransaction, root: TaskRow, target: Target, input: MoveTaskInput): Promise<TaskChangeDone[]> {
  const changesScope = root.scopeId !== target.scopeId;
  const positioned = input.after != null || input.before != null;
  const rank = positioned
    ? await rankAt(context, tx, target.scopeId, root.id, input)
    : changesScope
      ? await rankAtEnd(context, tx, target.scopeId, root.id)
      : root.rank;
  const status = input.status == null ? {} : { status: input.status };
  if (!changesScope) return [await changeTask(context, tx, root, { rank, ...status })];

  const ids = await subtreeIds(tx, root.id);
  tx.alsoLock(ids.map((id) => `task:${id}`));
  const done: TaskChangeDone[] = [];
  for (const id of ids) {
    const task = id === root.id ? root : await loadTask(tx, id);
    if (!task) continue;
    const fields = { ...(await fieldsInTarget(context, tx, task, target)), ...(id === root.id ? { rank, parentId: null, ...status } : {}) };
    done.push(await changeTask(context, tx, task, fields));
  }
  return done;
}

/** Place, ref, and what of the task the target knows. */
async function fieldsInTarget(context: Context, tx: WriteTransaction, task: TaskRow, target: Target): Promise<TaskFields> {
  const ref = target.projectId === null ? null : `${target.key ?? ''}-${await nextNumber(tx, target.scopeId)}`;
  const known = (ids: string[]) => thoseWhoSee(context, target, ids);
  const { projectId, channelId, ownerId, scopeId } = target;
  return { projectId, channelId, ownerId, scopeId, ref, labelIds: [], assigneeIds: await known(task.assigneeIds), watcherIds: await known(task.watcherIds) };
}
