import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '../start-error.js';
import { findBinaries } from './binaries.js';
import { freePort } from './free-port.js';
import { ensureCluster } from './initdb.js';
import { stopLeftover } from './leftover.js';
import { chooseOsUser } from './os-user.js';
import { choosePlace, makeAway, placesOf } from './place.js';
import { PortTaken, type ServerOptions, type ServerProcess, startServer, StillInUse } from './server-process.js';

export interface EmbeddedPostgresOptions {
  dataDir: string;
  /** Of the superuser `postgres`; the caller keeps it, the cluster is made with it. */
  password: string;
  /** false switches fsync off: for tests. */
  durable?: boolean;
  /** One line to tell the operator something. */
  say?: (line: string) => void;
  /** The server's own log. */
  onLog?: (line: string) => void;
  /** Told the new pid when the server died by itself and was started again on the same port. */
  onRestart?: (pid: number) => void;
}

export interface EmbeddedPostgres {
  port: number;
  pid: () => number;
  /** Where the data really is; see `choosePlace`. */
  dataDir: string;
  version: string;
  /** URL of the superuser for that database. */
  adminUrl: (database: string) => string;
  /**
   * Fast shutdown; resolves when the process is gone. May be called twice. What has not stopped after
   * `immediateAfterMs` aborts without a checkpoint, which loses nothing and costs the next start a recovery.
   */
  stop: (immediateAfterMs?: number) => Promise<void>;
}

const RESTART_DELAYS_MS = [100, 200, 500, 1_000, 2_000, 5_000];

/** Makes the cluster if there is none, starts it, and keeps it running until `stop()`. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { password, durable = true, say = () => {}, onLog = () => {}, onRestart = () => {} } = options;
  const { home, awayData, away } = placesOf(options.dataDir);
  const user = chooseOsUser([awayData, home]);
  const place = choosePlace(options.dataDir, user);
  // Where binaries are copied to if this account cannot reach the installed ones.
  if (user && place.dataDir === awayData) makeAway(away, user);
  const binaries = findBinaries(user, away);
  if (place.dataDir !== home) say(`Postgres runs as ${user?.name} and keeps its data in ${place.dataDir}, because it cannot reach ${home}`);
  const left = await stopLeftover(place.dataDir);
  if (left) say(`stopped Postgres (process ${left}) left behind by an earlier start`);
  await ensureCluster({ binaries, dataDir: place.dataDir, user, password, durable });

  const common = { binaries, user, password, durable, dataDir: place.dataDir, onLog };
  let server = await startPatiently(common);
  const { port } = server;
  let stopping = false;

  const watch = async (): Promise<void> => {
    while (!stopping) {
      const how = await server.ended;
      if (stopping) return;
      say(`Postgres ended (${how}), starting it again`);
      for (let attempt = 0; !stopping; attempt++) {
        await delay(RESTART_DELAYS_MS[Math.min(attempt, RESTART_DELAYS_MS.length - 1)]);
        if (stopping) return;
        try {
          server = { ...(await startServer({ ...common, port })), port };
          break;
        } catch (error) {
          say(`Postgres does not start: ${(error as Error).message}`);
        }
      }
      // stop() may have come while the new one was starting.
      if (stopping) server.signal('SIGINT');
      else onRestart(server.pid);
    }
  };
  const watching = watch();

  return {
    port,
    pid: () => server.pid,
    dataDir: place.dataDir,
    version: binaries.version,
    adminUrl: (database) => `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    stop: async (immediateAfterMs) => {
      stopping = true;
      server.signal('SIGINT');
      const timer = immediateAfterMs === undefined ? undefined : setTimeout(() => server.signal('SIGQUIT'), immediateAfterMs);
      await watching;
      await server.ended;
      clearTimeout(timer);
    },
  };
}

/** A port may be lost between looking and binding, and the backends of a killed postmaster need a moment to go. */
async function startPatiently(common: Omit<ServerOptions, 'port'>): Promise<ServerProcess & { port: number }> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const port = await freePort();
    try {
      return { ...(await startServer({ ...common, port })), port };
    } catch (error) {
      const again = error instanceof PortTaken || error instanceof StillInUse;
      if (!again) throw error;
      if (Date.now() > deadline) throw new StartError(`Postgres on ${common.dataDir} did not start: ${error.message}`);
      await delay(100);
    }
  }
}
