// What is made of the document of a subscription is kept once for all who send the same one: sockets by the thousand differ in
// little but their cursors.
import { withShortValues } from '@taskgraph/shared/graphql-errors';
import { getOperationAST, parse, specifiedRules, validate, type DocumentNode, type GraphQLFormattedError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { createLru } from '../limits/lru.js';
import { toLiveQuery, type LiveQuery } from './live-query.js';
import { mayShare } from './sharing.js';

/** A dense document takes some 150 bytes of memory for each character. Those that run stay in memory with what runs them. */
const documents = createLru<DocumentNode>({ entries: 500, characters: 100_000 });

/** Undefined where it cannot be parsed. */
export function parsed(text: string): DocumentNode | undefined {
  try {
    return documents.get(text) ?? parse(text);
  } catch {
    return undefined;
  }
}

interface Known {
  schema: GraphQLSchema;
  invalid: readonly GraphQLFormattedError[];
  /** By the name of the operation that runs. */
  sharable: Map<string, boolean>;
}

/** Of the schema in which it was last looked at. */
const known = new WeakMap<DocumentNode, Known>();
const queries = new WeakMap<DocumentNode, Map<string, LiveQuery>>();

/** Why a document with a subscription may not run; from here on one that may is known by its text. */
export function problemsOf(schema: GraphQLSchema, text: string, document: DocumentNode): readonly GraphQLFormattedError[] {
  const { invalid } = lookedAt(schema, document);
  if (invalid.length === 0) documents.set(text, document, text.length);
  return invalid;
}

function lookedAt(schema: GraphQLSchema, document: DocumentNode): Known {
  let found = known.get(document);
  if (found?.schema !== schema) {
    const invalid = validate(schema, document, specifiedRules, { hideSuggestions: true });
    found = { schema, sharable: new Map(), invalid: invalid.map((error) => ({ ...error.toJSON(), message: withShortValues(error.message), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })) };
    known.set(document, found);
  }
  return found;
}

/** The query that answers it; throws as `toLiveQuery` does. */
export function liveQueryOf(document: DocumentNode, operationName: string | null | undefined, home = false): LiveQuery {
  const made = queries.get(document) ?? new Map<string, LiveQuery>();
  queries.set(document, made);
  const key = `${home} ${operationName ?? ''}`;
  let query = made.get(key);
  if (!query) made.set(key, (query = toLiveQuery(document, operationName, { home })));
  return query;
}

/** Whether its runs may be for several people. */
export function isSharable(schema: GraphQLSchema, document: DocumentNode, operationName: string | null | undefined): boolean {
  const { sharable } = lookedAt(schema, document);
  const key = operationName ?? '';
  let shared = sharable.get(key);
  if (shared === undefined) sharable.set(key, (shared = mayShare(schema, document, getOperationAST(document, operationName) as OperationDefinitionNode)));
  return shared;
}
