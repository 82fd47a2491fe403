// Tells waiters that the log may have moved: at once after a commit in this process, otherwise by looking at the horizon
// every 75 ms, and only while somebody waits. No NOTIFY: it costs the write path more than half of its throughput.
import { placeToText, type Place } from './event-log.js';

export interface LogWatcher {
  /** Something was committed here; whoever waits looks again. */
  poke(): void;
  /** Resolves true when the log has moved beyond `seen`, false after `timeoutMs` or when `signal` aborts. */
  wait(seen: Place, timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  stop(): void;
}

/** How often the log is looked at while somebody waits, in milliseconds. */
const pollMs = 75;

/** `newest` answers the place of the newest readable event. */
export function createLogWatcher(newest: () => Promise<Place | null>): LogWatcher {
  const waiters = new Set<{ seen: string; resolve: (moved: boolean) => void }>();
  let known = '';
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let again = false;

  async function look(): Promise<void> {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    try {
      const place = await newest();
      if (place) known = placeToText(place);
    } catch {
      // The database is away: waiters time out and their callers meet the error themselves.
    }
    looking = false;
    for (const waiter of [...waiters]) if (moved(waiter.seen)) settle(waiter, true);
    if (again) {
      again = false;
      void look();
    }
  }
  const moved = (seen: string) => known !== '' && compareTexts(known, seen) > 0;
  function settle(waiter: { resolve: (moved: boolean) => void; seen: string }, value: boolean): void {
    waiters.delete(waiter);
    if (waiters.size === 0 && timer) timer = void clearInterval(timer) as undefined;
    waiter.resolve(value);
  }

  return {
    poke: () => void (waiters.size > 0 && look()),
    wait(seen, timeoutMs, signal) {
      if (signal?.aborted) return Promise.resolve(false);
      return new Promise((resolve) => {
        const waiter = { seen: placeToText(seen), resolve };
        waiters.add(waiter);
        timer ??= setInterval(() => void look(), pollMs);
        const giveUp = setTimeout(() => settle(waiter, false), timeoutMs);
        const abort = () => settle(waiter, false);
        signal?.addEventListener('abort', abort, { once: true });
        waiter.resolve = (value) => {
          clearTimeout(giveUp);
          signal?.removeEventListener('abort', abort);
          resolve(value);
        };
        void look();
      });
    },
    stop() {
      for (const waiter of [...waiters]) settle(waiter, false);
    },
  };
}

function compareTexts(a: string, b: string): number {
  const left = a.split('.').map(BigInt);
  const right = b.split('.').map(BigInt);
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] as bigint) - (right[index] as bigint);
    if (difference !== 0n) return difference > 0n ? 1 : -1;
  }
  return 0;
}
