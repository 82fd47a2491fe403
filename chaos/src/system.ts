// Starts the real system as an operator does, on data and ports of its own, with servers that may be killed.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { removePlace } from '@taskgraph/shared/embedded-postgres/place';
import { startEmbeddedPostgres } from '@taskgraph/shared/embedded-postgres/start';
import { withCredentials } from '@taskgraph/shared/provision/connect';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { freePort } from '@taskgraph/shared/testing/ports';
import { startRedis } from '@taskgraph/shared/testing/redis';
import { inheritedEnv } from './config.js';
import { fillRedis } from './fill-redis.js';

export type Backend = 'postgres' | 'redis';

export interface RunningProcess {
  name: string;
  pid: number;
  url: string | null;
  role: string;
}

export interface RedisUnderTest {
  port: number;
  pid: () => number;
  kill: () => Promise<void>;
  restart: () => Promise<void>;
  /** Fills its memory, so that it refuses whatever would need more, and empties it again after so long. */
  full: (forMs: number) => Promise<void>;
  /** Kills it, empties its directory and starts it: everything queued is gone. */
  wipe: () => Promise<void>;
}

export interface System {
  url: string;
  dataDir: string;
  /** File in which the run names ports and the proxies that stand in front of them. */
  routesFile: string;
  /** The composed graph that the gateway serves; a copy of the run's own. */
  supergraphFile: string;
  processes: () => Promise<RunningProcess[]>;
  /** As superuser; direct, past every proxy. */
  adminUrl: () => Promise<string>;
  postgres: () => Promise<{ pid: number; port: number }>;
  redis: RedisUnderTest | null;
  /** What the processes said. */
  logFile: string;
  stop: () => Promise<void>;
}

const here = resolve(import.meta.dirname, '..');
const supervisor = join(here, '..', 'supervisor', 'dist', 'main.js');

/** `settings`: where mail servers and receivers of webhooks of the run are. */
export async function startSystem(backend: Backend, settings: Record<string, string>): Promise<System> {
  const directory = await mkdtemp(join(tmpdir(), 'taskgraph-chaos-'));
  // Under root, Postgres runs as another account and has to pass through.
  await chmod(directory, 0o711);
  const dataDir = join(directory, 'data');
  const routesFile = join(directory, 'routes.json');
  const logFile = join(directory, 'system.log');
  const supergraphFile = join(directory, 'supergraph.graphql');
  await copyFile(join(here, '..', 'gateway', 'supergraph.graphql'), supergraphFile);
  const undo: (() => Promise<unknown>)[] = [
    () => rm(directory, { recursive: true, force: true }),
    async () => removePlace(join(dataDir, 'postgres')),
  ];
  const stop = async (): Promise<void> => {
    for (const release of undo.splice(0).toReversed()) await release().catch(() => undefined);
  };
  try {
    const servers = backend === 'redis' ? await startServers(directory, undo) : null;
    const port = await freePort();
    const child = spawn(process.execPath, [supervisor], {
      env: {
        ...inheritedEnv(), ...servers?.env, ...settings, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'warn',
        // A run sends as much as it can.
        COST_LIMIT_PER_MINUTE: '0',
        // A run may last longer than a token.
        ACCESS_TOKEN_EXPIRE_MINUTES: '60',
        RATE_LIMIT_ANONYMOUS_PER_MINUTE: '0', RATE_LIMIT_PER_MINUTE: '0', SUPERGRAPH_PATH: supergraphFile,
        NODE_OPTIONS: `--import ${pathToFileURL(join(here, 'redirect.mjs')).href}`, CHAOS_ROUTES: routesFile,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // The last of what it said; a slow start says much.
    let output = '';
    let isUp = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-20_000);
        isUp ||= /ready in/.test(output);
        appendFileSync(logFile, chunk);
      });
    }
    const exited = new Promise<void>((gone) => child.once('exit', () => gone()));
    undo.push(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await exited;
      clearTimeout(patience);
    });
    const url = `http://127.0.0.1:${port}`;
    const early = exited.then(() => Promise.reject(new Error(`the system ended while it started:\n${output}`)));
    early.catch(() => undefined);
    const ready = eventually(async () => isUp && (await fetch(`${url}/readyz`)).status === 200, { timeoutMs: 300_000 });
    await Promise.race([ready, early]).catch((error: unknown) => {
      throw new Error(`the system did not get ready:\n${output}`, { cause: error });
    });
    const processes = async () => JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as RunningProcess[];
    const embedded = async () => {
      const entry = (await processes()).find(({ role }) => role === 'postgres') as RunningProcess & { url: string };
      return { pid: entry.pid, port: Number(new URL(entry.url).port), url: entry.url };
    };
    return {
      url, dataDir, routesFile, supergraphFile, logFile, processes, stop,
      postgres: async () => servers?.postgres() ?? embedded(),
      adminUrl: async () => {
        if (servers) return servers.adminUrl;
        const { postgresPassword } = JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')) as { postgresPassword: string };
        return withCredentials((await embedded()).url, 'postgres', postgresPassword);
      },
      redis: servers?.redis ?? null,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A Postgres and a Redis of our own, as DATABASE_URL and REDIS_URL name them. Redis keeps its log, so that a kill loses nothing. */
async function startServers(directory: string, undo: (() => Promise<unknown>)[]) {
  const postgresDir = join(directory, 'server');
  const postgres = await startEmbeddedPostgres({ dataDir: postgresDir, password: randomBytes(16).toString('hex'), durable: true });
  undo.push(async () => {
    await postgres.stop();
    removePlace(postgresDir);
  });
  const redisDir = join(directory, 'redis');
  await mkdir(redisDir);
  const redis = await startRedis({ appendOnly: true, args: ['--dir', redisDir] });
  undo.push(() => redis.stop());
  const adminUrl = postgres.adminUrl('taskgraph');
  return {
    env: { DATABASE_URL: adminUrl, REDIS_URL: redis.url },
    adminUrl,
    postgres: () => ({ pid: postgres.pid(), port: postgres.port }),
    redis: {
      port: redis.port, pid: redis.pid, kill: redis.kill, restart: redis.restart, full: (forMs) => fillRedis(redis.port, forMs),
      wipe: async () => {
        await redis.kill();
        await rm(redisDir, { recursive: true, force: true });
        await mkdir(redisDir);
        await redis.restart();
      },
    } satisfies RedisUnderTest,
  };
}
