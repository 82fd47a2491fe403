// Background work that looks again and again for what is due. Nothing is planned in memory: what is due stands in the tables, so
// any number of workers may look, and one that dies leaves nothing behind.
import type { Logger } from 'pino';

export interface Periodic {
  name: string;
  /** Pause after a turn that left nothing to do, in milliseconds. */
  everyMs: number;
  /** One short step; answers whether there is more to do right away. */
  turn: () => Promise<boolean>;
}

/** Starts the loop; `stop` waits for the turn under way. */
export function startPeriodic({ name, everyMs, turn }: Periodic, log: Logger): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const more = await turn().catch((error: unknown) => {
        log.warn({ err: error, job: name }, 'a turn failed; trying again');
        return false;
      });
      if (!more) await pause(everyMs, stopping.signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
