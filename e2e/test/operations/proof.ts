// What an operation of the graph does, shown through the gateway: that it works, what it refuses, and what two writers get.
import type { World } from './world.js';

/** `conflict`: CONFLICT, IDEMPOTENCY_MISMATCH, or what comes of a race. */
export type Outcome = 'success' | 'refusal' | 'conflict';

export interface Proof {
  /** Coordinate of the root field, as `Mutation.deleteTask`. */
  operation: `${'Query' | 'Mutation' | 'Subscription'}.${string}`;
  outcome: Outcome;
  /** A sentence about behaviour; docs/operations.md shows it. */
  title: string;
  /** Runs beside others on one system: it uses people of its own and says nothing of what they could have made. */
  prove: (world: World) => Promise<void>;
}
