import type { TaskPurged } from '@taskgraph/shared/contracts/task-events';
import type { TailedEvent } from '@taskgraph/shared/event-tail';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { movesBetween } from '../facts.js';
import { findFact, forgetFact, saveFact } from '../repositories/fact-repository.js';

/**
 * Forgets a task. It lay in the trash and counted nowhere; but the purge takes its earlier events out of the log, so whoever
 * was away for long hears of this one alone and takes the task out of the counts here.
 */
export async function onTaskPurged(tx: Pick<WriteTransaction, 'query'>, event: TailedEvent): Promise<void> {
  const { taskId } = event.payload as TaskPurged;
  const known = await findFact(tx, taskId);
  if (!known || known.seq >= event.seq) return;
  const gone = { ...known, seq: event.seq, trashed: true };
  await saveFact(tx, gone, movesBetween(known, gone));
  await forgetFact(tx, taskId);
}
