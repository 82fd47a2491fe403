// The HTTP server of every process: request ids, logging, probes, keep-alive that pairs with the gateway's client.
import Fastify, { LogController, type FastifyInstance, type FastifyBaseLogger } from 'fastify';
import type { Logger } from 'pino';
import { histogram } from './metrics/registry.js';
import { requestIdOf, traceRequests, type TraceSource } from './tracing/http.js';

export interface HttpServerOptions {
  logger: Logger;
  /** Names what is missing before this process can do its work; empty means ready. Must answer within about 2 s. */
  missing: () => Promise<string[]>;
  /** Largest request body in bytes. @default 1 MiB */
  bodyLimit?: number;
  /** Whose traces are gone on with. @default always */
  tracesFrom?: TraceSource;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes large files: its body may take half an hour to come. */
    slowBody?: boolean;
  }
}

const requestSeconds = histogram('taskgraph_http_request_duration_seconds', 'Duration of HTTP requests by route; of a long poll the waiting is part.', ['method', 'route', 'status']);

/** How long the body of a request may take to come, in milliseconds. */
const bodyMs = 60_000;

export function createHttpServer({ logger, missing, bodyLimit = 1_048_576, tracesFrom = 'always' }: HttpServerOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit,
    // Above the gateway's idle time-out for pooled connections, so that the server never closes one that is being used.
    keepAliveTimeout: 65_000,
    // For routes that take large files; all others are held to bodyMs below.
    requestTimeout: 30 * 60_000,
    forceCloseConnections: 'idle',
    // What still comes over open connections while the process stops is answered, and its connection closed.
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: (request) => requestIdOf(request, tracesFrom),
  });
  traceRequests(app, tracesFrom);
  app.addHook('onRequest', async (request) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    // Without a body there is no end to wait for: a long poll lasts as long as it likes.
    if (request.routeOptions.config?.slowBody || (encoding === undefined && !Number(length))) return;
    const timer = setTimeout(() => request.raw.destroy(), bodyMs).unref();
    request.raw.once('close', () => clearTimeout(timer));
    request.raw.once('end', () => clearTimeout(timer));
  });
  let stopping: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    // Connections on which something was under way when the server stopped listening become idle later, and would hold up
    // the stop for as long as their clients like.
    stopping = setInterval(() => app.server.closeIdleConnections(), 100).unref();
  });
  app.addHook('onClose', async () => clearInterval(stopping));
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (stopping) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    // The route's pattern and not the address: addresses can hold what a log must not.
    const line = { method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    requestSeconds.observe({ method: line.method, route: line.route, status: `${Math.floor(line.status / 100)}xx` }, reply.elapsedTime / 1_000);
    request.log[quietRoutes.has(line.route) ? 'trace' : 'debug'](line, 'request');
  });
  app.get('/livez', async () => ({ live: true }));
  app.get('/readyz', async (_request, reply) => {
    const list = await missing();
    return reply.code(list.length === 0 ? 200 : 503).send({ ready: list.length === 0, missing: list });
  });
  return app;
}

/** Asked so often that they would drown the rest of the log. */
const quietRoutes = new Set(['/livez', '/readyz', '/internal/events']);

/** Routes that answer without an identity. */
export const openRoutes = new Set(['/livez', '/readyz']);
