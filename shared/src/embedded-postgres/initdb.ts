import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { StartError } from '../start-error.js';
import { type Binaries, POSTGRES_ENV } from './binaries.js';
import { type OsUser, runAs } from './os-user.js';

export interface InitOptions {
  binaries: Binaries;
  dataDir: string;
  user: OsUser | undefined;
  password: string;
  durable: boolean;
}

/**
 * Makes the cluster unless there is one. It is made beside its place and moved in when complete, so a
 * start that is interrupted leaves nothing that looks like data. Returns whether it was made.
 */
export async function ensureCluster({ binaries, dataDir, user, password, durable }: InitOptions): Promise<boolean> {
  if (existsSync(join(dataDir, 'PG_VERSION'))) {
    assertSameMajor(dataDir, binaries);
    return false;
  }
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new StartError(`${dataDir} is not empty and holds no Postgres data: move its content away, or set DATA_DIR to another directory.`);
  }
  const half = `${dataDir}.half`;
  const passwordFile = join(half, 'password');
  const cluster = join(half, 'cluster');
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user) for (const path of [half, passwordFile]) chownSync(path, user.uid, user.gid);
  const flags = [
    `--pgdata=${cluster}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    // Sorts by code point as C does, and knows upper and lower case beyond ASCII on every platform alike.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  await run(binaries.initdb, flags, user);
  if (existsSync(dataDir)) rmSync(dataDir, { recursive: true });
  renameSync(cluster, dataDir);
  rmSync(half, { recursive: true, force: true });
  return true;
}

function assertSameMajor(dataDir: string, binaries: Binaries): void {
  const found = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (found === binaries.major) return;
  throw new StartError(
    `The data in ${dataDir} was written by Postgres ${found} and this version of Taskgraph brings Postgres ${binaries.major}: start the Taskgraph version that wrote it and move the data over, or set DATA_DIR to a new directory; nothing was changed.`,
  );
}

async function run(program: string, flags: string[], user: OsUser | undefined): Promise<void> {
  const child = spawn(program, flags, { ...runAs(user), cwd: '/', env: POSTGRES_ENV, stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [code, complaint] = await Promise.all([exit, text(child.stderr)]);
  if (code === 0) return;
  const line = complaint.split('\n').find((part) => part.includes('error:')) ?? complaint.trim().split('\n').at(-1) ?? '';
  throw new StartError(`Postgres data could not be made: ${line.trim() || `initdb ended with ${code}`}`);
}
