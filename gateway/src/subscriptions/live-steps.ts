// What one run of a live query means for its subscription.
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { kindAlias, type LiveQuery } from './live-query.js';

export type Step =
  /** `more`: the log goes on beyond this page. `ended`: the last event is the final one. */
  | { kind: 'moved'; events: FormattedExecutionResult[]; place: string; more: boolean; ended: boolean }
  /** The owner of the log does not answer now; the same again later. */
  | { kind: 'away'; retryAfterMs: number }
  | { kind: 'failed'; errors: readonly GraphQLFormattedError[] };

interface Page {
  nodes: Record<string, unknown>[];
  pageInfo: { endCursor: string | null; hasNextPage: boolean };
}

type Result = FormattedExecutionResult;

export function readHead(query: LiveQuery, result: Result): Step {
  const root = result.data?.[query.field] as { head: string } | null | undefined;
  return root ? { kind: 'moved', events: [], place: root.head, more: false, ended: false } : refusal(result);
}

/** `place` is where the page was asked to begin. */
export function readPage(query: LiveQuery, result: Result, place: string): Step {
  const page = result.data?.[query.field] as Page | null | undefined;
  if (!page) return refusal(result);
  const perNode = errorsPerNode(query, result.errors ?? []);
  let ended = false;
  const events: Result[] = [];
  for (const [index, { [kindAlias]: kind, ...node }] of page.nodes.entries()) {
    const errors = perNode.get(index);
    events.push({ data: { [query.responseName]: node }, ...(errors ? { errors } : {}) });
    if (kind === 'ACCESS_LOST') {
      ended = true;
      break;
    }
  }
  return { kind: 'moved', events, place: page.pageInfo.endCursor ?? place, more: page.pageInfo.hasNextPage, ended };
}

/** Errors at ["taskChanges", "nodes", 3, ...rest] belong to the fourth event, at [<its response name>, ...rest]. */
function errorsPerNode(query: LiveQuery, errors: readonly GraphQLFormattedError[]): Map<number, GraphQLFormattedError[]> {
  const result = new Map<number, GraphQLFormattedError[]>();
  for (const error of errors) {
    const [field, list, index, ...rest] = error.path ?? [];
    if (field !== query.field || list !== 'nodes' || typeof index !== 'number') continue;
    const { locations: _ofTheQueryWeMade, ...kept } = error;
    result.set(index, [...(result.get(index) ?? []), { ...kept, path: [query.responseName, ...rest] }]);
  }
  return result;
}

const passing = new Set<unknown>(['SUBGRAPH_UNAVAILABLE', 'OVERLOADED']);

function refusal({ errors = [] }: Result): Step {
  const [first] = errors;
  if (first && errors.every(({ extensions }) => passing.has(extensions?.['code']))) {
    return { kind: 'away', retryAfterMs: Number(first.extensions?.['retryAfter'] ?? 0) * 1_000 };
  }
  if (!first) return { kind: 'failed', errors: [{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] };
  return { kind: 'failed', errors: errors.map(({ locations: _ofTheQueryWeMade, path: _too, ...kept }) => kept) };
}
