// What is asked of every operation before anything of it runs: that its document is one that may run, that document and variables
// are within their bounds, and that it does not cost too much. The same for HTTP, WebSockets and event streams.
import { badInput, DomainError } from '@taskgraph/shared/errors';
import { getOperationAST, print, type DocumentNode, type GraphQLFormattedError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.js';
import { createCostModel, type CostModel } from './cost-model.js';
import { createCostTree, type CostTree, type Variables } from './cost-tree.js';
import { readDocument, type DocumentBounds, type Excess } from './document-bounds.js';
import { createLru } from './lru.js';
import type { OperationCost } from './operation-cost.js';
import { dearestPaths, fittingPage, priceOf, tooLongPage } from './price.js';
import { sha256, type TrustedDocuments } from './trusted-documents.js';
import { excessOfVariables } from './variable-bounds.js';

export interface LimitSettings {
  document: DocumentBounds;
  /** Values in the variables of one operation, all levels together. */
  variables: number;
  /** Rows of one page: MAX_PAGE_SIZE. */
  pageSize: number;
  /** Points of one operation. */
  cost: number;
  /** Documents that clients registered by their hashes; 0: none can be. */
  persisted: number;
}

/** An operation as it came, whatever the transport. */
export interface OperationRequest {
  query?: unknown;
  variables?: unknown;
  extensions?: unknown;
}

export interface Limits {
  /** The errors that refuse it before it is parsed any further; undefined where it may go on. Knows each document that it has seen. */
  check(request: OperationRequest): GraphQLFormattedError | undefined;
  /** Told of each schema together with what it was made of. */
  learn(schema: GraphQLSchema, supergraphSdl: string): void;
  /** Puts the price of a valid document's operation on `context.cost`; throws BAD_USER_INPUT or TooComplex. */
  price(schema: GraphQLSchema, document: DocumentNode, operationName: string | null | undefined, variables: Variables, context: GatewayContext): OperationCost;
  /** Whether this subscription was begun before; as many are remembered as plans are kept. */
  isKnown(document: DocumentNode, operationName: string | null | undefined): boolean;
  know(document: DocumentNode, operationName: string | null | undefined): void;
  /** Of an operation that is refused before it is priced. */
  nothing: OperationCost;
  /** Documents by the sha256 that clients send in place of them. */
  persisted: PersistedDocuments;
}

export interface PersistedDocuments {
  /** Whether hashes mean anything. */
  offered: boolean;
  get(hash: string): string | undefined;
  set(hash: string, text: string): void;
}

/** QUERY_TOO_COMPLEX, for Apollo Server and for sockets. */
export class TooComplex extends DomainError {
  constructor(message: string, readonly more: Record<string, unknown>) {
    super('QUERY_TOO_COMPLEX', message);
  }
}

/** Documents that are remembered as within bounds or not, and their characters together. */
const rememberedDocuments = { entries: 2_000, characters: 16_777_216 };
/** What a refusal counts for: its document is not kept. */
const refusalSize = 256;

export function createLimits({ settings, trusted }: { settings: LimitSettings; trusted: TrustedDocuments }): Limits {
  const seen = createLru<Excess | 'fits'>(rememberedDocuments);
  const models = new WeakMap<GraphQLSchema, CostModel>();
  const trees = new WeakMap<DocumentNode, { model: CostModel; byOperation: Map<OperationDefinitionNode, CostTree> }>();
  const begun = createLru<true>({ entries: 1_000, characters: Infinity });
  const registered = createLru<string>({ entries: settings.persisted, characters: rememberedDocuments.characters });

  function excessOf(text: string): Excess | undefined {
    // A long text is remembered by its hash, so that refusing it a thousand times keeps none of it.
    const key = text.length > 4_096 ? sha256(text) : text;
    const known = seen.get(key);
    if (known) return known === 'fits' ? undefined : known;
    const read = readDocument(text, settings.document);
    if (!read) return undefined;
    const excess = 'excess' in read ? read.excess : undefined;
    seen.set(key, excess ?? 'fits', key.length + refusalSize);
    return excess;
  }

  function treeOf(model: CostModel, document: DocumentNode, operation: OperationDefinitionNode): CostTree {
    let known = trees.get(document);
    if (known?.model !== model) {
      known = { model, byOperation: new Map() };
      trees.set(document, known);
    }
    let tree = known.byOperation.get(operation);
    if (!tree) {
      tree = createCostTree(model, document, operation);
      known.byOperation.set(operation, tree);
    }
    return tree;
  }

  return {
    check({ query, variables }) {
      if (typeof query === 'string') {
        if (trusted.mode === 'only' && !trusted.has(query)) return unlisted;
        const excess = excessOf(query);
        if (excess) return refusal(excess);
      }
      const excess = excessOfVariables(variables, settings.variables);
      return excess && refusal(excess);
    },

    learn(schema, supergraphSdl) {
      models.set(schema, createCostModel(schema, supergraphSdl));
    },

    price(schema, document, operationName, variables, context) {
      const operation = getOperationAST(document, operationName);
      const model = models.get(schema);
      if (!model || !operation) throw new Error('there is no price list for this operation');
      const tree = treeOf(model, document, operation);
      const long = tooLongPage(tree, variables, settings.pageSize);
      if (long) throw badInput(long, `must lie between 1 and ${settings.pageSize}`);
      const requested = priceOf(tree, variables);
      context.cost = { requested, limit: settings.cost };
      if (requested > settings.cost) throw tooDear(tree, variables, requested);
      return context.cost;
    },

    isKnown: (document, operationName) => begun.get(keyOf(document, operationName)) !== undefined,
    know: (document, operationName) => begun.set(keyOf(document, operationName), true, 0),

    nothing: { requested: 0, limit: settings.cost },

    persisted: {
      offered: settings.persisted > 0 || trusted.mode !== 'off',
      get: (hash) => trusted.find(hash) ?? (trusted.mode === 'only' ? undefined : registered.get(hash)),
      set(hash, text) {
        if (settings.persisted > 0 && trusted.mode !== 'only') registered.set(hash, text, text.length);
      },
    },
  };

  function tooDear(tree: CostTree, variables: Variables, cost: number): TooComplex {
    const paths = dearestPaths(tree, variables);
    const pageSize = fittingPage(tree, variables, settings.cost, settings.pageSize);
    const named = paths.map((dear) => `${dear.path} (${dear.cost})`).join(', ');
    const advice = pageSize === null ? 'No size of pages makes it pass: select less.' : `It passes with pages of at most ${pageSize} rows.`;
    return new TooComplex(`This operation costs ${cost} points, and at most ${settings.cost} are allowed. Dearest: ${named}. ${advice}`, {
      cost, limit: settings.cost, paths, ...(pageSize === null ? {} : { pageSize }),
    });
  }
}

const keyOf = (document: DocumentNode, operationName: string | null | undefined) => sha256(`${operationName ?? ''} ${document.loc?.source.body ?? print(document)}`);

function refusal({ bound, limit, message }: Excess): GraphQLFormattedError {
  return { message, extensions: { code: 'QUERY_TOO_COMPLEX', bound, limit } };
}

const unlisted: GraphQLFormattedError = {
  message: 'Only documents that the operator has listed run here: send one of those, or its id in extensions.persistedQuery.sha256Hash.',
  extensions: { code: 'FORBIDDEN' },
};
