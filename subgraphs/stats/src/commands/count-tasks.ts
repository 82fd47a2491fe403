import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import type { TailedEvent } from '@taskgraph/shared/event-tail';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { learn, type TaskFact } from '../facts.js';
import { movesOf, type Change } from '../moves.js';
import { findTasks, saveTasks } from '../repositories/fact-repository.js';

/** Types of event that say what a task is now; `task.purged` says that it is no more. */
export const changeTypes = [
  'task.created', 'task.updated', 'task.assigned', 'task.completed', 'task.reopened', 'task.moved', 'task.deleted', 'task.restored',
] as const;

/**
 * Counts tasks of a generation, which the caller holds, as they are after these events. What a task was counted as is read from
 * the own facts and not from the event's `before`: an event heard twice, late, or after one that was parked leaves no count behind.
 */
export async function countTasks(tx: Pick<WriteTransaction, 'query'>, generation: number, events: readonly TailedEvent[]): Promise<void> {
  if (events.length === 0) return;
  const known = await findTasks(tx, generation, [...new Set(events.map((event) => event.aggregateId))]);
  const purged: string[] = [];
  const changes: Change[] = [];
  for (const { taskId, fact: before, purged: isPurged } of known) {
    if (isPurged) continue;
    const heard = events.filter((event) => event.aggregateId === taskId);
    const isErased = heard.some((event) => event.type === 'task.purged');
    if (isErased) purged.push(taskId);
    const after = isErased ? null : heard.reduce<TaskFact | null>((fact, { seq, actorId, payload }) => learn(fact, { seq, actorId, payload: payload as TaskChanged }), before);
    // An event heard before adds nothing.
    if (JSON.stringify(before) !== JSON.stringify(after) || isErased) changes.push([before, after]);
  }
  const facts = changes.flatMap(([, after]) => (after ? [after] : []));
  if (changes.length > 0) await saveTasks(tx, generation, facts, purged, movesOf(changes));
}
