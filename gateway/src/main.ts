import './telemetry-off.js';
import { createLogger } from '@taskgraph/shared/logger';
import { runProcess } from '@taskgraph/shared/shutdown';
import { readGatewayConfig } from './config.js';
import { startGateway } from './server.js';

const config = readGatewayConfig();
const logger = createLogger({ service: 'gateway', level: config.logLevel });
await runProcess(logger, () => startGateway(config, logger));
