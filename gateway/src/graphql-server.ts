// Apollo Server over the composed supergraph: parsing, validation and planning happen here, data comes from the subgraphs.
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { badInput, DomainError } from '@taskgraph/shared/errors';
import { GraphQLError, OperationTypeNode, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from './context.js';
import { createFormatError, requestIdPlugin } from './format-error.js';
import { checkScalars } from './scalars.js';

export interface GraphQLServerOptions {
  supergraphSdl: string;
  dataSource: (name: string, schema: () => GraphQLSchema) => GraphQLDataSource<GatewayContext>;
  introspection: boolean;
  /** Absent: no page for browsers. */
  landingPage?: string;
  logger: Logger;
}

export interface GraphQLServer {
  apollo: ApolloServer<GatewayContext>;
  /** The graph as clients see it. */
  schema: () => GraphQLSchema;
}

/** Loads the supergraph and starts serving it; needs no subgraph to be there. */
export async function startGraphQLServer({ supergraphSdl, dataSource, introspection, landingPage, logger }: GraphQLServerOptions): Promise<GraphQLServer> {
  let apiSchema: GraphQLSchema | undefined;
  const schema = () => {
    if (!apiSchema) throw new Error('the supergraph is not loaded');
    return apiSchema;
  };
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => dataSource(name, schema),
    logger,
    // Plans name subgraphs and their fields; a header must not make the gateway send them.
    __exposeQueryPlanExperimental: false,
  });
  gateway.onSchemaLoadOrUpdate((loaded) => (apiSchema = checkScalars(loaded.apiSchema)));

  const apollo = new ApolloServer<GatewayContext>({
    gateway,
    formatError: createFormatError(logger),
    introspection,
    csrfPrevention: true,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    logger,
    plugins: [
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      landingPage === undefined ? ApolloServerPluginLandingPageDisabled() : { serverWillStart: async () => ({ renderLandingPage: async () => ({ html: landingPage }) }) },
      requestIdPlugin,
      operationPlugin,
    ],
  });
  await apollo.start();
  return { apollo, schema };
}

const idempotencyKeyForm = /^[\x21-\x7e]{1,255}$/;

/** Refuses subscriptions that are answered at once, and takes the idempotency key of the operation's own extensions. */
const operationPlugin: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, request, contextValue }) {
        // @apollo/gateway would answer both of these as faults of its own.
        if (!operation) throw unresolvable(request.operationName ? 'The document has no operation of that name.' : 'Name the operation to run: the document has several.');
        if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
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

/** A key travels in a header, so it is limited to what a header carries unchanged. */
export function checkedIdempotencyKey(path: string, key: unknown): string {
  if (typeof key === 'string' && idempotencyKeyForm.test(key)) return key;
  throw badInput(path, 'must be 1 to 255 printable ASCII characters without spaces');
}
