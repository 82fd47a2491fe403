// The primary process of a gateway with several workers. It serves nobody itself: it shares connections out, keeps as many workers
// as there should be, counts for all of them (rate-limits/counters.ts), and passes on what the operator says.
import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { StartError } from '@taskgraph/shared/start-error';
import type { Logger } from 'pino';
import { countForWorkers } from '../rate-limits/counters.js';

/** Pauses before a worker that died is replaced, in milliseconds. */
const firstPauseMs = 100;
const longestPauseMs = 5_000;
/** Who served this long was healthy: its death is the first one again. */
const healthyAfterMs = 10_000;

/** Resolves when the first one listens. Throws where that cannot start: it has said why. */
export async function startWorkers({ count, logger }: { count: number; logger: Logger }): Promise<{ stop: () => Promise<void> }> {
  const listening = new Set<Worker>();
  const retries = new Set<NodeJS.Timeout>();
  const untaken = new Set<Connection>();
  let pauseMs = firstPauseMs;
  let stopping = false;
  countForWorkers();
  cluster.setupPrimary({ exec: fileURLToPath(new URL('../main.js', import.meta.url)), args: [] });

  function fork(): Worker {
    const startedAt = performance.now();
    const worker = cluster.fork();
    closeForgotten(worker, untaken, () => stopping);
    worker.once('listening', () => {
      listening.add(worker);
      if (listening.size === count) logger.info({ workers: count }, 'all workers listen');
    });
    // Sending something to one that has just died; without a listener that would end this process.
    worker.on('error', (error) => logger.debug({ err: error, worker: worker.id }, 'a worker could not be told something'));
    worker.once('exit', (code, signal: string | null) => {
      const served = listening.delete(worker);
      if (stopping) return;
      if (performance.now() - startedAt > healthyAfterMs) pauseMs = firstPauseMs;
      logger.error({ worker: worker.id, pid: worker.process.pid, code, signal, served, pauseMs }, 'a worker ended; another one takes its place');
      const retry = setTimeout(() => {
        retries.delete(retry);
        fork();
      }, pauseMs);
      retries.add(retry);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    });
    return worker;
  }

  // Workers that have not listened yet read the newest graph by themselves; the signal would end them.
  const reload = () => [...listening].forEach((worker) => worker.process.kill('SIGHUP'));
  process.on('SIGHUP', reload);

  // One first: where it cannot start, that is told once.
  const first = fork();
  await new Promise<void>((resolve, reject) => {
    first.once('listening', () => resolve());
    first.once('exit', () => reject(new StartError('No worker of the gateway could start.')));
  });
  for (let index = 1; index < count; index += 1) fork();

  return {
    async stop() {
      stopping = true;
      for (const retry of retries) clearTimeout(retry);
      process.off('SIGHUP', reload);
      const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
      await Promise.all(workers.map(endOf));
    },
  };
}

interface Connection {
  close: () => void;
}

/** How long a connection that a stopping worker did not take is offered to the others, in milliseconds. */
const offeredMs = 200;

/**
 * Node.js forgets a connection that it was handing over when its worker dies, or when no other is left to take it, and keeps it open: the
 * client would wait for ever (lib/internal/cluster/round_robin_handle.js of releases 20 to 24). Closed, it is tried again elsewhere.
 */
function closeForgotten({ process: child }: Worker, untaken: Set<Connection>, stopping: () => boolean): void {
  const handed = new Map<number | undefined, Connection>();
  const send = child.send.bind(child) as (...given: unknown[]) => boolean;
  child.send = (message: { act?: string; seq?: number }, handle?: unknown, ...rest: unknown[]) => {
    if (message.act === 'newconn' && handle) {
      handed.set(message.seq, handle as Connection);
      untaken.delete(handle as Connection);
    }
    return send(message, handle, ...rest);
  };
  child.on('internalMessage', ({ ack, accepted }: { ack?: number; accepted?: boolean }) => {
    const connection = handed.get(ack);
    if (!connection) return;
    handed.delete(ack);
    if (accepted || !stopping()) return;
    untaken.add(connection);
    setTimeout(() => untaken.delete(connection) && connection.close(), offeredMs);
  });
  child.once('exit', () => {
    for (const connection of handed.values()) connection.close();
  });
}

/** A worker may have heard a SIGTERM from whoever stopped us: a second one would end it, this signal does not. */
function endOf(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    if (worker.isDead()) return resolve();
    worker.once('exit', () => resolve());
    worker.process.kill('SIGINT');
  });
}
