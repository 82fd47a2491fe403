// Whether a peer reads what it is sent. The kernels at both ends take megabytes for one that reads nothing, so bytes that have
// left say little; the pong to a ping that was sent behind them says that the peer came that far.
export interface PeerReading {
  /** Results were written, with so many bytes. */
  wrote(bytes: number): void;
  /** A pong came, with this payload. */
  answered(payload: Buffer): void;
  stop(): void;
}

export interface PeerReadingOptions {
  /** Sends a ping behind what was written. */
  ping: (payload: string) => void;
  /** It is given up when nothing of what was written is known as read for so long, in milliseconds. */
  stallMs: number;
  stalled: () => void;
}

/** Bytes after which a ping is due at once: whoever reads so much in `stallMs` is slow and not stalled. */
const askEachBytes = 64 * 1_024;
/** Otherwise so much of `stallMs` passes before one is sent: many small results need one only. */
const askWithin = 1 / 5;

export function createPeerReading({ ping, stallMs, stalled }: PeerReadingOptions): PeerReading {
  let asked = 0;
  let known = 0;
  /** Written behind the last ping. */
  let bytes = 0;
  let patience: NodeJS.Timeout | undefined;
  let asking: NodeJS.Timeout | undefined;

  const rest = () => {
    clearTimeout(patience);
    clearTimeout(asking);
    patience = asking = undefined;
  };
  function ask(): void {
    clearTimeout(asking);
    asking = undefined;
    bytes = 0;
    asked += 1;
    ping(String(asked));
  }
  /** What has come and was not looked at yet, because this process was busy, is looked at first. */
  function lose(): void {
    const before = known;
    setImmediate(() => {
      if (!patience) return;
      if (known === before) stalled();
      else patience.refresh();
    });
  }

  return {
    wrote(more) {
      bytes += more;
      patience ??= setTimeout(lose, stallMs);
      if (bytes >= askEachBytes) ask();
      else asking ??= setTimeout(ask, stallMs * askWithin);
    },
    answered(payload) {
      const count = Number(payload.toString('latin1'));
      if (!(count > known && count <= asked)) return;
      known = count;
      if (known === asked && bytes === 0) rest();
      else patience?.refresh();
    },
    stop: rest,
  };
}
