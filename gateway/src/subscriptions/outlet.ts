// The end of one subscription that faces its consumer: what waits to be sent, bounded in number and bytes. It takes nothing
// once it is full; whoever offers keeps the place and offers again later, so a slow consumer costs no more than this.
/** One connection as its subscriptions see it. */
export interface Pipe {
  /** `sent` is called when the bytes have left, or when the connection is gone. */
  write(bytes: Buffer | string, sent: () => void): void;
  /** How much may be written before too much of it waits in memory, in bytes; none when not more than 0. */
  room(): number;
  /** Calls once when there is room again. */
  onReady(call: () => void): void;
}

/** A serialised result; the same object for all who are sent it. */
export interface Item {
  body: Buffer;
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

/** The bytes that carry these results, in this order. */
export type Frame = (items: readonly Item[]) => Buffer;

export interface OutletOptions {
  pipe: Pipe;
  limits: OutletLimits;
  /** Wraps results for the wire, one or more. */
  frame: Frame;
  /** The consumer takes nothing; `cursor` is that of the last result it was sent. */
  stalled: (cursor: string) => void;
}

export interface Outlet {
  /** Whether it would take all of these. */
  fits(items: readonly Item[]): boolean;
  /** Takes them from the first on, until it is full; answers how many it took. */
  offer(items: readonly Item[]): number;
  /** Takes the place of whatever waits: for states, of which only the latest counts. */
  replace(item: Item): void;
  /** Whether little waits. */
  isDrained(): boolean;
  /** Resolves when little waits, and when it is closed. */
  drained(): Promise<void>;
  /** Resolves when all is sent, and when it is closed. */
  flushed(): Promise<void>;
  close(): void;
}

export const toItem = (result: object, cursor: string): Item => ({ body: Buffer.from(JSON.stringify(result)), cursor });

export function createOutlet({ pipe, limits, frame, stalled }: OutletOptions): Outlet {
  let queue: Item[] = [];
  let bytes = 0;
  let underWay = 0;
  /** Writes that have left. */
  let left = 0;
  let closed = false;
  let last = '';
  let waitsForPipe = false;
  let patience: NodeJS.Timeout | undefined;
  let waiters: { enough: () => boolean; resolve: () => void }[] = [];

  const nothingLeft = () => queue.length === 0 && underWay === 0;
  const fits = (items: readonly Item[]) => {
    if (queue.length === 0 && items.length <= 1) return true;
    return queue.length + items.length <= limits.queueEvents && items.reduce((sum, { body }) => sum + body.length, bytes) <= limits.queueBytes;
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
    else patience = setTimeout(lose, limits.stallMs);
  }
  /** What has left, and was not noticed because this process was busy, counts first. */
  function lose(): void {
    const before = left;
    setImmediate(() => {
      if (!patience) return;
      if (left === before) stalled(last);
      else patience.refresh();
    });
  }

  /** What waits leaves in one write, as far as there is room: a page for a thousand sockets is a thousand writes. */
  function pump(): void {
    for (let room = pipe.room(); !closed && queue.length > 0 && room > 0; room = pipe.room()) {
      let count = 0;
      for (; count < queue.length && room > 0; count += 1) room -= (queue[count] as Item).body.length;
      const items = count === queue.length ? queue : queue.slice(0, count);
      queue = count === queue.length ? [] : queue.slice(count);
      for (const { body } of items) bytes -= body.length;
      const { cursor } = items.at(-1) as Item;
      underWay += 1;
      pipe.write(frame(items), () => {
        underWay -= 1;
        left += 1;
        last = cursor;
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

  function add(items: readonly Item[]): number {
    let taken = 0;
    for (const item of items) {
      if (!fits([item])) pump();
      if (!fits([item])) break;
      queue.push(item);
      bytes += item.body.length;
      taken += 1;
    }
    if (taken === 0) return 0;
    pump();
    // Only the first that waits starts the clock: whatever comes later is no sign of life.
    if (!patience) watch();
    return taken;
  }

  return {
    fits,
    offer: (items) => (closed ? items.length : add(items)),
    replace(item) {
      if (closed) return;
      queue = [];
      bytes = 0;
      add([item]);
    },
    isDrained: littleLeft,
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
