// What the system knows of processes that are not ours.
import { readdirSync, readFileSync } from 'node:fs';

/** Whether the process runs; one that is dead and not yet buried does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Processes that a process has started; none where the system does not tell (it has no /proc). */
export function childrenOf(pid: number): number[] {
  const parentOf = (child: string): number => {
    try {
      // The name, in brackets, may hold anything.
      return Number(readFileSync(`/proc/${child}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[1]);
    } catch {
      return 0;
    }
  };
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid).map(Number);
  } catch {
    return [];
  }
}
