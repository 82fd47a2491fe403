// At most so many at a time; a bounded number waits for a bounded time, and whoever comes then is OVERLOADED at once: a
// subgraph that slows down must not fill the gateway's memory.
import { overloaded } from '@taskgraph/shared/errors';

export interface InFlightSettings {
  /** Most that run at a time. */
  limit: number;
  /** Most that wait for their turn. */
  queue: number;
  /** Longest wait, in milliseconds. */
  queueMs: number;
}

export interface InFlight {
  /** Throws OVERLOADED instead of waiting for too long. */
  run<T>(work: () => Promise<T>): Promise<T>;
  running(): number;
  waiting(): number;
}

/** Seconds after which those that are refused may come again. */
const retryAfter = 2;

export function createInFlight({ limit, queue, queueMs }: InFlightSettings): InFlight {
  let running = 0;
  // A Set keeps the order of insertion, and who gives up leaves it at once.
  const waiting = new Set<() => void>();

  function turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(go);
        reject(overloaded(retryAfter));
      }, queueMs);
      waiting.add(go);
    });
  }

  return {
    running: () => running,
    waiting: () => waiting.size,
    async run(work) {
      if (running < limit) running += 1;
      else if (waiting.size < queue) await turn();
      else throw overloaded(retryAfter);
      try {
        return await work();
      } finally {
        // The place is handed on, not given up: nobody who comes meanwhile can take it as well.
        const [next] = waiting;
        if (next) {
          waiting.delete(next);
          next();
        } else running -= 1;
      }
    },
  };
}
