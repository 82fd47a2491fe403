/** The end of one subscription. An AbortSignal weighs more than all else that a waiting subscription keeps, so it is made where something is waited for. */
export interface Stop {
  readonly aborted: boolean;
  readonly signal: AbortSignal;
}

export function createStop(): Stop & { abort(): void } {
  let controller: AbortController | undefined;
  let aborted = false;
  return {
    get aborted() {
      return aborted;
    },
    get signal() {
      controller ??= new AbortController();
      if (aborted) controller.abort();
      return controller.signal;
    },
    abort() {
      aborted = true;
      controller?.abort();
    },
  };
}
