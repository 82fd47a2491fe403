// Who may be answered from the cache: somebody signed in who may read, with a query that is not about how far a log is. What the
// gateway asks for its subscriptions is never among it, and neither is anything below a mutation.
import { missingScope } from '@taskgraph/shared/api-scopes';
import type { Viewer } from '@taskgraph/shared/identity';
import { Kind, OperationTypeNode, visit, BREAK, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.js';

export interface Reader {
  viewer: Viewer;
  /** What a subgraph may answer by: who it is, in which role, with which scopes. Sessions of one person see the same. */
  key: string;
  /** That the request was validated against. */
  schema: GraphQLSchema;
  /** Until when everything that was taken from the cache for this request is good, by `Date.now()`. */
  until: number;
}

interface Operation {
  contextValue: GatewayContext;
  schema: GraphQLSchema;
  document: DocumentNode;
  operation?: OperationDefinitionNode | undefined;
}

const readers = new WeakMap<GatewayContext, Reader>();
export const readerOf = (context: GatewayContext): Reader | undefined => readers.get(context);

export function admitReader({ contextValue, schema, document, operation }: Operation): void {
  const { viewer, internal, dryRun } = contextValue;
  if (!viewer || internal || dryRun || operation?.operation !== OperationTypeNode.QUERY) return;
  if (missingScope(viewer, 'query') !== null || readsLog(document)) return;
  const { id, role, scopes } = viewer;
  readers.set(contextValue, { viewer, schema, key: `${id}/${role}/${scopes ? [...scopes].sort().join('+') : '*'}`, until: Number.POSITIVE_INFINITY });
}

const documents = new WeakMap<DocumentNode, boolean>();

/** Perhaps up to a write of the viewer's own (`until`): what is joined to it must not be older than that. */
function readsLog(document: DocumentNode): boolean {
  let reads = documents.get(document);
  if (reads === undefined) {
    reads = false;
    visit(document, {
      [Kind.FIELD](node) {
        if (node.name.value !== 'taskChanges') return undefined;
        reads = true;
        return BREAK;
      },
    });
    documents.set(document, reads);
  }
  return reads;
}
