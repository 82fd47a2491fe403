// Another subgraph has given work up: it is listed until an ADMIN asks for it to be run again.
import type { DeadLettered } from '@taskgraph/shared/dead-letters';
import type { Reaction } from '@taskgraph/shared/event-tail';
import { listDeadLetter } from '../repositories/dead-letter-repository.js';

export const onDeadLettered = (owner: string): Reaction => async (tx, event) => {
  // What was listed once and asked for since must not come back when a log is read again.
  if (event.replayed) return;
  await listDeadLetter(tx, owner, event.payload as DeadLettered);
};
