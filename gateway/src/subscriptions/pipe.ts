// One connection for several subscriptions: says when enough of what was written still waits in memory.
import type { Pipe } from './outlet.js';

export interface PipeOptions {
  /** Calls back when the bytes have left or the connection is gone, always later than it returns. */
  write: (text: string, sent: () => void) => void;
  /** Bytes written and not yet taken by the system. */
  waiting: () => number;
}

/** From so many waiting bytes on nothing is added, in bytes: with it the kernel's buffers stay filled. */
const highWater = 64 * 1_024;

export function createPipe({ write, waiting }: PipeOptions): Pipe {
  let queue: (() => void)[] = [];
  const ready = () => waiting() < highWater;
  return {
    write(text, sent) {
      write(text, () => {
        sent();
        if (queue.length === 0 || !ready()) return;
        const calls = queue;
        queue = [];
        for (const call of calls) call();
      });
    },
    ready,
    onReady: (call) => void queue.push(call),
  };
}
