// Runs `npm start` as a newcomer does, and stops it as an operator does.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '@taskgraph/shared/testing/ports';
import { eventually } from '@taskgraph/shared/testing/eventually';

export interface RunningProcess {
  name: string;
  pid: number;
  url: string | null;
  role: string;
}

export interface System {
  /** The public address. */
  url: string;
  dataDir: string;
  /** What the console showed. */
  output(): string;
  processes(): Promise<RunningProcess[]>;
  /** Milliseconds from `npm start` to the first ready answer. */
  readyInMs: number;
  /** Ends the supervisor as Ctrl-C does and waits until nothing is left. Answers how long that took. */
  stop(): Promise<{ stoppedInMs: number; left: RunningProcess[] }>;
}

const repository = resolve(import.meta.dirname, '..', '..');

/** Tests send more from one address than people do. */
const unlimited = { RATE_LIMIT_ANONYMOUS_PER_MINUTE: '0', RATE_LIMIT_PER_MINUTE: '0', COST_LIMIT_PER_MINUTE: '0' };

export const makeDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'taskgraph-e2e-'));
export const removeDataDir = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

/** Starts the system on a port of its own; resolves when it says that it is ready. */
export async function startSystem(dataDir: string, env: Record<string, string> = {}): Promise<System> {
  const port = await freePort();
  const startedAt = performance.now();
  // CI=true is the test's own: a newcomer's shell does not have it.
  const { CI: _ci, NODE_ENV: _nodeEnv, ...inherited } = process.env;
  const child = spawn('npm', ['start'], {
    cwd: repository,
    env: { ...inherited, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...unlimited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  const processes = async () => JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as RunningProcess[];
  try {
    const ended = new Promise<never>((_resolve, reject) => child.once('exit', (code) => reject(new Error(`it ended with ${code}`))));
    const ready = eventually(async () => /ready in/.test(output) && (await fetch(`${url}/readyz`)).status === 200, { timeoutMs: 120_000 });
    await Promise.race([ready, ended]);
  } catch (error) {
    // npm hands it on; killed outright it would leave what it started.
    child.kill('SIGTERM');
    await eventually(() => child.exitCode !== null || child.signalCode !== null).catch(() => child.kill('SIGKILL'));
    throw new Error(`npm start did not get ready:\n${output}`, { cause: error });
  }
  return {
    url, dataDir, processes,
    output: () => output,
    readyInMs: performance.now() - startedAt,
    stop: () => stop(child, processes),
  };
}

async function stop(child: ChildProcess, processes: () => Promise<RunningProcess[]>): Promise<{ stoppedInMs: number; left: RunningProcess[] }> {
  const all = await processes();
  const supervisor = all.find((entry) => entry.name === 'supervisor');
  if (!supervisor) throw new Error('run.json names no supervisor');
  const startedAt = performance.now();
  process.kill(supervisor.pid, 'SIGTERM');
  await eventually(() => child.exitCode !== null || child.signalCode !== null);
  return { stoppedInMs: performance.now() - startedAt, left: all.filter((entry) => alive(entry.pid)) };
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
