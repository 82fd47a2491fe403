import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisRequired } from './config.js';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';

export interface TestRedis {
  url: string;
  port: number;
  pid: () => number;
  /** SIGKILL: what it held is lost unless `appendOnly`. The port stays ours. */
  kill: () => Promise<void>;
  /** Starts it again on the same port after `kill()`, or stops and starts it. */
  restart: () => Promise<void>;
  /** Ends it and removes its directory. */
  stop: () => Promise<void>;
}

/**
 * Whether a private Redis can be started here. Where Redis is required (CI=true or REQUIRE_REDIS=1) its
 * absence throws; elsewhere it is said aloud once, and the caller skips: `describe.skipIf(!redisAvailable())`.
 */
export function redisAvailable(required = redisRequired()): boolean {
  if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0) return true;
  if (required) {
    throw new Error('redis-server is not installed, and REQUIRE_REDIS=1 or CI=true asks for the tests that need it');
  }
  console.warn('\n*** redis-server is not installed: the tests of the Redis backend are SKIPPED ***\n');
  return false;
}

/** A redis-server of one's own on a free port, with an empty directory that goes away with it. */
export async function startRedis({ appendOnly = false, args = [] as string[] } = {}): Promise<TestRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'taskgraph-redis-'));
  let { child, port } = await launch(dir, appendOnly, args);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: () => child.pid!,
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGTERM');
      ({ child } = await launch(dir, appendOnly, args, port));
    },
    stop: async () => {
      await end('SIGTERM');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function launch(dir: string, appendOnly: boolean, args: string[], fixed?: number): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 0; ; attempt++) {
    const port = fixed ?? (await freePort());
    const flags = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', appendOnly ? 'yes' : 'no'];
    const child = spawn('redis-server', [...flags, '--maxmemory-policy', 'noeviction', '--loglevel', 'warning', ...args], { stdio: 'ignore' });
    // A test process that dies does not run its clean-up.
    const killOnExit = (): void => void child.kill('SIGKILL');
    process.once('exit', killOnExit);
    child.once('exit', () => process.off('exit', killOnExit));
    const failed = new Promise<false>((resolve) => child.once('exit', () => resolve(false)).once('error', () => resolve(false)));
    const ready = eventually(() => ping(port)).then(() => true);
    if (await Promise.race([ready, failed])) return { child, port };
    ready.catch(() => {});
    if (attempt === 5) throw new Error(`redis-server did not start on port ${port}`);
  }
}

function ping(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    // LOADING and the like are answers too, but not the one we wait for.
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
  });
}
