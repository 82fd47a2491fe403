// Background work that comes round again and again.
import type { Logger } from 'pino';

export interface Periodic {
  name: string;
  /** Pause between the end of one run and the beginning of the next, in milliseconds. */
  everyMs: number;
  run: () => Promise<void>;
  log: Logger;
}

/** Runs at once and then again and again; a run that fails is logged and does not end it. `stop` waits for the one that runs. */
export function periodically({ name, everyMs, run, log }: Periodic): { stop: () => Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout;
  let running = Promise.resolve();
  const turn = async () => {
    try {
      await run();
    } catch (error) {
      log.warn({ err: error, job: name }, 'a periodic job failed; it runs again');
    }
    if (!stopped) timer = setTimeout(next, everyMs);
  };
  const next = () => void (running = turn());
  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
