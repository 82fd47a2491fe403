// A circuit breaker: after several failures in a row nobody waits for what will fail anyway. After a pause one request tries
// again (half-open); its outcome decides for all. Written here since it is this little, and since signs of life that come by other ways
// (the event log, probes) must be able to close it, which libraries do not offer.

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerSettings {
  /** Failures in a row that open it; 0 never does. */
  failures: number;
  /** How long it stays open before one request may try, in milliseconds. */
  pauseMs: number;
}

export interface Breaker {
  /** False while all would fail; asking again is no try. */
  mayPass(): boolean;
  /** Whether this request may go. After the pause the first that asks may, and then must tell how it went. */
  pass(): boolean;
  succeeded(): void;
  failed(): void;
  state(): BreakerState;
}

export function createBreaker({ failures, pauseMs }: BreakerSettings, { changed = () => undefined, now = () => performance.now() }: { changed?: (state: BreakerState) => void; now?: () => number } = {}): Breaker {
  let state: BreakerState = 'closed';
  let inARow = 0;
  let until = 0;

  function become(next: BreakerState): void {
    if (state === next) return;
    state = next;
    changed(next);
  }
  const mayTry = () => state === 'open' && now() >= until;

  return {
    state: () => state,
    mayPass: () => state === 'closed' || mayTry(),
    pass() {
      if (state === 'closed') return true;
      if (!mayTry()) return false;
      become('half-open');
      return true;
    },
    succeeded() {
      inARow = 0;
      become('closed');
    },
    failed() {
      inARow += 1;
      // Those that were under way when it opened must not keep it open for longer.
      if (state === 'open' || failures === 0 || (state === 'closed' && inARow < failures)) return;
      until = now() + pauseMs;
      become('open');
    },
  };
}
