// GET /metrics on a listener of its own, apart from what the process serves: the public port never has it, and a subgraph goes
// on to refuse whatever comes without an identity (docs/decisions/0019-metrics.md).
import { createServer, type Server } from 'node:http';
import type { Logger } from 'pino';
import { registry } from './registry.js';
import { scrape } from './scrape.js';
import { measureProcess } from './workers.js';

export interface MetricsOptions {
  /** Label `process` of every figure: `gateway`, `task`, `task-worker`. */
  process: string;
  host: string;
  /** Undefined: no listener. */
  port: number | undefined;
  /** What is told, in Prometheus' text format. @default the figures of this process */
  tell?: () => Promise<string>;
}

/** The options of a subgraph's process, from its settings. */
export function metricsOf(service: string, config: { ROLES: readonly string[]; METRICS_HOST: string; METRICS_PORT?: number | undefined }): MetricsOptions {
  return { process: config.ROLES.includes('api') ? service : `${service}-worker`, host: config.METRICS_HOST, port: config.METRICS_PORT };
}

/** Pause before a port that is taken is tried again, in milliseconds. */
const retryMs = 5_000;

/** Starts listening. A port that is taken is told and tried again: figures are no reason not to serve. */
export function serveMetrics({ process, host, port, tell = scrape }: MetricsOptions, log: Logger): { close: () => Promise<void> } | undefined {
  if (port === undefined) return undefined;
  measureProcess(process);

  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?', 1)[0] !== '/metrics') return void response.writeHead(404).end();
    tell().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => {
        log.error({ err: error }, 'the metrics cannot be told');
        response.writeHead(500).end();
      },
    );
  });
  let retry: NodeJS.Timeout | undefined;
  const listen = () => server.listen({ host, port });
  server.on('error', (error) => {
    log.warn({ err: error, port }, 'the port of the metrics cannot be listened on; trying again');
    retry = setTimeout(listen, retryMs);
  });
  server.on('listening', () => log.info({ url: urlOf(server) }, 'metrics'));
  listen();
  return {
    async close() {
      clearTimeout(retry);
      if (!server.listening) return;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function urlOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) return '';
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}/metrics`;
}
