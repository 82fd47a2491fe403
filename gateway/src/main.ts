import './telemetry-off.js';
import { createLogger } from '@taskgraph/shared/logger';
import { runProcess } from '@taskgraph/shared/shutdown';
import { readGatewayConfig } from './config.js';
import { startGateway } from './server.js';

const config = readGatewayConfig();
const logger = createLogger({ service: 'gateway', level: config.logLevel });
const { host, port } = config.metrics ?? { host: '127.0.0.1', port: undefined };
await runProcess(logger, { process: 'gateway', host, port }, () => startGateway(config, logger));
