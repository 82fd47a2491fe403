import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { complain } from './output.js';

export interface RunEntry {
  name: string;
  pid: number;
  /** Without credentials; null for what listens nowhere. */
  url: string | null;
  role: 'supervisor' | 'postgres' | 'gateway' | 'api' | 'worker';
  /** Where a process of ours tells its metrics. */
  metrics?: string;
}

export interface RunFile {
  /** Adds the process, or changes its pid after a restart. On a full disk it is written as soon as there is room: what runs goes on. */
  set: (entry: RunEntry) => void;
  remove: () => void;
}

const RETRY_MS = 1_000;

/** The list of running processes for people and programs outside; every reader finds it whole. */
export function openRunFile(path: string): RunFile {
  const entries = new Map<string, RunEntry>();
  let retry: NodeJS.Timeout | undefined;
  const save = (): void => {
    try {
      writeFileSync(`${path}.new`, `${JSON.stringify([...entries.values()], null, 2)}\n`);
      renameSync(`${path}.new`, path);
      retry = undefined;
    } catch (error) {
      if (!retry) complain(`${path} cannot be written (${(error as NodeJS.ErrnoException).code}), trying again every second`);
      retry = setTimeout(save, RETRY_MS);
    }
  };
  return {
    set: (entry) => {
      entries.set(entry.name, entry);
      // One that is still to come writes this entry too.
      if (!retry) save();
    },
    remove: () => {
      clearTimeout(retry);
      rmSync(path, { force: true });
    },
  };
}
