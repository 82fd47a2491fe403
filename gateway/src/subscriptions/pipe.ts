// One connection for several subscriptions: says when enough of what was written still waits in memory.
import type { Pipe } from './outlet.js';

export interface PipeOptions {
  /** Calls back when the bytes have left or the connection is gone, always later than it returns. */
  write: (bytes: Buffer | string, sent: () => void) => void;
  /** Bytes written and not yet taken by the system. */
  waiting: () => number;
}

/** From so many waiting bytes on nothing is added, in bytes: with it the kernel's buffers stay filled. */
const highWater = 64 * 1_024;

export function createPipe({ write, waiting }: PipeOptions): Pipe {
  let queue: (() => void)[] = [];
  const room = () => highWater - waiting();
  return {
    write(bytes, sent) {
      write(bytes, () => {
        // Who waits comes before who has just written: one that always has more would keep the others waiting for ever.
        if (queue.length > 0 && room() > 0) {
          const calls = queue;
          queue = [];
          for (const call of calls) call();
        }
        sent();
      });
    },
    room,
    onReady: (call) => void queue.push(call),
  };
}
