// Process entry of the stats subgraph.
import { createLogger } from '@taskgraph/shared/logger';
import { metricsOf } from '@taskgraph/shared/metrics/listener';
import { createReleasers, runProcess } from '@taskgraph/shared/shutdown';
import { loadConfig } from './config.js';
import { startServer } from './server.js';
import { startWorker } from './worker.js';

const config = loadConfig();
const log = createLogger({ service: 'stats', level: config.LOG_LEVEL });
await runProcess(log, metricsOf('stats', config), async () => {
  const releasers = createReleasers(log);
  const api = config.ROLES.includes('api');
  if (api) releasers.add('api', (await startServer(config, log)).stop);
  // With both roles in one process the API's server answers the probes.
  if (config.ROLES.includes('worker')) releasers.add('worker', (await startWorker(config, log, { probes: !api })).stop);
  return { stop: () => releasers.releaseAll() };
});
