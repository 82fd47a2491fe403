// Does what the schedule says, measures how soon each process is back, and heals everything at the end.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@taskgraph/shared/provision/connect';
import { startFaultProxy, type FaultProxy } from './fault-proxy.js';
import { childrenOf, isAlive } from './pids.js';
import { createRecoveryLog, recoveryLimitMs, type Recovery } from './recovery.js';
import type { Fault } from './schedule.js';
import type { System } from './system.js';

export interface Faults {
  /** Address by which live readers reach the gateway: through a proxy. */
  edgeUrl: string;
  /** Runs the schedule until its end or until `over`, not faster than the machine brings processes back. */
  run: (schedule: Fault[], over: () => boolean, say: (line: string) => void) => Promise<void>;
  /** Lets everything go on, and waits until every process answers that it is ready. */
  heal: () => Promise<void>;
  /** By process. */
  recovery: Map<string, Recovery[]>;
  /** How often each kind of fault was done; what found its target dead already is not counted. */
  done: Map<string, number>;
  /** Connections that went through a proxy, by whom they led to. */
  proxied: () => Map<string, number>;
  /** How many of them were a SIGKILL. */
  kills: () => number;
  close: () => Promise<void>;
}

/** Faults that may last, and processes that may be away, at the same time: with everything away nothing is written. */
const mostAtOnce = 3;

