import { type ChildProcess, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { complain, prefixLines } from './output.js';

export interface ChildOptions {
  name: string;
  /** Script that Node runs. */
  entry: string;
  env: Record<string, string>;
  /** Called at every start, the first one included. */
  onStart: (pid: number) => void;
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
const HEALTHY_AFTER_MS = 10_000;

/** Keeps one process running: whenever it ends by itself it is started again, soon at first, then less and less often. */
export function keepRunning({ name, entry, env, onStart }: ChildOptions): Child {
  const killSwitch = new URL('./kill-switch.js', import.meta.url).href;
  let current: ChildProcess | undefined;
  let retry: NodeJS.Timeout | undefined;
  let stopping = false;
  let deaths = 0;
  let delayMs = FIRST_DELAY_MS;
  let gone: (() => void) | undefined;

  const start = (): void => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['--enable-source-maps', '--import', killSwitch, entry], {
      cwd: dirname(dirname(entry)),
      env,
      // Its own process group, so that Ctrl-C reaches the supervisor alone, which orders the stop.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
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
      if (performance.now() - startedAt > HEALTHY_AFTER_MS) delayMs = FIRST_DELAY_MS;
      complain(`${name} ended (${how}), starting it again in ${delayMs} ms`);
      retry = setTimeout(start, delayMs);
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    };
    child.once('error', (error) => onEnd(error.message));
    child.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`));
    if (child.pid !== undefined) onStart(child.pid);
  };
  start();

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
