import { redriveLimit } from '@taskgraph/shared/contracts/dead-letter-events';
import type { EventPayload } from '@taskgraph/shared/contracts/events';
import { badInput, forbidden, unauthenticated } from '@taskgraph/shared/errors';
import { isUuid, newId } from '@taskgraph/shared/ids';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { RedriveDeadLettersInput } from '../generated/resolver-types.js';
import { canManageDeadLetters } from '../policies.js';
import { markOwn, takeListed } from '../repositories/dead-letter-repository.js';

/** Most letters of one call. */
const limit = 1_000;

/** What a resend is answered from. */
export interface RedrivenRecord {
  redriven: number;
}

/**
 * Takes dead letters from the list and asks their owners to do the work again; what fails once more comes back to the list.
 * Ids that are not there change nothing. Emits dead-letters.redrive-requested; the own letters are marked in the same transaction.
 */
export async function redriveDeadLetters(context: Context, input: RedriveDeadLettersInput): Promise<RedrivenRecord> {
  const { viewer, database, idempotency, committed, requestId: traceId } = context;
  if (!viewer) throw unauthenticated();
  if (!canManageDeadLetters(viewer)) throw forbidden('Only an ADMIN may run dead letters again.');
  const wanted = readWanted(input);
  return writeTransaction(database, { lock: ['dead letters'], idempotency, committed }, async (tx) => {
    const taken = await takeListed(tx, wanted, limit);
    await markOwn(tx, taken.filter(({ owner }) => owner === 'channel').map(({ id }) => id));
    const others = taken.filter(({ owner }) => owner !== 'channel').map(({ id }) => id);
    for (let from = 0; from < others.length; from += redriveLimit) {
      const payload: EventPayload<'dead-letters.redrive-requested'> = { deadLetterIds: others.slice(from, from + redriveLimit) };
      await tx.emit({ type: 'dead-letters.redrive-requested', aggregateId: newId(), seq: 1, version: 1, payload, actorId: viewer.id, traceId });
    }
    const record: RedrivenRecord = { redriven: taken.length };
    tx.remember(record);
    return record;
  });
}

function readWanted({ ids, queue }: RedriveDeadLettersInput): { ids: string[] } | { queue: string } {
  if ((ids == null) === (queue == null)) throw badInput('input.ids', 'or queue is needed, exactly one of them');
  if (ids == null) return { queue: readQueue('input.queue', queue as string) };
  if (ids.length > limit) throw badInput('input.ids', `must hold at most ${limit} ids`);
  return { ids: ids.filter(isUuid) };
}

/** No queue has a name like this, and Postgres cannot even be asked for U+0000. */
export function readQueue(path: string, queue: string): string {
  if (queue.length > 200 || queue.includes('\u0000') || !queue.isWellFormed()) throw badInput(path, 'must be the name of a queue');
  return queue;
}
