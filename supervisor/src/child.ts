import { type ChildProcess, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { complain, prefixLines } from './output.js';
import type { Part } from './spare.js';

export interface ChildOptions {
  name: string;
  /** Script that Node runs. */
  entry: string;
  env: Record<string, string>;
  /** Called at every start, the first one included. */
  onStart: (pid: number) => void;
  /** Makes a process that has loaded most already into this one; undefined where there is none. */
  fromSpare: (part: Part) => ChildProcess | undefined;
}

export interface Child {
  name: string;
  pid: () => number | undefined;
  /** How often it ended by itself. */
  deaths: () => number;
  /** Asks it to end and starts it no more; resolves when it is gone. */
  stop: () => Promise<void>;
  kill: () => void;
}

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
/** Who ran this long was healthy: its next death is the first again. */
const HEALTHY_AFTER_MS = 5_000;

/** What Node is told before the script of a service. */
export const execArgv: readonly string[] = ['--import', new URL('./kill-switch.js', import.meta.url).href];

/** Keeps one process running: whenever it ends by itself it is started again, at once where it had been healthy, then less and less often. */
export function keepRunning({ name, entry, env, onStart, fromSpare }: ChildOptions): Child {
  let current: ChildProcess | undefined;
  let retry: NodeJS.Timeout | undefined;
  let stopping = false;
  let deaths = 0;
  let delayMs = FIRST_DELAY_MS;
  let gone: (() => void) | undefined;

  const launch = (): ChildProcess =>
    spawn(process.execPath, ['--enable-source-maps', ...execArgv, entry], {
      cwd: dirname(dirname(entry)),
      env,
      // Its own process group, so that Ctrl-C reaches the supervisor alone, which orders the stop.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });

  const run = (child: ChildProcess): void => {
    const startedAt = performance.now();
    current = child;
    prefixLines(name, child.stdout!, process.stdout);
    prefixLines(name, child.stderr!, process.stderr);
    let ended = false;
    const onEnd = (how: string): void => {
      // A program that cannot be run reports 'error' and no 'exit'.
      if (ended) return;
      ended = true;
      current = undefined;
      if (stopping) return gone?.();
      deaths++;
      if (performance.now() - startedAt > HEALTHY_AFTER_MS) {
        complain(`${name} ended (${how}), starting it again`);
        delayMs = FIRST_DELAY_MS;
        return run(fromSpare({ entry, env }) ?? launch());
      }
      complain(`${name} ended (${how}), starting it again in ${delayMs} ms`);
      retry = setTimeout(() => run(launch()), delayMs);
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    };
    child.once('error', (error) => onEnd(error.message));
    child.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`));
    if (child.pid !== undefined) onStart(child.pid);
  };
  run(launch());

  return {
    name,
    pid: () => current?.pid,
    deaths: () => deaths,
    stop: () => {
      stopping = true;
      clearTimeout(retry);
      if (!current) return Promise.resolve();
      const left = new Promise<void>((resolve) => (gone = resolve));
      current.kill('SIGTERM');
      return left;
    },
    kill: () => void current?.kill('SIGKILL'),
  };
}
