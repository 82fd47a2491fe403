// The end of one subscription that faces its consumer: what waits to be sent, bounded in number and bytes. It takes nothing
// once it is full; whoever offers keeps the place and offers again later, so a slow consumer costs no more than this.
/** One connection as its subscriptions see it. */
export interface Pipe {
  /** `sent` is called when the bytes have left, or when the connection is gone. */
  write(text: string, sent: () => void): void;
  /** Whether little enough of what was written waits in memory. */
  ready(): boolean;
  /** Calls once when it is ready again. */
  onReady(call: () => void): void;
}

/** A serialised result; the same object for all who are sent it. */
export interface Item {
  text: string;
  bytes: number;
  /** The place after it; empty where there is none. */
  cursor: string;
}

export interface OutletLimits {
  /** Most results that wait for one subscription, and most bytes of them; one result alone may be larger. */
  queueEvents: number;
  queueBytes: number;
  /** A consumer that takes nothing for so long while something waits for it is given up, in milliseconds. */
  stallMs: number;
}

export interface OutletOptions {
  pipe: Pipe;
  limits: OutletLimits;
  /** Wraps a result for the wire. */
  frame: (text: string) => string;
  /** The consumer takes nothing; `cursor` is that of the last result it was sent. */
  stalled: (cursor: string) => void;
}

export interface Outlet {
  /** Whether it would take all of these. */
  fits(items: readonly Item[]): boolean;
  /** False where it is full: nothing was kept. */
  offer(item: Item): boolean;
  /** Takes the place of whatever waits: for states, of which only the latest counts. */
  replace(item: Item): void;
  /** Resolves when little waits, and when it is closed. */
  drained(): Promise<void>;
  /** Resolves when all is sent, and when it is closed. */
  flushed(): Promise<void>;
  close(): void;
}

/** What left counts in bytes of UTF-8. */
export const toItem = (result: object, cursor: string): Item => {
  const text = JSON.stringify(result);
  return { text, bytes: Buffer.byteLength(text), cursor };
};

export function createOutlet({ pipe, limits, frame, stalled }: OutletOptions): Outlet {
  let queue: Item[] = [];
  let bytes = 0;
  let underWay = 0;
  let closed = false;
  let last = '';
  let waitsForPipe = false;
  let patience: NodeJS.Timeout | undefined;
  let waiters: { enough: () => boolean; resolve: () => void }[] = [];

  const nothingLeft = () => queue.length === 0 && underWay === 0;
  const fits = (items: readonly Item[]) => {
    if (queue.length === 0 && items.length <= 1) return true;
    return queue.length + items.length <= limits.queueEvents && items.reduce((sum, item) => sum + item.bytes, bytes) <= limits.queueBytes;
  };
  const littleLeft = () => queue.length <= limits.queueEvents / 4 && bytes <= limits.queueBytes / 4;

  function settle(): void {
    const [done, rest] = [waiters.filter(({ enough }) => closed || enough()), waiters.filter(({ enough }) => !closed && !enough())];
    waiters = rest;
    for (const { resolve } of done) resolve();
  }
  const wait = (enough: () => boolean) =>
    closed || enough() ? Promise.resolve() : new Promise<void>((resolve) => void waiters.push({ enough, resolve }));

  function watch(): void {
    if (closed || nothingLeft()) {
      clearTimeout(patience);
      patience = undefined;
    } else if (patience) patience.refresh();
    else patience = setTimeout(() => stalled(last), limits.stallMs);
  }

  function pump(): void {
    while (!closed && queue.length > 0 && pipe.ready()) {
      const item = queue.shift() as Item;
      bytes -= item.bytes;
      underWay += 1;
      pipe.write(frame(item.text), () => {
        underWay -= 1;
        last = item.cursor;
        watch();
        pump();
        settle();
      });
    }
    if (!closed && queue.length > 0 && !waitsForPipe) {
      waitsForPipe = true;
      pipe.onReady(() => {
        waitsForPipe = false;
        pump();
        settle();
      });
    }
  }

  function add(item: Item): void {
    queue.push(item);
    bytes += item.bytes;
    pump();
    // Only the first that waits starts the clock: whatever comes later is no sign of life.
    if (!patience) watch();
  }

  return {
    fits,
    offer(item) {
      if (closed) return true;
      if (!fits([item])) return false;
      add(item);
      return true;
    },
    replace(item) {
      if (closed) return;
      queue = [];
      bytes = 0;
      add(item);
    },
    drained: () => wait(littleLeft),
    flushed: () => wait(nothingLeft),
    close() {
      closed = true;
      queue = [];
      bytes = 0;
      clearTimeout(patience);
      settle();
    },
  };
}
