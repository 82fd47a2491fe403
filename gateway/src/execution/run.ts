// Runs the steps of a plan: asks subgraphs, puts what they answer into the tree, and their errors at every place they are about.
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { Answer, DataSource } from '../data-source.js';
import { nullPaths } from '../null-paths.js';
import { merge, rewrite, type Data, type Tree } from './data-tree.js';
import { entitiesOf, placesOf, takeEntities, type Entities } from './entities.js';
import { aliasOf, variableOf, type MergedDocuments, type MergedFetch } from './merged-documents.js';
import { takeKnown } from './known-entities.js';
import type { Fetch, Step } from './steps.js';

export interface Graph {
  /** As clients see it. */
  schema: GraphQLSchema;
  /** With all that is hidden from them. */
  supergraph: GraphQLSchema;
  source: (subgraph: string) => DataSource;
}

export interface Run {
  graph: Graph;
  context: GatewayContext;
  /** As the client sent them; a subgraph reads them anew. */
  given: Record<string, unknown>;
  /** With the defaults of the document. */
  variables: Record<string, unknown>;
  /** Null: every fetch is a request of its own. */
  merged: MergedDocuments | null;
  tree: Tree;
  errors: GraphQLError[];
  /** Fetches that wait for the end of this turn of the event loop, by subgraph. */
  waiting: Map<string, Waiting[]>;
}

interface Waiting {
  fetch: Fetch;
  entities: Entities;
  done: () => void;
}

/** Bodies of subgraphs' requests end at a mebibyte: beyond this many characters of representations each goes alone. */
const mostMerged = 200_000;

export async function runStep(run: Run, step: Step): Promise<void> {
  switch (step.kind) {
    case 'sequence':
      for (const next of step.steps) await runStep(run, next);
      return;
    case 'parallel':
      await Promise.all(step.steps.map((next) => runStep(run, next)));
      return;
    case 'condition': {
      const branch = run.variables[step.variable] === true ? step.held : step.otherwise;
      if (branch) await runStep(run, branch);
      return;
    }
    case 'fetch':
      try {
        await runFetch(run, step.fetch);
      } catch (error) {
        broke(run, error);
      }
  }
}

async function runFetch(run: Run, fetch: Fetch): Promise<void> {
  if (!fetch.represent) return takeRoots(run, fetch, await ask(run, fetch, variablesText(run, [fetch])));
  const all = entitiesOf(run.tree, fetch.path, fetch.represent);
  const entities = all && run.graph.source(fetch.subgraph).known ? await takeKnown(run, fetch, all, variablesText(run, [fetch])) : all;
  if (!entities) return;
  if (!run.merged || !fetch.mayMeet) return askForEntities(run, fetch, entities);
  // What is asked for until the answers that are there have been read goes together: who was answered together goes on together.
  await new Promise<void>((done) => {
    const waiting = run.waiting.get(fetch.subgraph);
    if (waiting) return void waiting.push({ fetch, entities, done });
    run.waiting.set(fetch.subgraph, [{ fetch, entities, done }]);
    setImmediate(() => void askTogether(run, fetch.subgraph));
  });
}

const ask = ({ graph, context }: Run, { subgraph, document: query, operationName, body: [before, after], isMutation }: MergedFetch, variables: string): Promise<Answer> =>
  graph.source(subgraph).ask({ query, operationName, variables, isMutation, body: `${before}${variables}${after}` }, context);

async function askForEntities(run: Run, fetch: Fetch, entities: Entities): Promise<void> {
  const answer = await ask(run, fetch, variablesText(run, [fetch], [['representations', entities]]));
  takeAnswer(run, fetch, entities, answer, '_entities');
}

async function askTogether(run: Run, subgraph: string): Promise<void> {
  const together = run.waiting.get(subgraph) ?? [];
  run.waiting.delete(subgraph);
  try {
    const answer = together.length > 1 ? await askMerged(run, together) : null;
    if (!answer) {
      await Promise.all(together.map((one) => askAlone(run, one)));
      return;
    }
    for (const [place, { fetch, entities }] of together.entries()) takeAnswer(run, fetch, entities, answer, aliasOf(place));
  } catch (error) {
    broke(run, error);
  } finally {
    for (const { done } of together) done();
  }
}

