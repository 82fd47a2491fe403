// What stands between the gateway and one subgraph: the breaker and the bound on what is under way.
import { DomainError, unavailable } from '@taskgraph/shared/errors';
import { createWaitingLine } from '@taskgraph/shared/waiting-line';
import type { Logger } from 'pino';
import { createBreaker, type BreakerSettings, type BreakerState } from './breaker.js';

export interface GuardSettings extends BreakerSettings {
  /** Most requests that run at a time. */
  limit: number;
  /** Most that wait for their turn. */
  queue: number;
  /** Longest wait, in milliseconds. */
  queueMs: number;
}

/** Seconds after which those that are refused may come again. */
const retryAfter = 2;

/** How one subgraph is doing, for whoever measures. */
export interface GuardState {
  breaker: BreakerState;
  inFlight: number;
  waiting: number;
  /** Since the start: refused because the breaker was open; because too many were under way. */
  refusedByBreaker: number;
  refusedByLoad: number;
}

export interface Guard {
  /** Makes one call. Throws SUBGRAPH_UNAVAILABLE at once while the breaker is open, OVERLOADED where too many are under way. */
  run<T extends { status: number }>(call: () => Promise<T>): Promise<T>;
  /** It was heard from in another way. */
  alive(): void;
  state(): GuardState;
}

export function createGuard({ name, settings, logger }: { name: string; settings: GuardSettings; logger: Logger }): Guard {
  const breaker = createBreaker(settings, { changed: (state) => logger[state === 'open' ? 'warn' : 'info']({ subgraph: name, breaker: state }, 'the circuit breaker of a subgraph changed') });
  const inFlight = createWaitingLine({ limit: settings.limit, queue: settings.queue, retryAfter });
  let refusedByBreaker = 0;
  let refusedByLoad = 0;
  const open = () => {
    refusedByBreaker += 1;
    return unavailable(name);
  };

  async function call<T extends { status: number }>(make: () => Promise<T>): Promise<T> {
    // Asked again: those that waited while it opened need not fail one by one.
    if (!breaker.pass()) throw open();
    try {
      const answer = await make();
      // A proxy in between says so where nobody listens; whatever the subgraph itself answers is a sign of life.
      if (answer.status >= 502 && answer.status <= 504) breaker.failed();
      else breaker.succeeded();
      return answer;
    } catch (error) {
      breaker.failed();
      throw error;
    }
  }

  return {
    alive: () => breaker.succeeded(),
    state: () => ({ breaker: breaker.state(), inFlight: inFlight.running(), waiting: inFlight.waiting(), refusedByBreaker, refusedByLoad }),
    async run(make) {
      if (!breaker.mayPass()) throw open();
      try {
        return await inFlight.run(() => call(make), performance.now() + settings.queueMs);
      } catch (error) {
        if (error instanceof DomainError && error.code === 'OVERLOADED') refusedByLoad += 1;
        throw error;
      }
    },
  };
}
