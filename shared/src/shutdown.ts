// Ordered release: whoever acquires something adds its undo here at once, and stopping runs the undos backwards.
import type { Logger } from 'pino';
import { serveMetrics, type MetricsOptions } from './metrics/listener.js';
import { StartError } from './start-error.js';
import { startTracing, type Tracing } from './tracing/start.js';

export interface Releasers {
  add(name: string, undo: () => unknown): void;
  /** Runs every undo once, newest first; one that fails does not keep the others from running. */
  releaseAll(): Promise<void>;
}

export function createReleasers(log?: Pick<Logger, 'error' | 'debug'>): Releasers {
  const undos: { name: string; undo: () => unknown }[] = [];
  return {
    add: (name, undo) => void undos.push({ name, undo }),
    async releaseAll() {
      for (let entry = undos.pop(); entry; entry = undos.pop()) {
        try {
          await entry.undo();
          log?.debug({ resource: entry.name }, 'released');
        } catch (error) {
          log?.error({ err: error, resource: entry.name }, 'release failed');
        }
      }
    },
  };
}

/** How long a process may take to stop before it ends itself. */
const stopDeadlineMs = 7_000;

/**
 * Runs a process: starts it, stops it in order on SIGTERM, SIGINT or when the supervisor's channel closes (so that a
 * supervisor killed with SIGKILL leaves no process behind), and exits. A failing start exits with 1.
 */
export async function runProcess(log: Logger, metrics: MetricsOptions, start: () => Promise<{ stop: () => Promise<void> }>): Promise<void> {
  // Told of while it starts and while it drains too: the end of the process ends it.
  serveMetrics(metrics, log);
  let tracing: Tracing | undefined;
  let stopping = false;
  let started: { stop: () => Promise<void> } | undefined;
  const stop = (reason: string, code: number) => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, 'stopping');
    setTimeout(() => process.exit(1), stopDeadlineMs).unref();
    void Promise.resolve(started?.stop()).finally(() => tracing?.stop()).finally(() => process.exit(code));
  };
  process.once('SIGTERM', () => stop('SIGTERM', 0));
  process.on('SIGINT', () => stop('SIGINT', 0));
  process.once('disconnect', () => stop('the supervisor is gone', 0));
  // Nothing that gets here was expected: one line that says what it was, then an end in order, so that clients come back elsewhere.
  for (const kind of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(kind, (error: unknown) => {
      log.fatal({ err: error }, kind);
      stop(kind, 1);
    });
  }
  try {
    tracing = await startTracing(metrics.process, log);
    started = await start();
  } catch (error) {
    // What the operator can put right is one sentence, without a stack.
    if (error instanceof StartError) process.stderr.write(`${error.message}\n`);
    else log.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}
