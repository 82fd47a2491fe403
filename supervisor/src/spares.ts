import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Part } from './spare.js';

export interface Spares {
  /** Makes one of them that service, and begins with another a little later; undefined where there is none. */
  take: (part: Part) => ChildProcess | undefined;
  /** Ends those that wait; no others come. */
  stop: () => void;
}

/** One for a process that dies, and one for the next that dies before there is another. */
const WANTED = 2;
/** Pause before each one, in milliseconds: whoever has just been taken has the machine to itself for so long. */
const PAUSE_MS = 1_500;

/** Keeps processes that are nearly a service. `env` holds no secret, and NODE_ENV, which packages look at while they are loaded. */
export function keepSpares(env: Record<string, string>, execArgv: readonly string[]): Spares {
  const script = fileURLToPath(new URL('./spare.js', import.meta.url));
  const waiting = new Set<ChildProcess>();
  let next: NodeJS.Timeout | undefined;

  const fill = (): void => {
    const spare = spawn(process.execPath, [...execArgv, script], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    waiting.add(spare);
    // One that dies while it waits is not missed before the next one is taken.
    const forget = (): void => void waiting.delete(spare);
    spare.once('error', forget);
    spare.once('exit', forget);
    next = waiting.size < WANTED ? setTimeout(fill, PAUSE_MS) : undefined;
  };
  fill();

  return {
    take: (part) => {
      clearTimeout(next);
      next = setTimeout(fill, PAUSE_MS);
      for (const spare of waiting) {
        waiting.delete(spare);
        if (!spare.connected) continue;
        spare.send(part, () => {});
        return spare;
      }
      return undefined;
    },
    stop: () => {
      clearTimeout(next);
      for (const spare of waiting) spare.kill('SIGKILL');
      waiting.clear();
    },
  };
}
