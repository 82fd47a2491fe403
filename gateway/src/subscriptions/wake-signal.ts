/** Remembers that something happened, for one waiter: a wake before the wait is not lost, several become one. */
export interface WakeSignal {
  wake: Wake;
  /** Resolves at once when woken since the last wait; otherwise when woken or when `stop` aborts. Answers the trace of the last wake that had one. */
  wait(stop: AbortSignal): Promise<string | undefined>;
}

/** `trace` is the `traceparent` of what happened, where that is traced. */
export type Wake = (trace?: string) => void;

export function createWakeSignal(): WakeSignal {
  let woken = false;
  let cause: string | undefined;
  let resume: (() => void) | undefined;
  return {
    wake(trace) {
      woken = true;
      cause = trace ?? cause;
      resume?.();
    },
    async wait(stop) {
      if (!woken && !stop.aborted) {
        await new Promise<void>((resolve) => {
          resume = resolve;
          stop.addEventListener('abort', resume as () => void, { once: true });
        });
        stop.removeEventListener('abort', resume as () => void);
      }
      const trace = cause;
      resume = cause = undefined;
      woken = false;
      return trace;
    },
  };
}
