// Queries that say the same, of the same person, and are under way at the same time are run once. Who has heard of a write must not be
// answered from before it: after a mutation, or what a subscription was told, nobody joins what began earlier.
import type { GatewayContext } from '../context.js';

export interface SharedRuns<Result> {
  /** The result may be handed to several: it must not be changed. */
  run(key: string, context: GatewayContext, work: () => Promise<Result>): Promise<Result>;
  /** To be called when a write was answered or news was read, before anybody is told. */
  written(): void;
}

export function createSharedRuns<Result>(): SharedRuns<Result> {
  const running = new Map<string, Promise<Result>>();
  return {
    run(key, context, work) {
      const full = `${key} ${askerOf(context)}`;
      const known = running.get(full);
      if (known) return known;
      const result = work().finally(() => {
        if (running.get(full) === result) running.delete(full);
      });
      running.set(full, result);
      return result;
    },
    written: () => running.clear(),
  };
}

/** All that a subgraph hears of whoever asks. */
function askerOf({ viewer, client }: GatewayContext): string {
  const person = viewer ? [viewer.id, viewer.role, viewer.sessionId, viewer.scopes ?? null] : null;
  return JSON.stringify([person, client?.ip ?? null, client?.userAgent ?? null]);
}
