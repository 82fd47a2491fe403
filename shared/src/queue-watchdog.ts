// Sees a worker that is alive and takes nothing. A ping would not: its connection answers, `isRunning()` says yes, and jobs pile up.
// What counts is that a job that goes in comes out. See docs/decisions/0022-silent-workers.md.
import type { Logger } from 'pino';
import { periodically } from './periodically.js';

/** What a worker has done, counted where its jobs arrive. */
export interface WorkerCounts {
  taken: number;
  running: number;
}

export interface WatchdogOptions {
  queue: string;
  concurrency: number;
  /** Those of the worker there is now. */
  counts: () => WorkerCounts;
  /** Jobs that wait for a worker. Rejects while the backend is away, which is no fault of the worker. */
  waiting: () => Promise<number>;
  /** Puts a job in that does nothing, so that silence is seen before work has to wait. */
  probe: () => Promise<void>;
  /** Puts a new worker in the place of the silent one. */
  replace: () => Promise<void>;
  log: Logger;
  /** Pause between two looks, in milliseconds. @default 2000 */
  everyMs?: number | undefined;
}

export interface Watchdog {
  /** Whether jobs wait, the worker could take some and has taken none for a while; true until it takes one. */
  silent: () => boolean;
  /** How often the worker was replaced. */
  replaced: () => number;
  stop: () => Promise<void>;
}

/** Looks in a row that find jobs waiting and none taken, before the worker counts as silent. Looks and not time: a process that was stopped itself has looked at nothing. */
const patience = 5;
/** Looks without a job after which one is put in. */
const probeAfter = 8;

export function watchWorker({ queue, concurrency, counts, waiting, probe, replace, log, everyMs = 2_000 }: WatchdogOptions): Watchdog {
  let [seen, idle, ignored, replaced] = [0, 0, 0, 0];
  let silent = false;
  const heard = () => {
    if (silent) log.info({ queue }, 'the worker takes jobs again');
    [ignored, silent] = [0, false];
  };
  async function look(): Promise<void> {
    const { taken, running } = counts();
    if (taken !== seen || running >= concurrency) {
      [seen, idle] = [taken, 0];
      return heard();
    }
    idle += 1;
    try {
      if (idle % probeAfter === 0) await probe();
      // Another replica's worker may have taken them: then nobody waits for this one.
      if ((await waiting()) === 0) return heard();
    } catch {
      ignored = 0;
      return;
    }
    ignored += 1;
    if (ignored < patience) return;
    [ignored, seen, silent] = [0, 0, true];
    replaced += 1;
    log.error({ queue, replaced }, 'jobs wait and the worker takes none: it is replaced');
    await replace();
  }
  const looking = periodically({ name: `watchdog of ${queue}`, everyMs, run: look, log });
  return { silent: () => silent, replaced: () => replaced, stop: () => looking.stop() };
}
