// Apollo Server over the composed supergraph: parsing, validation and planning happen here, data comes from the subgraphs.
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { badInput, DomainError } from '@taskgraph/shared/errors';
import { isTracing } from '@taskgraph/shared/tracing/spans';
import { GraphQLError, OperationTypeNode, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Cache } from './caching/cache.js';
import type { GatewayContext } from './context.js';
import { stringifyResult } from './execution/written-data.js';
import { createFormatError, requestIdPlugin } from './format-error.js';
import { metricsPlugin } from './metrics.js';
import { createDocumentStore } from './limits/document-store.js';
import type { Limits } from './limits/limits.js';
import { persistedQueries } from './limits/persisted-queries.js';
import { limitsPlugin } from './limits/plugin.js';
import type { MakeDataSource } from './supergraph/generation.js';
import { createSupergraphGateway, type Follower, type SupergraphGateway } from './supergraph/supergraph-gateway.js';
import { tracingPlugin } from './tracing.js';

export interface GraphQLServerOptions {
  supergraphSdl: string;
  dataSource: MakeDataSource;
  /** See Config. @default true */
  mergeFetches?: boolean;
  /** See Config. @default false */
  shareQueries?: boolean;
  /** What goes on when another supergraph takes over. */
  follower: Follower;
  limits: Limits;
  /** Absent: nothing is cached. */
  cache?: Cache | undefined;
  introspection: boolean;
  /** Absent: no page for browsers. */
  landingPage?: string;
  logger: Logger;
}

export interface GraphQLServer {
  apollo: ApolloServer<GatewayContext>;
  /** The graph as clients see it. */
  schema: () => GraphQLSchema;
  take: SupergraphGateway['take'];
}

/** Loads the supergraph and starts serving it; needs no subgraph to be there. */
export async function startGraphQLServer({ supergraphSdl, dataSource, mergeFetches = true, shareQueries = false, follower, limits, cache, introspection, landingPage, logger }: GraphQLServerOptions): Promise<GraphQLServer> {
  const { gateway, schema, take } = createSupergraphGateway({
    supergraphSdl, dataSource, follower, logger,
    // With a cache nothing is shared: what is under way may have been asked before a change that the cache has heard of.
    execution: { mergeFetches, writeText: true, shareQueries: shareQueries && !cache },
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => limits.learn(apiSchema, coreSupergraphSdl));
  if (cache) gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => cache.learn(apiSchema, coreSupergraphSdl));
  const apollo = new ApolloServer<GatewayContext>({
    gateway,
    formatError: createFormatError(logger),
    introspection,
    csrfPrevention: true,
    // Apollo's own way to leave suggestions out looks for them again and again in what a message repeats of a long document.
    validationOptions: { hideSuggestions: true },
    includeStacktraceInErrorResponses: false,
    persistedQueries: persistedQueries(limits),
    documentStore: createDocumentStore(),
    stopOnTerminationSignals: false,
    stringifyResult,
    logger,
    plugins: [
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      landingPage === undefined ? ApolloServerPluginLandingPageDisabled() : { serverWillStart: async () => ({ renderLandingPage: async () => ({ html: landingPage }) }) },
      requestIdPlugin,
      // After the one above, which clears the extensions; before the one below, which refuses less.
      limitsPlugin(limits),
      metricsPlugin,
      ...(isTracing() ? [tracingPlugin] : []),
      operationPlugin,
      // After all who refuse, price and count: what comes from the cache is charged like the rest.
      ...(cache ? [cache.plugin] : []),
    ],
  });
  await apollo.start();
  return { apollo, schema, take };
}

const idempotencyKeyForm = /^(?=.{1,255}$)[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Refuses subscriptions that are answered at once, and takes the idempotency key of the operation's own extensions. */
const operationPlugin: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, request, contextValue }) {
        // @apollo/gateway would answer both of these as faults of its own.
        if (!operation) throw unresolvable(request.operationName ? 'The document has no operation of that name.' : 'Name the operation to run: the document has several.');
        if (operation.operation === OperationTypeNode.SUBSCRIPTION && !contextValue.dryRun) {
          throw unresolvable('Subscriptions run over a WebSocket at this address (subprotocol graphql-transport-ws), or as a POST with accept: text/event-stream.');
        }
        const given: unknown = request.extensions?.['idempotencyKey'];
        if (given !== undefined) contextValue.idempotencyKey = asRequestError(() => checkedIdempotencyKey('extensions.idempotencyKey', given));
      },
    };
  },
};

/** Apollo answers an error thrown before execution with 500 unless it names another status. */
function asRequestError<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new GraphQLError(error.message, { extensions: { code: error.code, ...error.details, http: { status: 400 } } });
  }
}

const unresolvable = (message: string) => new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } });

/** A key travels in a header, so it is limited to what a header carries unchanged: as in draft-ietf-httpapi-idempotency-key-header, of which quotes are part of the key. */
export function checkedIdempotencyKey(path: string, key: unknown): string {
  if (typeof key === 'string' && idempotencyKeyForm.test(key)) return key;
  throw badInput(path, 'must be 1 to 255 printable ASCII characters, and neither begin nor end with a space');
}
