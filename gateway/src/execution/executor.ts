// Runs operations in place of @apollo/gateway's executor, which plans: its plans are worked out once per document, and the answer is
// written as JSON without being built. That both answer the same is shown by test/execution.test.ts.
import { inSpan } from '@taskgraph/shared/tracing/spans';
import { buildASTSchema, executeSync, getVariableValues, GraphQLError, Kind, OperationTypeNode, parse, visit, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { DataSource } from '../data-source.js';
import { createLru } from '../limits/lru.js';
import { countPlan } from '../metrics.js';
import { createAnswerWriter, type AnswerWriter } from './answer-writer.js';
import { createMergedDocuments, type MergedDocuments } from './merged-documents.js';
import type { ExecutionResult, QueryPlan, RequestContext } from './plan.js';
import { emptyTree, runStep, type Graph, type Run } from './run.js';
import { createSteps, type Steps } from './steps.js';
import { createSharedRuns } from './shared-runs.js';
import { WrittenData } from './written-data.js';

export interface ExecutorOptions {
  /** As clients see it. */
  schema: GraphQLSchema;
  supergraphSdl: string;
  /** Makes the plan of a valid operation; may throw. */
  plan: (request: RequestContext) => Promise<QueryPlan>;
  source: (subgraph: string) => DataSource;
  /** Whether fetches to one subgraph that begin at the same time go in one request. */
  mergeFetches: boolean;
  /** Whether HTTP answers stay text (see written-data.ts). */
  writeText: boolean;
  /** Whether equal queries of one person that are under way together are run once. */
  shareQueries: boolean;
}

export interface Executor {
  execute(request: RequestContext): Promise<ExecutionResult>;
  /** Does ahead of time what the first execution would do. */
  prepare(request: RequestContext): Promise<void>;
}

/** One operation of one document. */
interface Prepared {
  steps: Steps;
  merged: MergedDocuments | null;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Variables that decide what is left out. */
  switches: string[];
  /** By the values of those. */
  writers: Map<string, AnswerWriter>;
}

/** What may be handed to several; no text where the data could not be written. */
interface Outcome {
  errors: readonly GraphQLError[];
  text: string | undefined;
}

/** A plan takes some 50 to 100 times the memory of its document. */
const kept = { entries: 1_000, characters: 1_000_000 };
/** What a short document counts for. */
const least = 512;
/** Writers of one operation: two switches make four of them. */
const mostWriters = 16;

export function createExecutor({ schema, supergraphSdl, plan, source, mergeFetches, writeText, shareQueries }: ExecutorOptions): Executor {
  const graph: Graph = { schema, supergraph: buildASTSchema(parse(supergraphSdl, { noLocation: true }), { assumeValid: true, assumeValidSDL: true }), source };
  const shared = shareQueries ? createSharedRuns<Outcome>() : null;
  const ready = createLru<Prepared>(kept);
  /** Being planned: who comes meanwhile waits for the same plan. */
  const planning = new Map<string, Promise<Prepared>>();

  async function prepareNow(key: string, request: RequestContext): Promise<Prepared> {
    const { operation, document } = request;
    const steps = createSteps(await inSpan('gateway.plan', {}, () => plan(request)), graph.supergraph);
    const fragments = new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])));
    const prepared: Prepared = { steps, merged: mergeFetches ? createMergedDocuments() : null, operation, fragments, switches: switchesOf(document), writers: new Map() };
    ready.set(key, prepared, Math.max(least, request.source.length));
    return prepared;
  }

  function preparedOf(request: RequestContext): Prepared | Promise<Prepared> {
    const key = keyOf(request);
    const known = ready.get(key);
    countPlan(known !== undefined, ready.size());
    if (known) return known;
    const begun = planning.get(key);
    // Whoever began it may have been refused for what it sent before: that is not about those who joined.
    if (begun) return begun.catch((error: unknown) => (isRefusal(error) ? preparedOf(request) : Promise.reject(error as Error)));
    const made = prepareNow(key, request).finally(() => planning.delete(key));
    planning.set(key, made);
    return made;
  }

  function writerOf({ operation, fragments, switches, writers }: Prepared, variables: Record<string, unknown>): AnswerWriter {
    const key = switches.map((name) => (variables[name] === true ? '1' : '0')).join('');
    let writer = writers.get(key);
    if (!writer) {
      if (writers.size >= mostWriters) writers.delete(writers.keys().next().value as string);
      writers.set(key, (writer = createAnswerWriter(schema, operation, fragments, variables)));
    }
    return writer;
  }

  async function run(request: RequestContext, prepared: Prepared, variables: Record<string, unknown>): Promise<Outcome> {
    const { steps, merged, operation, fragments } = prepared;
    const given = request.request.variables ?? {};
    const running: Run = { graph, context: request.context as GatewayContext, given, variables, merged, tree: emptyTree(), errors: [], waiting: new Map() };
    if (steps.first) await runStep(running, steps.first);
    const { errors, tree } = running;
    try {
      const introspect = (nodes: FieldNode[]) => introspected(schema, operation, fragments, nodes, given);
      return { errors, text: writerOf(prepared, variables)({ tree, introspect, memos: new Map() }) };
    } catch (error) {
      // A subgraph answered what its schema does not allow.
      return { errors: [...errors, new GraphQLError((error as Error).message, { originalError: error as Error })], text: undefined };
    }
  }

  async function outcomeOf(request: RequestContext, prepared: Prepared, variables: Record<string, unknown>): Promise<Outcome> {
    const context = request.context as GatewayContext;
    const isQuery = request.operation.operation === OperationTypeNode.QUERY;
    if (shared && isQuery && !context.internal) return shared.run(`${keyOf(request)} ${JSON.stringify(request.request.variables ?? {})}`, context, () => run(request, prepared, variables));
    try {
      return await run(request, prepared, variables);
    } finally {
      if (!isQuery || context.internal) shared?.written();
    }
  }

  return {
    async prepare(request) {
      await preparedOf(request);
    },
    async execute(request) {
      const { operation } = request;
      let variables: Record<string, unknown> = {};
      if (operation.variableDefinitions?.length) {
        const { errors, coerced } = getVariableValues(schema, operation.variableDefinitions, request.request.variables ?? {});
        if (errors) return { errors };
        variables = coerced;
      }
      const found = preparedOf(request);
      const prepared = found instanceof Promise ? await found : found;
      const { text, errors } = await inSpan('gateway.execute', {}, () => outcomeOf(request, prepared, variables));
      return { ...(errors.length > 0 ? { errors } : {}), ...(text === undefined ? {} : { data: dataOf(text, writeText && request.request.http !== undefined) }) };
    },
  };
}

const isRefusal = (error: unknown): boolean => error instanceof GraphQLError && (error.extensions['code'] === 'RATE_LIMITED' || error.extensions['code'] === 'OVERLOADED');

const keyOf = ({ request: { operationName }, queryHash }: RequestContext): string => (operationName ? `${queryHash} ${operationName}` : queryHash);

const dataOf = (text: string, asText: boolean) => (text === 'null' ? null : asText ? new WrittenData(text) : JSON.parse(text)) as Record<string, unknown> | null;

function switchesOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: given }) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

function introspected(schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>, selections: FieldNode[], variableValues: Record<string, unknown>): string {
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [{ ...operation, directives: [], selectionSet: { kind: Kind.SELECTION_SET, selections } }, ...fragments.values()] };
  const { data, errors } = executeSync({ schema, document, variableValues });
  const [value] = Object.values(data ?? {});
  if (errors || value === undefined) throw new Error(`introspection failed: ${errors?.[0]?.message}`);
  return JSON.stringify(value);
}
