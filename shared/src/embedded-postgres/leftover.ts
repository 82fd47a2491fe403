import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '../start-error.js';

/** Fast shutdown disconnects clients and checkpoints; after this many ms the postmaster is told to abort. */
const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;

/**
 * A supervisor killed with SIGKILL leaves its postmaster behind. It is stopped rather than adopted: a
 * process that is not our child tells nobody when it dies, and would keep the settings of the last start.
 * Returns its pid if there was one. A pid file whose process is gone, or is something else by now, is removed.
 */
export async function stopLeftover(dataDir: string): Promise<number | undefined> {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (!isPostmasterOf(pid, dataDir)) {
    rmSync(file, { force: true });
    return undefined;
  }
  const gone = (await signalAndWait(pid, 'SIGINT', FAST_SHUTDOWN_MS)) || (await signalAndWait(pid, 'SIGQUIT', IMMEDIATE_SHUTDOWN_MS));
  if (!gone) throw new StartError(`Postgres from an earlier start (process ${pid}) runs on ${dataDir} and does not stop: end that process and start again.`);
  return pid;
}

async function signalAndWait(pid: number, signal: NodeJS.Signals, timeoutMs: number): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
    throw new StartError(`Postgres from an earlier start (process ${pid}) belongs to another account: end that process and start again.`);
  }
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (!isRunning(pid)) return true;
    await delay(20);
  }
  return false;
}

/** Pids come round again, in containers at once; only a postmaster started on this very directory counts. */
function isPostmasterOf(pid: number, dataDir: string): boolean {
  if (!(pid > 1) || pid === process.pid || !isRunning(pid)) return false;
  const command = commandOf(pid);
  return command !== undefined && /postgres/.test(command) && command.includes(dataDir);
}

function commandOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    if (process.platform === 'linux') return undefined;
  }
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
}

/** A zombie (dead, not yet reaped by whoever inherited it) does not count as running. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
