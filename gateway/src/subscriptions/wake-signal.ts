/** Remembers that something happened, for one waiter: a wake before the wait is not lost, several become one. */
export interface WakeSignal {
  wake(): void;
  /** Resolves at once when woken since the last wait; otherwise when woken or when `stop` aborts. */
  wait(stop: AbortSignal): Promise<void>;
}

export function createWakeSignal(): WakeSignal {
  let woken = false;
  let resume: (() => void) | undefined;
  return {
    wake() {
      woken = true;
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
      resume = undefined;
      woken = false;
    },
  };
}
