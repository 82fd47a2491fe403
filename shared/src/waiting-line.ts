// At most so many at a time; a bounded number waits, each until a time of its own, and whoever comes then is OVERLOADED at once:
// what slows down must not fill the memory with those who wait for it.
import { overloaded } from './errors.js';

export interface WaitingLineSettings {
  /** Most that run at a time. */
  limit: number;
  /** Most that wait for their turn. */
  queue: number;
  /** Seconds after which those that are refused may come again. */
  retryAfter: number;
}

export interface WaitingLine {
  /** Begins the work before `until` (of `performance.now()`), or throws OVERLOADED. */
  run<T>(work: () => Promise<T>, until: number): Promise<T>;
  running(): number;
  waiting(): number;
}

export function createWaitingLine({ limit, queue, retryAfter }: WaitingLineSettings): WaitingLine {
  let running = 0;
  // A Set keeps the order of insertion, and who gives up leaves it at once.
  const waiting = new Set<() => void>();

  function turn(until: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(go);
        reject(overloaded(retryAfter));
      }, until - performance.now());
      waiting.add(go);
    });
  }

  return {
    running: () => running,
    waiting: () => waiting.size,
    async run(work, until) {
      if (performance.now() >= until) throw overloaded(retryAfter);
      if (running < limit) running += 1;
      else if (waiting.size < queue) await turn(until);
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
