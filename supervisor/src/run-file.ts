import { renameSync, rmSync, writeFileSync } from 'node:fs';

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
  /** Adds the process, or changes its pid after a restart. */
  set: (entry: RunEntry) => void;
  remove: () => void;
}

/** The list of running processes for people and programs outside; every reader finds it whole. */
export function openRunFile(path: string): RunFile {
  const entries = new Map<string, RunEntry>();
  return {
    set: (entry) => {
      entries.set(entry.name, entry);
      writeFileSync(`${path}.new`, `${JSON.stringify([...entries.values()], null, 2)}\n`);
      renameSync(`${path}.new`, path);
    },
    remove: () => rmSync(path, { force: true }),
  };
}
