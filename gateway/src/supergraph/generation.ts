// One loaded supergraph: its schema, its planner and its plans. Each has an ApolloGateway of its own, so that loading one is
// the check of it, and a request that began in one ends in it, whatever is loaded meanwhile.
import { createHash } from 'node:crypto';
import { ApolloGateway } from '@apollo/gateway';
import { assertValidSchema, getOperationAST, OperationTypeNode, parse, specifiedRules, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { DataSource } from '../data-source.js';
import { createExecutor, type Executor, type ExecutorOptions } from '../execution/executor.js';
import type { QueryPlan } from '../execution/plan.js';
import { checkScalars } from '../scalars.js';
import type { HotDocument } from './hot-documents.js';
import { madeUpVariables } from './made-up-variables.js';
import { createPlanningLine } from './planning.js';
import { onlyOperation } from './only-operation.js';

/** Throws for a subgraph without an address. */
export type MakeDataSource = (name: string) => DataSource;

export interface GenerationOptions {
  supergraphSdl: string;
  dataSource: MakeDataSource;
  execution: Pick<ExecutorOptions, 'mergeFetches' | 'writeText' | 'shareQueries'>;
  logger: Logger;
}

export interface Generation {
  supergraphSdl: string;
  /** The graph as clients see it. */
  schema: GraphQLSchema;
  execute: Executor['execute'];
  /** Makes the plan that executing this document would make, before anybody waits for it; false where it is not valid here. */
  plan(document: HotDocument): Promise<boolean>;
  /** To be called before it serves: from then on bad values are refused here. */
  open(): void;
}

/** Throws where the supergraph cannot be served: it does not parse, demands what the gateway cannot do, names a subgraph without an address. */
export async function loadGeneration({ supergraphSdl, dataSource, execution, logger }: GenerationOptions): Promise<Generation> {
  let loaded: GraphQLSchema | undefined;
  const schema = () => {
    if (!loaded) throw new Error('the supergraph is not loaded');
    return loaded;
  };
  const planning = createPlanningLine();
  const sources = new Map<string, DataSource>();
  const plans = new WeakMap<object, QueryPlan>();
  // It loads, checks and plans. What it executes, which is its way to a plan, gets nothing: execution/ asks the subgraphs.
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => {
      sources.set(name, dataSource(name));
      return { process: async () => ({ data: {} }) };
    },
    experimental_didResolveQueryPlan: ({ queryPlan, requestContext }) => void plans.set(requestContext, queryPlan),
    // The executor keeps what it made of each plan.
    experimental_approximateQueryPlanStoreMiB: 1,
    logger,
    // Plans name subgraphs and their fields; a header must not make the gateway send them.
    __exposeQueryPlanExperimental: false,
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => (loaded = apiSchema));
  await gateway.load();
  assertValidSchema(schema());
  const executor = createExecutor({
    schema: schema(),
    supergraphSdl,
    plan: (request) => planning.run(request, async () => {
      const own = { ...request, document: onlyOperation(request.document, request.operation) };
      const { errors } = await gateway.executor(own);
      const plan = plans.get(own);
      if (!plan) throw errors?.[0] ?? new Error('the planner made no plan');
      return plan;
    }),
    source(name) {
      const source = sources.get(name);
      if (!source) throw new Error(`the plan names the subgraph ${name}, which has no data source`);
      return source;
    },
    ...execution,
  });

  return {
    supergraphSdl,
    schema: schema(),
    execute: executor.execute,
    async plan({ source, operationName }) {
      const document = parsed(source);
      const operation = document && getOperationAST(document, operationName);
      if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION || validate(schema(), document, specifiedRules).length > 0) return false;
      const request = { query: source, variables: madeUpVariables(schema(), operation), ...(operationName === undefined ? {} : { operationName }) };
      // The hash is the one Apollo Server makes.
      const queryHash = createHash('sha256').update(source).digest('hex');
      await executor.prepare({ request, source, document, operation, queryHash, operationName: operationName ?? null, schema: schema(), context: {}, metrics: {}, logger } as never);
      return true;
    },
    open: () => void checkScalars(schema()),
  };
}

function parsed(source: string): DocumentNode | undefined {
  try {
    return parse(source);
  } catch {
    return undefined;
  }
}
