import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '@taskgraph/shared/embedded-postgres/leftover';
import { StartError } from '@taskgraph/shared/start-error';

const NAME = 'supervisor.lock';

/**
 * Makes the data directory and takes it for this process; returns the release. A lock whose process is
 * gone, or whose pid belongs to a later process by now, is taken over.
 */
export function lockDataDir(dataDir: string): () => void {
  const lock = join(dataDir, NAME);
  const mine = `${lock}.${process.pid}`;
  try {
    const root = process.getuid?.() === 0;
    // Under root, Postgres runs as another account and has to pass through, not to list.
    if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true, mode: root ? 0o711 : 0o700 });
    else if (root && (statSync(dataDir).mode & 0o001) === 0 && statSync(dataDir).uid === 0) chmodSync(dataDir, 0o711);
    writeFileSync(mine, `${process.pid} ${startedAt(process.pid)}\n`);
  } catch (error) {
    throw new StartError(
      `The data directory ${dataDir} is not writable (${(error as NodeJS.ErrnoException).code}): correct its owner or permissions, or set DATA_DIR to another directory.`,
    );
  }
  try {
    if (!tryLink(mine, lock)) {
      const found = readFileSync(lock, 'utf8');
      if (isHeld(found)) throw inUse(dataDir, found);
      const stale = `${mine}.stale`;
      renameSync(lock, stale);
      // Somebody else may have taken over between reading and renaming: then it is theirs, and goes back.
      const renamed = readFileSync(stale, 'utf8');
      if (renamed !== found) {
        tryLink(stale, lock);
        rmSync(stale, { force: true });
        throw inUse(dataDir, renamed);
      }
      rmSync(stale);
      if (!tryLink(mine, lock)) throw inUse(dataDir, readFileSync(lock, 'utf8'));
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

function inUse(dataDir: string, content: string): StartError {
  return new StartError(
    `Taskgraph already runs on ${dataDir} (process ${content.split(' ')[0]}): stop that one first, or set DATA_DIR and PORT for a second one.`,
  );
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isHeld(content: string): boolean {
  const [pid, started] = content.trim().split(' ');
  return isRunning(Number(pid)) && (started === undefined || startedAt(Number(pid)) === started);
}

/** When the process started, in clock ticks since boot; '-' where the system does not tell. Pids are used again, this is not. */
function startedAt(pid: number): string {
  try {
    // The second field may hold spaces and brackets; the 22nd counts from behind its last bracket.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[19] ?? '-';
  } catch {
    return '-';
  }
}
