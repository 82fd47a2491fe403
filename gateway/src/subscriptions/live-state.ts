// One subscription to the state of one thing: tells it as it is, then again whenever what is watched of it has changed, at
// most twice a second; only the latest state waits for a slow consumer.
import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLFormattedError } from 'graphql';
import { firstBackoffMs, lastBackoffMs } from './live-group.js';
import type { LiveQuery } from './live-query.js';
import { eventItem, internalError, type Step } from './live-steps.js';
import type { Outlet } from './outlet.js';
import type { Stop } from './stop.js';
import type { WakeSignal } from './wake-signal.js';

export interface StateSubscription {
  query: LiveQuery;
  outlet: Outlet;
  signal: WakeSignal;
  look(seen: string | undefined): Promise<Step>;
  stop: Stop;
  finish(errors?: readonly GraphQLFormattedError[]): void;
  broke(error: unknown): void;
}

/** Least time between two looks, in milliseconds. */
const paceMs = 500;

/** `first` is what the first look gave. */
export async function followState({ query, outlet, signal, look, stop, finish, broke }: StateSubscription, first: Step): Promise<void> {
  let outcome = first;
  let seen: string | undefined;
  let backoff = firstBackoffMs;
  try {
    while (!stop.aborted) {
      if (outcome.kind === 'failed') return finish(outcome.errors);
      if (outcome.kind === 'away') {
        await delay(Math.max(backoff * (0.5 + Math.random() / 2), outcome.retryAfterMs), undefined, { signal: stop.signal }).catch(() => undefined);
        backoff = Math.min(backoff * 2, lastBackoffMs);
      } else {
        backoff = firstBackoffMs;
        seen = outcome.place;
        for (const event of outcome.events) outlet.replace(eventItem(query, event));
        if (outcome.ended) return finish();
        await Promise.all([signal.wait(stop.signal), delay(paceMs, undefined, { signal: stop.signal }).catch(() => undefined)]);
      }
      if (!stop.aborted) outcome = await look(seen);
    }
  } catch (error) {
    broke(error);
    finish([internalError]);
  }
}
