// The API side of a subgraph: GraphQL and /internal behind the internal identity, nothing else.
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginInlineTraceDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { fastifyApolloHandler, fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parse } from 'graphql';
import type { Logger } from 'pino';
import { apiScopePlugin } from './api-scopes.js';
import { errorFormatter } from './graphql-errors.js';
import { createHttpServer, openRoutes } from './http-server.js';
import type { IdentityVerifier, InternalIdentity, Viewer } from './identity.js';
import type { Releasers } from './shutdown.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every route but the probes. */
    identity: InternalIdentity;
  }
}

/** What every request carries; subgraphs add their loaders. */
export interface BaseContext {
  viewer: Viewer | null;
  requestId: string;
  idempotencyKey: string | null;
  log: Logger;
}

export interface SubgraphOptions<C extends BaseContext> {
  name: string;
  /** Path of schema.graphql. */
  schemaPath: URL;
  resolvers: object;
  /** `request` and `reply` are for what no other subgraph may know: who called from where, and cookies. */
  context: (base: BaseContext, request: FastifyRequest, reply: FastifyReply) => C;
  /** Adds /internal routes; `request.identity.caller` tells who asks. */
  routes?: (app: FastifyInstance) => void;
  verify: IdentityVerifier;
  missing: () => Promise<string[]>;
  logger: Logger;
  releasers: Releasers;
  host: string;
  port: number;
}

/** Starts listening and answers the address. The server is drained and closed by the releasers. */
export async function startSubgraph<C extends BaseContext>(options: SubgraphOptions<C>): Promise<{ url: string }> {
  const { logger, verify } = options;
  const app = createHttpServer({ logger, missing: options.missing });
  app.decorateRequest('identity', null as unknown as InternalIdentity);
  app.addHook('onRequest', async (request, reply) => {
    if (openRoutes.has(request.url)) return;
    const identity = await verify(request.headers.authorization);
    if (!identity) return reply.code(401).send({ error: 'Only the other services of this installation may call this.' });
    request.identity = identity;
  });

  const apollo = new ApolloServer<C>({
    schema: buildSubgraphSchema({
      typeDefs: parse(readFileSync(options.schemaPath, 'utf8')),
      // The generated resolver types are stricter than the library's map type.
      resolvers: options.resolvers as never,
    }),
    formatError: errorFormatter(logger),
    // Callers are authenticated services: composition checks may introspect, browsers never get here.
    introspection: true,
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // The gateway reads @cacheControl from the schema; the plugin would wrap every field to work it out for each answer.
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(), ApolloServerPluginInlineTraceDisabled(), fastifyApolloDrainPlugin(app), apiScopePlugin],
    logger,
  });
  await apollo.start();
  const handler = fastifyApolloHandler(apollo, { context: async (request: FastifyRequest, reply: FastifyReply) => options.context(baseContext(request), request, reply) });
  app.post('/graphql', async (request, reply) => {
    // Only the gateway carries viewers; another service has its own routes under /internal.
    if (request.identity.caller !== 'gateway') return reply.code(403).send({ error: 'Only the gateway may query.' });
    return handler.call(app, request as never, reply as never);
  });
  options.routes?.(app);
  const url = await app.listen({ host: options.host, port: options.port });
  options.releasers.add('http server', async () => {
    await apollo.stop();
    await app.close();
  });
  return { url };
}

function baseContext(request: FastifyRequest): BaseContext {
  const key = request.headers['idempotency-key'];
  return {
    viewer: request.identity.viewer,
    requestId: request.id,
    idempotencyKey: typeof key === 'string' ? key : null,
    log: request.log as Logger,
  };
}
