import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import type { TailedEvent } from '@taskgraph/shared/event-tail';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { movesBetween, toFact } from '../facts.js';
import { findFact, saveFact } from '../repositories/fact-repository.js';

/**
 * Counts a task as it is after the event. What it was counted as is read from the own facts and not from the event's `before`,
 * so that an event heard twice, or one that was parked in between, leaves no count behind.
 */
export async function onTaskChanged(tx: Pick<WriteTransaction, 'query'>, event: TailedEvent): Promise<void> {
  const fact = toFact(event.payload as TaskChanged, event.seq);
  const known = await findFact(tx, fact.taskId);
  if (known && known.seq >= fact.seq) return;
  await saveFact(tx, fact, movesBetween(known, fact));
}
