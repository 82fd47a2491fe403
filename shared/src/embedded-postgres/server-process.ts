import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from '../start-error.js';
import { type Binaries, POSTGRES_ENV } from './binaries.js';
import { type OsUser, runAs } from './os-user.js';
import { postgresArguments, type Settings } from './settings.js';

export interface ServerOptions extends Settings {
  binaries: Binaries;
  user: OsUser | undefined;
  password: string;
  /** Gets the server's own log, line by line. */
  onLog: (line: string) => void;
}

export interface ServerProcess {
  pid: number;
  /** Resolves with a word on how it ended; never rejects. */
  ended: Promise<string>;
  signal: (signal: NodeJS.Signals) => void;
}

/** Crash recovery replays the log since the last checkpoint, which may take a while; it is not hurried. */
const READY_TIMEOUT_MS = 120_000;

export class PortTaken extends Error {}
export class StillInUse extends Error {}

/** Starts a postmaster and returns when it takes connections. Throws `PortTaken` and `StillInUse` for the caller to retry. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { binaries, user, onLog } = options;
  const child = spawn(binaries.postgres, postgresArguments(options), {
    ...runAs(user),
    cwd: '/',
    env: POSTGRES_ENV,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Its own process group: Ctrl-C in the terminal is for us, and we stop it last.
    detached: true,
  });
  const lastLines: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > 40) lastLines.shift();
    onLog(line);
  });
  let outcome: string | undefined;
  const ended = endOf(child).then((how) => (outcome = how));
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (outcome === undefined) {
    const state = await tryConnect(options);
    if (state === 'ready' && outcome === undefined) {
      return { pid: child.pid!, ended, signal: (signal) => void child.kill(signal) };
    }
    if (state === 'password' || Date.now() > deadline) {
      child.kill('SIGINT');
      await ended;
      throw state === 'password'
        ? new StartError(`The Postgres data in ${options.dataDir} does not accept the kept password: restore the secrets.json that belongs to it, or run npm run reset to begin anew.`)
        : new StartError(`Postgres on ${options.dataDir} was not ready after ${READY_TIMEOUT_MS / 1000} s: ${lastLines.at(-1) ?? 'it said nothing'}`);
    }
    await Promise.race([delay(25), ended]);
  }
  throw failureOf(lastLines, outcome, options);
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // 'close' and not 'exit': the last lines of the log are read by then.
    child.once('exit', (code, signal) => {
      // Orphaned backends may hold the pipe open for a moment longer.
      const grace = setTimeout(() => resolve(signal ?? `exit code ${code}`), 500);
      child.once('close', () => {
        clearTimeout(grace);
        resolve(signal ?? `exit code ${code}`);
      });
    });
  });
}

async function tryConnect({ port, password }: ServerOptions): Promise<'ready' | 'not yet' | 'password'> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres', connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return 'ready';
  } catch (error) {
    return (error as { code?: string }).code === '28P01' ? 'password' : 'not yet';
  } finally {
    await client.end().catch(() => {});
  }
}

function failureOf(lines: string[], outcome: string, { dataDir, port }: ServerOptions): Error {
  const log = lines.join('\n');
  if (/could not bind|could not create any TCP\/IP sockets/.test(log)) return new PortTaken(`port ${port} is taken`);
  if (/pre-existing shared memory block|lock file .* already exists/.test(log)) return new StillInUse(lines.at(-1));
  const reason = lines.find((line) => /FATAL|PANIC/.test(line))?.replace(/^.*?(FATAL|PANIC):\s*/, '');
  return new StartError(`Postgres on ${dataDir} did not start (${reason ?? outcome}); its data was left as it is.`);
}
