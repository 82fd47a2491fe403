// Tasks must not wait for each other in a circle, wherever in the installation they lie.
import { DomainError } from '@taskgraph/shared/errors';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { TaskRow } from '../entities/task.js';
import { dependenciesAbove, namesOf, type Dependency } from '../repositories/dependency-repository.js';
import { placesOfTasks } from '../repositories/place-repository.js';
import { scopeOf } from '../standing.js';

/** Held by whoever makes a task of the scope wait for another, or another wait for something that waits for one of the scope. */
export const linksLock = (scopeId: string): string => `links:${scopeId}`;

/**
 * Throws BAD_USER_INPUT with the path where `task` waiting for `blocker` would close a circle. Takes the locks that keep a second
 * dependency, added at the same time, from closing it together with this one: those of all scopes behind the blocker. Each
 * dependency of a circle that is being closed starts behind another one's blocker, and the task it starts at is locked and stays in
 * its scope; so whoever is the last to look finds a lock held, waits, and sees the whole way.
 */
export async function refuseCycle(tx: WriteTransaction, task: TaskRow, blocker: TaskRow): Promise<void> {
  const above = await dependenciesAbove(tx, blocker.id);
  const places = await placesOfTasks(tx.query, [...new Set([task.id, blocker.id, ...above.map((edge) => edge.blockedById)])]);
  tx.alsoLock([...new Set(places.map(scopeOf))].map(linksLock));
  const cycle = findCycle(above, task.id, blocker.id);
  if (!cycle) return;
  const seen = new Map((await namesOf(tx, cycle)).map((row) => [row.id, row.ref ?? `“${row.title}”`]));
  const message = `would close a circle: ${cycle.map((id) => seen.get(id) ?? 'a task that you cannot see').join(' → ')}`;
  throw new DomainError('BAD_USER_INPUT', `input.blockedById ${message}.`, {
    fields: [{ path: 'input.blockedById', message, cycle: cycle.map((id) => (seen.has(id) ? id : null)) }],
  });
}

/** The shortest way from the task over the new blocker back to the task; null where there is none. */
function findCycle(above: readonly Dependency[], taskId: string, blockerId: string): string[] | null {
  if (taskId === blockerId) return [taskId, taskId];
  const waitsFor = new Map<string, string[]>();
  for (const edge of above) waitsFor.set(edge.taskId, [...(waitsFor.get(edge.taskId) ?? []), edge.blockedById]);
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
