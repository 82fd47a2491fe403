// One loaded supergraph: its schema, its planner and its plans. Each has an ApolloGateway of its own, so that loading one is
// the check of it, and a request that began in one ends in it, whatever is loaded meanwhile.
import { createHash } from 'node:crypto';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { assertValidSchema, getOperationAST, OperationTypeNode, parse, specifiedRules, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.js';
import { watchPlans } from '../metrics.js';
import { checkScalars } from '../scalars.js';
import type { HotDocument } from './hot-documents.js';
import { madeUpVariables } from './made-up-variables.js';

/** Throws for a subgraph without an address. `schema` is that of the generation the data source belongs to. */
export type MakeDataSource = (name: string, schema: () => GraphQLSchema) => GraphQLDataSource<GatewayContext>;

export interface GenerationOptions {
  supergraphSdl: string;
  dataSource: MakeDataSource;
  logger: Logger;
}

export interface Generation {
  supergraphSdl: string;
  /** The graph as clients see it. */
  schema: GraphQLSchema;
  execute: ApolloGateway['executor'];
  /** Makes the plan that executing this document would make, before anybody waits for it; false where it is not valid here. */
  plan(document: HotDocument): Promise<boolean>;
  /** From here on subgraphs are asked; until then nothing leaves the gateway. */
  open(): void;
}

/** Throws where the supergraph cannot be served: it does not parse, demands what the gateway cannot do, names a subgraph without an address. */
export async function loadGeneration({ supergraphSdl, dataSource, logger }: GenerationOptions): Promise<Generation> {
  let opened = false;
  let loaded: GraphQLSchema | undefined;
  const schema = () => {
    if (!loaded) throw new Error('the supergraph is not loaded');
    return loaded;
  };
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => {
      const source = dataSource(name, schema);
      return { process: async (options) => (opened ? source.process(options as never) : { data: {} }) };
    },
    logger,
    // Plans name subgraphs and their fields; a header must not make the gateway send them.
    __exposeQueryPlanExperimental: false,
  });
  watchPlans(gateway);
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => (loaded = apiSchema));
  await gateway.load();
  assertValidSchema(schema());

  return {
    supergraphSdl,
    schema: schema(),
    execute: gateway.executor,
    async plan({ source, operationName }) {
      const document = parsed(source);
      const operation = document && getOperationAST(document, operationName);
      if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION || validate(schema(), document, specifiedRules).length > 0) return false;
      const request = { query: source, variables: madeUpVariables(schema(), operation), ...(operationName === undefined ? {} : { operationName }) };
      // The supported way to a plan that is kept: execute, while no subgraph is asked. The hash is the one Apollo Server makes.
      const queryHash = createHash('sha256').update(source).digest('hex');
      await gateway.executor({ request, source, document, operation, queryHash, operationName: operationName ?? null, schema: schema(), context: {}, metrics: {}, logger } as never);
      return true;
    },
    open() {
      checkScalars(schema());
      opened = true;
    },
  };
}

function parsed(source: string): DocumentNode | undefined {
  try {
    return parse(source);
  } catch {
    return undefined;
  }
}
