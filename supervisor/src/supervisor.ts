import { join } from 'node:path';
import { createReleasers } from '@taskgraph/shared/shutdown';
import { type Child, execArgv, keepRunning } from './child.js';
import type { Config } from './config.js';
import { hasEmbeddedData, needsEmbedded, prepareDatabases, startEmbedded } from './databases.js';
import { environmentOf, environmentOfSpare } from './environment.js';
import { lockDataDir } from './lock.js';
import { complain, say } from './output.js';
import { chooseMetricsPorts, choosePorts, localUrl } from './ports.js';
import { PROCESSES } from './processes.js';
import { waitUntilReady } from './readiness.js';
import { checkRedis } from './redis-check.js';
import { openRunFile } from './run-file.js';
import { deriveSecrets, keepSecrets } from './secrets.js';
import { keepSpares, type Spares } from './spares.js';
import { stopInOrder } from './stop.js';
import { readyBlock } from './welcome.js';

// Together with Postgres' own two seconds this stays below the ten that stopping may take.
const GATEWAY_DRAINS_MS = 3_000;
const KILL_AFTER_MS = 7_500;
const POSTGRES_ABORTS_AFTER_MS = 1_800;

export interface Supervisor {
  /** Resolves when everything is ready, or when `stop` interrupted the start; rejects with a StartError. */
  started: Promise<void>;
  /** Stops in order: gateway, subgraphs and workers, Postgres. */
  stop: () => Promise<void>;
  /** Kills the services at once; Postgres, which comes last in `stop`, aborts without a checkpoint. */
  force: () => void;
}

/** The composition root: everything `npm start` starts. */
export function startSupervisor(config: Config): Supervisor {
  const releasers = createReleasers({
    debug: () => {},
    error: ((details: { err: Error; resource: string }) => complain(`${details.resource} did not stop properly: ${details.err.message}`)) as never,
  });
  const interrupt = new AbortController();
  const children: Child[] = [];
  let spares: Spares | undefined;
  let abortPostgres = (): void => {};

  const start = async (): Promise<void> => {
    const ports = await choosePorts(PROCESSES, config.port, config.host);
    const metricsPorts = await chooseMetricsPorts(PROCESSES, ports, config.metricsHost, config.metricsPort);
    releasers.add('lock', lockDataDir(config.dataDir));
    const runFile = openRunFile(join(config.dataDir, 'run.json'));
    releasers.add('run.json', runFile.remove);
    runFile.set({ name: 'supervisor', pid: process.pid, url: null, role: 'supervisor' });
    const kept = keepSecrets(join(config.dataDir, 'secrets.json'), hasEmbeddedData(config.dataDir));
    const secrets = deriveSecrets(config.secret ?? kept.secret);

    if (config.redisUrl) await checkRedis(config.redisUrl);
    if (interrupt.signal.aborted) return;
    let embeddedUrl: string | undefined;
    if (needsEmbedded(config)) {
      const listPostgres = (pid: number, port: number): void =>
        runFile.set({ name: 'postgres', pid, url: `postgresql://127.0.0.1:${port}/taskgraph`, role: 'postgres' });
      const server = await startEmbedded(config, kept.postgresPassword, (pid) => listPostgres(pid, server.port));
      releasers.add('postgres', () => server.stop(POSTGRES_ABORTS_AFTER_MS));
      abortPostgres = () => void server.stop(0);
      listPostgres(server.pid(), server.port);
      embeddedUrl = server.adminUrl('taskgraph');
    }
    if (interrupt.signal.aborted) return;
    const databases = await prepareDatabases(config, secrets.rolePasswords, embeddedUrl);
    if (interrupt.signal.aborted) return;

    releasers.add('services', () => {
      const gateways = children.filter(({ name }) => name === 'gateway');
      const others = children.filter(({ name }) => name !== 'gateway');
      return stopInOrder([gateways, others], { groupMs: GATEWAY_DRAINS_MS, killAfterMs: KILL_AFTER_MS });
    });
    const targets = PROCESSES.map((plan) => {
      const url = localUrl(plan.role === 'gateway' ? config.host : '127.0.0.1', ports.get(plan.name)!);
      const metrics = `${localUrl(config.metricsHost, metricsPorts.get(plan.name)!)}/metrics`;
      const child = keepRunning({
        name: plan.name,
        entry: plan.entry,
        env: environmentOf(plan, { config, secrets, databases, ports, metricsPorts }),
        onStart: (pid) => runFile.set({ name: plan.name, pid, url, role: plan.role, metrics }),
        fromSpare: (part) => spares?.take(part),
      });
      children.push(child);
      return { child, url };
    });
    await waitUntilReady(targets, interrupt.signal);
    if (interrupt.signal.aborted) return;
    // Only now: it would take from the others what they need to start.
    spares = keepSpares(environmentOfSpare(config), execArgv);
    releasers.add('spares', () => spares?.stop());
    say(readyBlock(config, ports.get('gateway')!));
  };

  const started = start();
  return {
    started,
    stop: async () => {
      interrupt.abort();
      // A step in progress is let finish, so that what it acquires is released too.
      await started.catch(() => {});
      await releasers.releaseAll();
    },
    force: () => {
      for (const child of children) child.kill();
      abortPostgres();
    },
  };
}
