// Runs a subgraph's process: ROLES says whether it serves the API, works in the background, or both.
import type { Logger } from 'pino';
import { createHttpServer } from './http-server.js';
import type { MetricsOptions } from './metrics/listener.js';
import { createReleasers, runProcess } from './shutdown.js';

export interface RoleOptions {
  roles: readonly ('api' | 'worker')[];
  host: string;
  port: number;
  metrics: MetricsOptions;
  log: Logger;
  startApi: () => Promise<{ stop: () => Promise<void> }>;
  startWorker: () => Promise<{ missing: () => Promise<string[]>; stop: () => Promise<void> }>;
}

/** With both roles in one process the API's server answers the probes, and does not need what the worker needs; a worker alone has a server of its own for them. */
export function runRoles({ roles, host, port, metrics, log, startApi, startWorker }: RoleOptions): Promise<void> {
  return runProcess(log, metrics, async () => {
    const releasers = createReleasers(log);
    try {
      if (roles.includes('worker')) {
        const worker = await startWorker();
        releasers.add('worker', () => worker.stop());
        if (!roles.includes('api')) {
          const probes = createHttpServer({ logger: log, missing: worker.missing });
          releasers.add('probes', () => probes.close());
          log.info({ url: await probes.listen({ host, port }) }, 'listening');
        }
      }
      if (roles.includes('api')) {
        const api = await startApi();
        releasers.add('api', () => api.stop());
      }
      return { stop: () => releasers.releaseAll() };
    } catch (error) {
      await releasers.releaseAll();
      throw error;
    }
  });
}
