// How soon each process is back after a SIGKILL, and whether anything else was broken meanwhile.
import { setTimeout as delay } from 'node:timers/promises';

export interface Recovery {
  /** Milliseconds from SIGKILL to ready. */
  ms: number;
  /** Nothing else was broken, away or frozen in that time: a healthy service on a healthy installation. */
  alone: boolean;
}

/** How long a process may take to come back before the run says that it did not, in milliseconds. */
export const recoveryLimitMs = 300_000;

interface Span {
  from: number;
  /** Infinity while it lasts. */
  to: number;
}

export interface RecoveryLog {
  times: Map<string, Recovery[]>;
  /** A fault begins; the answer is to be called when it is over. */
  begin: () => () => void;
  /** Waits until it is back and notes how long that took. Throws where it does not come back. */
  watch: (name: string, isBack: () => Promise<boolean>) => Promise<void>;
}

export function createRecoveryLog(): RecoveryLog {
  const times = new Map<string, Recovery[]>();
  const spans: Span[] = [];
  const open = (): Span => {
    const span = { from: performance.now(), to: Infinity };
    spans.push(span);
    return span;
  };
  const close = (span: Span): void => void (span.to = performance.now());
  return {
    times,
    begin() {
      const span = open();
      return () => close(span);
    },
    async watch(name, isBack) {
      const own = open();
      while (performance.now() - own.from < recoveryLimitMs) {
        if (await isBack().catch(() => false)) {
          close(own);
          const alone = spans.every((other) => other === own || other.to < own.from);
          times.set(name, [...(times.get(name) ?? []), { ms: own.to - own.from, alone }]);
          return;
        }
        await delay(25);
      }
      throw new Error(`${name} was killed and has not come back in ${recoveryLimitMs / 1_000} s`);
    },
  };
}
