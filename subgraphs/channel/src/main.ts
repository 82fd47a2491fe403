// Process entry of the channel subgraph.
import { createLogger } from '@taskgraph/shared/logger';
import { metricsOf } from '@taskgraph/shared/metrics/listener';
import { runRoles } from '@taskgraph/shared/roles';
import { loadConfig } from './config.js';
import { startServer } from './server.js';
import { startWorker } from './worker.js';

const config = loadConfig();
const log = createLogger({ service: 'channel', level: config.LOG_LEVEL });
await runRoles({
  roles: config.ROLES,
  host: config.HOST,
  port: config.PORT,
  metrics: metricsOf('channel', config),
  log,
  startApi: () => startServer(config, log),
  startWorker: () => startWorker(config, log),
});
