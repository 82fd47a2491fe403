// The public routes over HTTP. Headers that protect browsers are set for every answer.
import { HeaderMap, type ApolloServer } from '@apollo/server';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { DomainError } from '@taskgraph/shared/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import { addAdmission, tellRates, type Admit } from './admission.js';
import type { Authenticate } from './authentication.js';
import { httpClientInfo } from './client-info.js';
import type { GatewayContext } from './context.js';
import { withRequestId } from './format-error.js';
import { sendDomainError, sendError } from './http-errors.js';
import { checkedIdempotencyKey } from './graphql-server.js';
import type { KeySet } from './key-set.js';
import { refuseAtOnce } from './limits/http.js';
import type { Limits } from './limits/limits.js';
import { costHeaderNames } from './limits/operation-cost.js';
import { wantsDryRun } from './limits/plugin.js';
import { landingPagePolicy } from './landing-page.js';
import type { EventStreams } from './subscriptions/event-stream.js';
import type { Transfers } from './transfers.js';
import type { Unsubscribe } from './unsubscribe.js';

export interface HttpRoutesOptions {
  apollo: ApolloServer<GatewayContext>;
  bounds: Limits;
  authenticate: Authenticate;
  admit: Admit;
  keys: KeySet;
  /** Asked per request: the port is known only once it is listened on. */
  origins: () => Set<string>;
  production: boolean;
  /** See Config. */
  trustedProxies: number;
  transfers: Transfers;
  unsubscribe: Unsubscribe;
  streams: EventStreams;
}

export async function addHttpRoutes(app: FastifyInstance, options: HttpRoutesOptions): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    strictTransportSecurity: options.production,
  });
  await app.register(cors, {
    origin: (origin, decide) => decide(null, origin !== undefined && options.origins().has(origin)),
    methods: ['GET', 'POST', 'PUT', 'OPTIONS'],
    // For our cookie: browsers send it along only to pages of the same site (SameSite=Strict).
    credentials: true,
    exposedHeaders: ['x-request-id', 'retry-after', 'ratelimit', 'ratelimit-policy', ...costHeaderNames],
    maxAge: 600,
  });
  app.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: error }, 'unexpected error');
    const code = status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST';
    return sendError(request, reply, status, { message: status >= 500 ? 'Something went wrong on our side.' : error.message, extensions: { code } });
  });
  addAdmission(app, options);
  app.route({ method: ['GET', 'POST'], url: '/graphql', handler: (request, reply) => answer(options, request, reply) });
  // A stream has no end of its own: without this the server would wait for it when it stops.
  app.addHook('preClose', async () => options.streams.close());
  options.transfers.add(app);
  options.unsubscribe.add(app);
  app.get('/.well-known/jwks.json', async (request, reply) => {
    if (!options.keys.known()) {
      return sendError(request, reply, 503, { message: 'The user subgraph is not available.', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
    }
    return reply.header('cache-control', 'public, max-age=60').send(options.keys.document());
  });
}

async function answer({ apollo, bounds, origins, trustedProxies, streams }: HttpRoutesOptions, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  let contextValue: GatewayContext;
  try {
    const { viewer, admission } = request;
    const key = request.headers['idempotency-key'];
    contextValue = {
      viewer,
      requestId: request.id,
      idempotencyKey: key === undefined ? null : checkedIdempotencyKey('Idempotency-Key', key),
      client: httpClientInfo(request.raw, trustedProxies, origins()),
      ...(admission ? { chargeCost: admission.chargeCost, chargePlanning: admission.chargePlanning } : {}),
      ...(wantsDryRun(request.headers) ? { dryRun: true } : {}),
    };
    if (streams.wants(request)) {
      await streams.serve(request, reply, viewer, contextValue);
      return reply;
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return sendDomainError(request, reply, error);
  }
  const excess = refuseAtOnce(bounds, request);
  if (excess) return sendError(request, reply, excess.extensions?.['code'] === 'FORBIDDEN' ? 403 : 400, excess);

  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const result = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: request.method, headers, search: new URL(request.url, 'http://gateway').search, body: request.body },
    context: async () => contextValue,
  });
  reply.code(result.status ?? 200);
  tellRates(request, reply);
  for (const [name, value] of result.headers) reply.header(name, value);
  for (const cookie of contextValue.client?.cookies?.set ?? []) reply.header('set-cookie', cookie);
  if (result.body.kind !== 'complete') throw new Error('incremental delivery is not offered');
  if (result.headers.get('content-type') === 'text/html') allowSandbox(reply);
  // What Apollo refuses before it starts an operation never meets the plugin that adds the request id.
  // As bytes, whose length is known: of a text it would be counted first.
  return reply.send(Buffer.from(reply.statusCode >= 400 ? identified(result.body.string, request.id) : result.body.string));
}

function allowSandbox(reply: FastifyReply): void {
  reply.header('content-type', 'text/html; charset=utf-8');
  reply.header('content-security-policy', landingPagePolicy);
  reply.header('x-frame-options', 'SAMEORIGIN');
  // The Sandbox opens a window to sign in to Apollo and reads who embeds it.
  reply.header('cross-origin-opener-policy', 'same-origin-allow-popups');
  reply.header('referrer-policy', 'strict-origin-when-cross-origin');
}

function identified(body: string, requestId: string): string {
  const result = JSON.parse(body) as { errors?: GraphQLFormattedError[] };
  return JSON.stringify({ ...result, ...(result.errors ? { errors: result.errors.map((error) => withRequestId(error, requestId)) } : {}) });
}
