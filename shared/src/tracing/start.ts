// Switches tracing on where a collector is named. The code that it takes is not even loaded elsewhere.
import type { Logger } from 'pino';
import { readTracing } from '../config.js';

export interface Tracing {
  /** Sends what waits, for a second at most; never rejects. */
  stop(): Promise<void>;
}

/** To be called before anything listens; undefined where nothing is traced. */
export async function startTracing(process: string, log: Logger): Promise<Tracing | undefined> {
  const settings = readTracing();
  if (settings.endpoint === undefined) return undefined;
  const { startSdk } = await import('./sdk.js');
  return startSdk({ process, settings, log });
}
