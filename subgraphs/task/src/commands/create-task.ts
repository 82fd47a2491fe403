import { badInput, conflict, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import { isUuid, isUuidV7, newId } from '@taskgraph/shared/ids';
import { sqlState } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { TaskRow } from '../entities/task.js';
import type { CreateTaskInput } from '../generated/resolver-types.js';
import { canCreate, canSee, type TaskPlace } from '../policies.js';
import { checkRecurrence } from '../recurrence/check-recurrence.js';
import { lastPlace } from '../repositories/change-repository.js';
import { rankLock } from '../repositories/rank-repository.js';
import { insertTask, loadTask, nextNumber } from '../repositories/write-repository.js';
import { scopeOf, standingIn, toCreate } from '../standing.js';
import { checkLabels } from './check-label.js';
import { checkParent } from './check-parent.js';
import { checkAssignees, checkDates, checkDescription, checkPriority, checkTitle } from './check-task.js';
import { rankAtEnd } from './place-rank.js';
import { createdEntry, saveUndo } from './undo-token.js';
import { cursorAt, diff, taskEvent, writeAs, type WrittenTask } from './write-task.js';

/**
 * Makes a task in a project, in a channel, or a personal one. In a project it gets the next KEY-n, allocated under the
 * counter's lock so that concurrent creates leave no gap. With a known `id`: the same creator and the same input answers
 * the task as it is now, anything else is CONFLICT. Emits task.created.
 */
export async function createTask(context: Context, input: CreateTaskInput): Promise<WrittenTask> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  if (input.id != null && !isUuidV7(input.id)) throw badInput('input.id', 'must be a UUIDv7');
  const id = input.id?.toLowerCase() ?? newId();
  const place = readPlace(input, viewerId);
  const standing = await standingIn(context, viewerId, place, toCreate);
  if (!canSee(standing)) throw notFound(place.projectId ? 'project' : 'channel');
  if (!canCreate(standing)) throw forbidden();
  const createdAs = JSON.stringify([viewerId, { ...input, id }]);
  const repeated = await repeatedCreate(context, id, createdAs);
  if (repeated) return repeated;
  if (!standing.writable) throw conflict('The project is archived.');

  const now = new Date();
  const status = input.status ?? 'PENDING';
  const task: TaskRow = {
    id, ...place, scopeId: scopeOf(place), ref: null,
    title: checkTitle(input.title),
    description: input.description == null ? null : checkDescription(input.description),
    status, priority: checkPriority(input.priority ?? 5), startAt: input.startAt ?? null, dueAt: input.dueAt ?? null,
    completedAt: status === 'COMPLETED' ? now : null,
    watcherIds: [], labelIds: await checkLabels(context, place, input.labelIds ?? []), parentId: input.parentId?.toLowerCase() ?? null, deletedAt: null, rank: '', blocked: false,
    ...checkRecurrence(input.recurrence, input.dueAt ?? null), titleKey: input.title.toLowerCase(),
    creatorId: viewerId, assigneeIds: await checkAssignees(context, place, input.assigneeIds ?? []),
    createdAs, createdAt: now, updatedAt: now, version: 1, eventSeq: 1,
  };
  checkDates(task);

  const inProject = place.projectId !== null;
  const lock = [`task:${id}`, rankLock(task.scopeId), ...(inProject ? [`counter:${task.scopeId}`] : [])];
  try {
    return await writeAs(context, viewerId, lock, async (tx) => {
      if (await loadTask(tx, id)) throw conflict('This id is taken.', { fields: ['id'] });
      await checkParent(tx, task);
      if (inProject) task.ref = `${standing.key ?? ''}-${await nextNumber(tx, task.scopeId)}`;
      task.rank = await rankAtEnd(context, tx, task.scopeId, id);
      await insertTask(tx, task);
      const place = await tx.emit(taskEvent(context, null, task, diff(null, task)));
      const undoToken = await saveUndo(context, tx, [createdEntry(task)]);
      tx.remember({ taskId: id, place, undoToken });
      return { task, cursor: cursorAt(context, place), undoToken };
    });
  } catch (error) {
    // Somebody else's task, which row level security hides, has this id; or a twin of this request was faster.
    if (sqlState(error) === '23505' || (error as { code?: string }).code === 'CONFLICT') {
      const twin = await repeatedCreate(context, id, createdAs);
      if (twin) return twin;
      throw conflict('This id is taken.', { fields: ['id'] });
    }
    throw error;
  }
}

function readPlace(input: CreateTaskInput, viewerId: string): TaskPlace {
  const { projectId = null, channelId = null } = input;
  if (projectId !== null && channelId !== null) throw badInput('input.channelId', 'must not be given together with projectId');
  if (projectId !== null && !isUuid(projectId)) throw notFound('project');
  if (channelId !== null && !isUuid(channelId)) throw notFound('channel');
  return { projectId, channelId, ownerId: projectId === null && channelId === null ? viewerId : null };
}

async function repeatedCreate(context: Context, id: string, createdAs: string): Promise<WrittenTask | null> {
  context.tasks.clear(id);
  const present = await context.tasks.load(id);
  if (!present) return null;
  if (present.createdAs !== createdAs) throw conflict('This id is taken.', { fields: ['id'] });
  return { task: present, cursor: cursorAt(context, await lastPlace(context.database, id)) };
}
