// A query plan as this executor runs it: what the same document needs at every run is worked out here, once.
import { OperationTypeNode, type GraphQLSchema } from 'graphql';
import type { PlanNode, QueryPlan, Rewrite } from './plan.js';
import { createRepresent, type Represent } from './requirements.js';

export type Step =
  | { kind: 'sequence' | 'parallel'; steps: Step[] }
  | { kind: 'fetch'; fetch: Fetch }
  | { kind: 'condition'; variable: string; held: Step | undefined; otherwise: Step | undefined };

export interface Fetch {
  /** Place among the fetches of the plan. */
  id: number;
  subgraph: string;
  /** Where what it brings belongs: of an `_entities` fetch the entities, `@` standing for each item of a list. */
  path: string[];
  document: string;
  operationName: string | undefined;
  /** The JSON of a request, with its variables to come between the two. */
  body: [string, string];
  isMutation: boolean;
  /** Names of the operation's variables that it passes on. */
  variables: readonly string[];
  /** Absent for a fetch of root fields. */
  represent: Represent | undefined;
  outputRewrites: readonly Rewrite[] | undefined;
  /** Whether the plan holds another fetch that one document could carry together with this one. */
  mayMeet: boolean;
}

export interface Steps {
  /** Undefined where nothing is fetched. */
  first: Step | undefined;
  fetches: Fetch[];
}

/** `schema` is the whole supergraph's: what is required may be hidden from clients. */
export function createSteps({ node }: QueryPlan, schema: GraphQLSchema): Steps {
  const fetches: Fetch[] = [];

  function stepOf(planned: PlanNode, path: string[]): Step {
    switch (planned.kind) {
      case 'Sequence':
      case 'Parallel':
        return { kind: planned.kind === 'Sequence' ? 'sequence' : 'parallel', steps: planned.nodes.map((child) => stepOf(child, path)) };
      case 'Flatten':
        return stepOf(planned.node, [...path, ...planned.path.map(String)]);
      case 'Fetch': {
        const { serviceName, operation, operationName, operationKind, variableUsages, requires, outputRewrites } = planned;
        const fetch: Fetch = {
          id: fetches.length, subgraph: serviceName, path, document: operation, operationName, isMutation: operationKind === OperationTypeNode.MUTATION,
          body: bodyOf(operation, operationName), mayMeet: false,
          variables: variableUsages ?? [], represent: requires ? createRepresent(schema, planned) : undefined, outputRewrites,
        };
        fetches.push(fetch);
        return { kind: 'fetch', fetch };
      }
      case 'Condition': {
        const { condition, ifClause, elseClause } = planned;
        return { kind: 'condition', variable: condition, held: ifClause && stepOf(ifClause, path), otherwise: elseClause && stepOf(elseClause, path) };
      }
      default:
        throw new Error(`the planner made a step that is not run here: ${planned.kind}`);
    }
  }

  if (node?.kind === 'Subscription') throw new Error('subscriptions are no plans to be run');
  const first = node && stepOf(node, []);
  const ofEntities = fetches.filter(({ represent }) => represent);
  for (const fetch of ofEntities) fetch.mayMeet = ofEntities.some((other) => other !== fetch && other.subgraph === fetch.subgraph);
  return { first, fetches };
}

/** Of a request to a subgraph: what stands before the variables and after them. */
export const bodyOf = (document: string, operationName?: string): [string, string] => [
  `{"query":${JSON.stringify(document)},"variables":`,
  operationName === undefined ? '}' : `,"operationName":${JSON.stringify(operationName)}}`,
];
