import './telemetry-off.js';
import cluster from 'node:cluster';
import { createLogger } from '@taskgraph/shared/logger';
import { runProcess } from '@taskgraph/shared/shutdown';
import { readGatewayConfig } from './config.js';

const config = readGatewayConfig();
const logger = createLogger({ service: 'gateway', level: config.logLevel });
const { host, port } = config.metrics ?? { host: '127.0.0.1', port: undefined };
if (config.workers > 1 && cluster.isPrimary) {
  const { startWorkers } = await import('./workers/primary.js');
  const { createMetricsOfWorkers } = await import('./workers/metrics.js');
  await runProcess(logger, { process: 'gateway', host, port, tell: createMetricsOfWorkers() }, () => startWorkers({ count: config.workers, logger }));
} else {
  // Loaded here, since a primary process needs none of it.
  const { startGateway } = await import('./server.js');
  if (cluster.worker) (await import('./workers/metrics.js')).answerMetrics();
  await runProcess(logger, { process: 'gateway', host, port: cluster.worker ? undefined : port }, () => startGateway(config, cluster.worker ? logger.child({ worker: cluster.worker.id, pid: process.pid }) : logger));
}
