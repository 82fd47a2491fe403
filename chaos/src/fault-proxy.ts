// A TCP proxy that behaves as networks do on a bad day.
import { createServer, connect, type Socket } from 'node:net';
import { freePort } from '@taskgraph/shared/testing/ports';

/** What a link does: passes; passes late; passes nothing until it is healed, and loses nothing then. */
export type LinkMode = { kind: 'pass' } | { kind: 'delay'; ms: number } | { kind: 'blackhole' };

export interface FaultProxy {
  port: number;
  setMode: (mode: LinkMode) => void;
  /** Resets every connection there is. */
  reset: () => void;
  /** Ends every connection towards the one who opened it, and goes on listening to them. */
  halfClose: () => void;
  /** How many connections have passed. */
  connections: () => number;
  close: () => Promise<void>;
}

export async function startFaultProxy(target: { host?: string; port: number }): Promise<FaultProxy> {
  let mode: LinkMode = { kind: 'pass' };
  let count = 0;
  const pairs = new Set<{ client: Socket; server: Socket }>();
  const waiting = new Set<() => void>();

  const forward = (from: Socket, to: Socket): void => {
    // In order: each piece waits for the one before it.
    let before = Promise.resolve();
    const inTurn = (piece: () => void): void => {
      const lateBy = mode.kind === 'delay' ? mode.ms : 0;
      const healed = mode.kind === 'blackhole' ? new Promise<void>((resolve) => waiting.add(resolve)) : undefined;
      const late = lateBy > 0 ? new Promise<void>((resolve) => setTimeout(resolve, lateBy)) : undefined;
      before = before.then(() => healed).then(() => late).then(piece);
    };
    from.on('data', (data) => inTurn(() => {
      if (to.destroyed || to.writableEnded) return;
      if (!to.write(data)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    }));
    from.on('end', () => inTurn(() => void to.end()));
  };

  const server = createServer({ allowHalfOpen: true }, (client) => {
    count += 1;
    const upstream = connect({ host: target.host ?? '127.0.0.1', port: target.port, allowHalfOpen: true });
    const pair = { client, server: upstream };
    pairs.add(pair);
    for (const [one, other] of [[client, upstream], [upstream, client]] as const) {
      one.setNoDelay(true);
      one.on('error', () => void other.resetAndDestroy());
      one.on('close', () => {
        pairs.delete(pair);
        if (!other.destroyed) other.destroySoon();
      });
      forward(one, other);
    }
  });
  const port = await freePort();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));

  const release = (): void => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  return {
    port,
    setMode: (next) => {
      mode = next;
      if (mode.kind !== 'blackhole') release();
    },
    reset: () => {
      for (const { client, server } of pairs) for (const socket of [client, server]) socket.resetAndDestroy();
    },
    halfClose: () => {
      for (const { client } of pairs) client.end();
    },
    connections: () => count,
    close: async () => {
      release();
      for (const { client, server } of pairs) for (const socket of [client, server]) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