/** Who is answered first need not wait for the others. */
async function askAlone(run: Run, { fetch, entities, done }: Waiting): Promise<void> {
  await askForEntities(run, fetch, entities).catch((error: unknown) => broke(run, error));
  done();
}

const broke = ({ errors }: Run, error: unknown): void => void errors.push(error instanceof GraphQLError ? error : new GraphQLError((error as Error).message, { originalError: error as Error }));

/** Null where they go alone: they do not fit together, or one of them failed in a way that takes the others with it. */
async function askMerged(run: Run, together: Waiting[]): Promise<Answer | null> {
  const size = together.reduce((sum, { entities }) => sum + entities.representations.reduce((length, text) => length + text.length, 0), 0);
  const fetches = together.map(({ fetch }) => fetch);
  const document = size > mostMerged ? null : run.merged?.(fetches);
  if (!document) return null;
  const variables = variablesText(run, fetches, together.map(({ entities }, place) => [variableOf(place), entities]));
  const answer = await ask(run, document, variables);
  const aliases = new Set(together.map((_one, place) => aliasOf(place)));
  const tellsApart = 'failure' in answer || (answer.data !== null && answer.errors.every(({ path }) => aliases.has(String(path?.[0])) && typeof path?.[1] === 'number'));
  return tellsApart ? answer : null;
}

/** JSON of what these fetches pass on, with their representations. */
function variablesText({ given }: Run, fetches: readonly Fetch[], representations: readonly (readonly [string, Entities])[] = []): string {
  const parts = representations.map(([name, entities]) => `"${name}":[${entities.representations.join(',')}]`);
  for (const name of new Set(fetches.flatMap(({ variables }) => variables))) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value !== undefined) parts.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  }
  return `{${parts.join(',')}}`;
}

function takeRoots(run: Run, fetch: Fetch, answer: Answer): void {
  const { graph, tree, given } = run;
  if ('failure' in answer) return fail(run, fetch, answer.failure, nullPaths(graph.schema, fetch.document, given));
  for (const error of answer.errors) {
    if (error.path?.length) tell(run, fetch, error, error.path);
    else fail(run, fetch, error, nullPaths(graph.schema, fetch.document, given));
  }
  if (!answer.data) return;
  rewrite(graph.supergraph, fetch.outputRewrites, answer.data);
  merge(tree.root, answer.data, tree, false);
}

/** `name` is that of the field that holds the entities. */
function takeAnswer(run: Run, fetch: Fetch, entities: Entities, answer: Answer, name: string): void {
  const { tree, graph, given } = run;
  let places: (string | number)[][][] | undefined;
  const tellOf = (error: Told, number: number, rest: readonly (string | number)[]) => {
    places ??= placesOf(tree, fetch.path, entities);
    for (const place of places[number] ?? []) tell(run, fetch, error, [...place, ...rest]);
  };
  const failAll = (error: Told) => {
    const representations = entities.representations.map((text): unknown => JSON.parse(text));
    for (const [, number, ...rest] of nullPaths(graph.schema, fetch.document, given, representations)) tellOf(error, number as number, rest);
  };

  if ('failure' in answer) return failAll(answer.failure);
  for (const error of answer.errors) {
    const [field, number, ...rest] = error.path ?? [];
    if (typeof number !== 'number') failAll(error);
    else if (field === name) tellOf(error, number, rest);
  }
  if (!answer.data) return;
  const received = answer.data[name];
  if (!Array.isArray(received) || received.length !== entities.targets.length) return failAll(graph.source(fetch.subgraph).broken(run.context));
  if (answer.errors.length === 0) entities.keep?.(received);
  takeEntities(tree, graph.supergraph, fetch, entities, received);
}

type Told = Pick<GraphQLFormattedError, 'message' | 'extensions'>;

function fail(run: Run, fetch: Fetch, error: Told, paths: readonly (readonly (string | number)[])[]): void {
  for (const path of paths) tell(run, fetch, error, path);
}

function tell(run: Run, fetch: Fetch, { message, extensions }: Told, path: readonly (string | number)[]): void {
  run.errors.push(new GraphQLError(message, { path, extensions: { ...extensions, serviceName: fetch.subgraph } }));
}

export const emptyTree = (): Tree => ({ root: Object.create(null) as Data, shared: null });