export async function prepareFaults(system: System): Promise<Faults> {
  const links = new Map<string, FaultProxy>();
  const routes: Record<number, number> = {};
  const put = async (name: string, port: number, internal = true): Promise<void> => {
    const proxy = await startFaultProxy({ port });
    links.set(name, proxy);
    if (internal) routes[port] = proxy.port;
  };
  for (const { name, url, role } of await system.processes()) if (url && role === 'api') await put(name, Number(new URL(url).port));
  await put('postgres', (await system.postgres()).port);
  if (system.redis) await put('redis', system.redis.port);
  await put('gateway', Number(new URL(system.url).port), false);
  await writeFile(system.routesFile, JSON.stringify(routes));

  const frozen = new Set<number>();
  const recovery = createRecoveryLog();
  const done = new Map<string, number>();
  const pending = new Set<Promise<void>>();
  let kills = 0;
  const track = (work: Promise<void>): void => {
    const watched: Promise<void> = work.finally(() => pending.delete(watched));
    pending.add(watched);
    watched.catch(() => undefined);
  };

  /** Something is broken until the work ends. */
  const trackFault = (work: Promise<void>): void => track(work.finally(recovery.begin()));

  const isReady = async (url: string): Promise<boolean> => (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) })).ok;

  /** False where its target is dead or frozen at the moment. */
  async function signalProcess(name: string, signal: 'SIGKILL' | 'SIGSTOP', forMs: number): Promise<boolean> {
    const target = (await system.processes()).find((entry) => entry.name === name);
    if (!target?.url || frozen.has(target.pid) || !isAlive(target.pid)) return false;
    process.kill(target.pid, signal);
    if (signal === 'SIGSTOP') {
      frozen.add(target.pid);
      trackFault(delay(forMs).then(() => thaw(target.pid)));
      return true;
    }
    kills += 1;
    const url = target.url;
    track(recovery.watch(name, async () => {
      const now = (await system.processes()).find((entry) => entry.name === name);
      return now !== undefined && now.pid !== target.pid && (await isReady(url));
    }));
    return true;
  }

  function thaw(pid: number): void {
    if (frozen.delete(pid) && isAlive(pid)) process.kill(pid, 'SIGCONT');
  }

  async function killPostgres(): Promise<boolean> {
    const { pid, port } = await system.postgres();
    if (frozen.has(pid) || !isAlive(pid) || !(await answersTcp(port))) return false;
    process.kill(pid, 'SIGKILL');
    kills += 1;
    track(recovery.watch('postgres', async () => {
      const now = await system.postgres();
      if (now.pid === pid) return false;
      await (await connect(await system.adminUrl())).end();
      return true;
    }));
    return true;
  }

  /** The postmaster and all its processes: everybody waits, and nobody is told why. */
  async function freezePostgres(forMs: number): Promise<boolean> {
    const { pid } = await system.postgres();
    if (frozen.has(pid) || !isAlive(pid)) return false;
    // The postmaster first, so that no more come.
    const pids = [pid];
    process.kill(pid, 'SIGSTOP');
    frozen.add(pid);
    for (const child of childrenOf(pid)) {
      if (!isAlive(child)) continue;
      process.kill(child, 'SIGSTOP');
      frozen.add(child);
      pids.push(child);
    }
    trackFault(delay(forMs).then(() => pids.toReversed().forEach(thaw)));
    return true;
  }

  async function endConnections(): Promise<boolean> {
    const client = await connect(await system.adminUrl()).catch(() => null);
    if (!client) return false;
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'`).catch(() => undefined);
    await client.end().catch(() => undefined);
    return true;
  }

  let reloads = 0;
  /** The same graph in another file: everything is planned again, and every subscription taken over. */
  async function reload(): Promise<boolean> {
    const gateway = (await system.processes()).find(({ name }) => name === 'gateway');
    if (!gateway || !isAlive(gateway.pid) || frozen.has(gateway.pid)) return false;
    const sdl = await readFile(system.supergraphFile, 'utf8');
    await writeFile(`${system.supergraphFile}.new`, `${sdl}# ${(reloads += 1)}\n`);
    await rename(`${system.supergraphFile}.new`, system.supergraphFile);
    // By its file alone every other time: that is looked at every second. The signal ends one that is just starting.
    if (reloads % 2 === 0 && (await isReady(system.url).catch(() => false))) process.kill(gateway.pid, 'SIGHUP');
    return true;
  }

  let redisBusy = Promise.resolve();
  async function onRedis(kind: Fault['kind'], forMs: number): Promise<boolean> {
    const { redis } = system;
    if (!redis) return false;
    // One after the other: it must not be started while it is being started.
    const turn = redisBusy.then(async () => {
      if (kind === 'redis-freeze') {
        process.kill(redis.pid(), 'SIGSTOP');
        await delay(forMs);
        process.kill(redis.pid(), 'SIGCONT');
        return;
      }
      if (kind === 'redis-full') return redis.full(forMs);
      kills += 1;
      if (kind === 'redis-wipe') return redis.wipe();
      await redis.kill();
      await delay(forMs);
      await redis.restart();
    });
    redisBusy = turn.catch(() => undefined);
    trackFault(turn);
    return true;
  }

  function onLink({ kind, target, forMs }: Fault): boolean {
    const link = links.get(target);
    if (!link) return false;
    if (kind === 'link-reset') link.reset();
    if (kind === 'link-half-close') link.halfClose();
    if (kind === 'link-delay') link.setMode({ kind: 'delay', ms: 50 + Math.round(forMs / 20) });
    if (kind === 'link-blackhole') link.setMode({ kind: 'blackhole' });
    if (forMs > 0) trackFault(delay(forMs).then(() => link.setMode({ kind: 'pass' })));
    return true;
  }

  async function inject(fault: Fault): Promise<boolean> {
    if (fault.kind === 'kill') return fault.target === 'postgres' ? killPostgres() : signalProcess(fault.target, 'SIGKILL', 0);
    if (fault.kind === 'freeze') return fault.target === 'postgres' ? freezePostgres(fault.forMs) : signalProcess(fault.target, 'SIGSTOP', fault.forMs);
    if (fault.kind === 'connections-ended') return endConnections();
    if (fault.kind === 'reload') return reload();
    if (fault.kind.startsWith('redis-')) return onRedis(fault.kind, fault.forMs);
    return onLink(fault);
  }

  return {
    edgeUrl: `http://127.0.0.1:${links.get('gateway')?.port}`,
    recovery: recovery.times, done,
    kills: () => kills,
    proxied: () => new Map([...links].map(([name, link]) => [name, link.connections()])),
    async run(schedule, over, say) {
      // Connections of before the proxies stood there go through them from now on.
      await endConnections();
      const from = performance.now();
      for (const fault of schedule) {
        while (!over() && (performance.now() - from < fault.atMs || pending.size >= mostAtOnce)) await delay(50);
        if (over()) return;
        const happened = await inject(fault);
        // What lasts has its own beginning and end; all else is over by now.
        if (happened && fault.kind !== 'kill') recovery.begin()();
        const name = `${fault.kind} ${fault.target}`;
        if (happened) done.set(name, (done.get(name) ?? 0) + 1);
        say(`${((performance.now() - from) / 1_000).toFixed(1).padStart(7)} s  ${name}${fault.forMs ? ` for ${(fault.forMs / 1_000).toFixed(1)} s` : ''}${happened ? '' : ' (not there)'}`);
      }
    },
    async heal() {
      for (const pid of frozen) thaw(pid);
      for (const link of links.values()) link.setMode({ kind: 'pass' });
      await Promise.all(pending);
      for (const { name, url } of await system.processes()) if (url && !url.startsWith('postgres')) await untilReady(name, url, isReady);
    },
    async close() {
      for (const pid of frozen) thaw(pid);
      await Promise.allSettled(pending);
      await Promise.all([...links.values()].map((link) => link.close()));
    },
  };
}

async function untilReady(name: string, url: string, isReady: (url: string) => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + recoveryLimitMs;
  while (!(await isReady(url).catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`${name} is not ready ${recoveryLimitMs / 1_000} s after everything was healed`);
    await delay(100);
  }
}

function answersTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1');
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer')));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
