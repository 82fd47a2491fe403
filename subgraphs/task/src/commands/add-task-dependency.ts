import { badInput, conflict, DomainError, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { TaskRow } from '../entities/task.js';
import type { TaskDependencyInput } from '../generated/resolver-types.js';
import { canEdit } from '../policies.js';
import { lastPlace } from '../repositories/change-repository.js';
import { blockersOf, dependenciesAbove, dependentsOf, insertDependency, namesOf } from '../repositories/dependency-repository.js';
import { loadTask } from '../repositories/write-repository.js';
import { requireTask } from '../standing.js';
import { blocksOthers } from './blocking.js';
import { saveDependencies } from './save-dependencies.js';
import { cursorAt, writeAs, type WrittenTask } from './write-task.js';

/** Most tasks that one task waits for, and most that wait for one: each of them is locked when it opens or closes. */
const blockerLimit = 50;
const dependentLimit = 200;

/** Two dependencies added at the same time must not close a circle together, wherever in the installation its tasks lie. */
const graphLock = 'dependencies';

/** Makes a task wait for another one that the viewer can see. There already: nothing changes. Emits task.updated. */
export async function addTaskDependency(context: Context, input: TaskDependencyInput): Promise<WrittenTask> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  const { task, standing } = await requireTask(context, viewerId, input.taskId);
  const { task: other } = await requireTask(context, viewerId, input.blockedById);
  const edge = { taskId: task.id, blockedById: other.id };
  const written = await writeAs(context, viewerId, [`task:${task.id}`, `task:${other.id}`, graphLock], async (tx) => {
    const before = await loadTask(tx, task.id);
    const blocker = await loadTask(tx, other.id);
    if (!before || !blocker) throw notFound('task');
    if (!canEdit(standing, before, viewerId)) throw forbidden();
    if (!standing.writable) throw conflict('The project is archived.');
    if (before.deletedAt || blocker.deletedAt) throw conflict('The task is in the trash: restore it first.');
    const blockers = (await blockersOf(tx.query, [task.id])).map((row) => row.blockedById);
    if (blockers.includes(other.id)) {
      const place = await lastPlace(tx, task.id);
      tx.remember({ taskId: task.id, place });
      return { after: before, place };
    }
    if (blockers.length >= blockerLimit) throw badInput('input.taskId', `waits for ${blockerLimit} tasks already`);
    if ((await dependentsOf(tx.query, [other.id])).length >= dependentLimit) throw badInput('input.blockedById', `keeps ${dependentLimit} tasks waiting already`);
    await refuseCycle(tx, before, blocker);
    await insertDependency(tx, edge);
    return saveDependencies(context, tx, before, before.blocked || blocksOthers(blocker), blockers, [...blockers, other.id]);
  });
  context.tasks.clear(task.id);
  return { task: written.after, cursor: cursorAt(context, written.place) };
}

async function refuseCycle(tx: WriteTransaction, task: TaskRow, blocker: TaskRow): Promise<void> {
  const cycle = await findCycle(tx, task.id, blocker.id);
  if (!cycle) return;
  const seen = new Map((await namesOf(tx, cycle)).map((row) => [row.id, row.ref ?? `“${row.title}”`]));
  const message = `would close a circle: ${cycle.map((id) => seen.get(id) ?? 'a task that you cannot see').join(' → ')}`;
  throw new DomainError('BAD_USER_INPUT', `input.blockedById ${message}.`, {
    fields: [{ path: 'input.blockedById', message, cycle: cycle.map((id) => (seen.has(id) ? id : null)) }],
  });
}

/** The shortest way from the task over the new blocker back to the task; null where there is none. */
async function findCycle(tx: WriteTransaction, taskId: string, blockerId: string): Promise<string[] | null> {
  if (taskId === blockerId) return [taskId, taskId];
  const waitsFor = new Map<string, string[]>();
  for (const edge of await dependenciesAbove(tx, blockerId)) waitsFor.set(edge.taskId, [...(waitsFor.get(edge.taskId) ?? []), edge.blockedById]);
  const from = new Map<string, string>([[blockerId, taskId]]);
  const queue = [blockerId];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    for (const next of waitsFor.get(id) ?? []) {
      if (next === taskId) return wayTo(id, taskId, from);
      if (from.has(next)) continue;
      from.set(next, id);
      queue.push(next);
    }
  }
  return null;
}

function wayTo(last: string, taskId: string, from: Map<string, string>): string[] {
  const way = [taskId];
  for (let id = last; id !== taskId; id = from.get(id) as string) way.unshift(id);
  return [taskId, ...way];
}
