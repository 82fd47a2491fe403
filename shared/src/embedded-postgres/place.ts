import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { StartError } from '../start-error.js';
import { type OsUser, POSIX_SHELL, runAs } from './os-user.js';

/**
 * Where the cluster lies: normally `dataDir` itself. Under root it may be unreachable for the account
 * that runs Postgres (a clone below /root, mode 0700); then it is `<away>/data`.
 */
export interface Place {
  dataDir: string;
  /** A directory outside the clone, named after the path of `dataDir`; made only when it is needed. */
  away: string;
}

/** The places a cluster for this directory may be in. Touches nothing. */
export function placesOf(wanted: string): { home: string; away: string; awayData: string } {
  const home = canonical(resolve(wanted));
  const hash = createHash('sha256').update(home).digest('hex').slice(0, 12);
  const away = `/var/lib/taskgraph-${hash}`;
  return { home, away, awayData: join(away, 'data') };
}

/** Decides, makes the parent directories, and leaves existing data where it is. */
export function choosePlace(wanted: string, user: OsUser | undefined): Place {
  const { home, away, awayData } = placesOf(wanted);
  const parent = dirname(home);
  makeParent(parent, user);
  if (!user) {
    assertWritable(parent, home);
    return { dataDir: home, away };
  }
  if (holdsCluster(awayData)) return { dataDir: awayData, away };
  if (reaches(user, parent)) return { dataDir: home, away };
  if (holdsCluster(home)) {
    throw new StartError(
      `The Postgres data in ${home} cannot be reached by the account ${user.name} that runs Postgres: give the directories above it the permission o+x.`,
    );
  }
  makeAway(away, user);
  return { dataDir: awayData, away };
}

/** Removes the cluster and everything put aside for it. The caller makes sure that nothing runs there. */
export function removePlace(wanted: string): void {
  const { home, away } = placesOf(wanted);
  for (const path of [home, `${home}.half`, away]) rmSync(path, { recursive: true, force: true });
}

export function makeAway(away: string, user: OsUser): void {
  try {
    mkdirSync(away, { recursive: true, mode: 0o700 });
    chownSync(away, user.uid, user.gid);
    chmodSync(away, 0o700);
  } catch (error) {
    throw new StartError(
      `No place for Postgres: the account ${user.name} cannot reach the data directory and ${away} cannot be made (${(error as Error).message}); move the clone out of the closed directory or set DATA_DIR.`,
    );
  }
}

function makeParent(parent: string, user: OsUser | undefined): void {
  try {
    // 0711 under root: the other account passes through, and still cannot list.
    mkdirSync(parent, { recursive: true, mode: user ? 0o711 : 0o700 });
  } catch (error) {
    throw notWritable(parent, error as NodeJS.ErrnoException);
  }
}

function assertWritable(parent: string, home: string): void {
  const target = existsSync(home) ? home : parent;
  const mine = process.getuid?.();
  const { uid } = statSync(target);
  if (target === home && mine !== undefined && uid !== mine) {
    throw new StartError(
      `The Postgres data in ${home} belongs to another account (uid ${uid}): start as that account, or give the data to yours with chown -R.`,
    );
  }
  const probe = join(target, `.writable-${process.pid}`);
  try {
    mkdirSync(probe);
    rmSync(probe, { recursive: true });
  } catch (error) {
    throw notWritable(target, error as NodeJS.ErrnoException);
  }
}

function notWritable(dir: string, error: NodeJS.ErrnoException): StartError {
  return new StartError(
    `The data directory ${dir} is not writable (${error.code}): correct its owner or permissions, or set DATA_DIR to another directory.`,
  );
}

/** Asks the kernel by going there as that user; mode bits alone do not know of ACLs and mounts. */
function reaches(user: OsUser, dir: string): boolean {
  return spawnSync(POSIX_SHELL, ['-c', 'cd "$0"', dir], { ...runAs(user), cwd: '/', env: {} }).status === 0;
}

function holdsCluster(dir: string): boolean {
  return existsSync(join(dir, 'PG_VERSION'));
}

/** Resolves links in the part of the path that exists, so that one directory has one name. */
function canonical(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(canonical(parent), basename(path));
}
