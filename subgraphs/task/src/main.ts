// Process entry of the task subgraph.
import { createLogger } from '@taskgraph/shared/logger';
import { metricsOf } from '@taskgraph/shared/metrics/listener';
import { runProcess } from '@taskgraph/shared/shutdown';
import { loadConfig } from './config.js';
import { startServer } from './server.js';

const config = loadConfig();
const log = createLogger({ service: 'task', level: config.LOG_LEVEL });
await runProcess(log, metricsOf('task', config), () => startServer(config, log));
