// What one run of a live query means for its subscription.
import { notFound } from '@taskgraph/shared/errors';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { markPrefix, watchedPrefix, type LiveQuery } from './live-query.js';
import { toItem, type Item } from './outlet.js';

/** One change, with what the gateway itself has to know of it. */
export interface LiveEvent {
  /** The client's selection. */
  node: Record<string, unknown>;
  errors: GraphQLFormattedError[] | undefined;
  cursor: string;
  kind: string | undefined;
  taskId: string | null;
  /** Where the task is now, if that was asked for: null where it is not to be seen. */
  home: { deletedAt: unknown; project: { id: string } | null; channel: { id: string } | null } | null;
}

export type Step =
  /** `more`: the log goes on beyond this page. `ended`: the last event is the final one. */
  | { kind: 'moved'; events: LiveEvent[]; place: string; more: boolean; ended: boolean }
  /** The owner of the log does not answer now; the same again later. */
  | { kind: 'away'; retryAfterMs: number }
  | { kind: 'failed'; errors: readonly GraphQLFormattedError[] };

interface Marks {
  _tgKind?: string;
  _tgCursor: string;
  _tgTaskId?: string | null;
  _tgHome?: LiveEvent['home'];
}

interface Page {
  nodes: (Record<string, unknown> & Marks)[];
  pageInfo: { endCursor: string | null; hasNextPage: boolean };
}

type Result = FormattedExecutionResult;

export function readHead(query: LiveQuery, result: Result): Step {
  const root = result.data?.[query.source] as { head: string } | null | undefined;
  return root ? { kind: 'moved', events: [], place: root.head, more: false, ended: false } : refusal(result);
}

/** `place` is where the page was asked to begin. */
export function readPage(query: LiveQuery, result: Result, place: string): Step {
  const page = result.data?.[query.source] as Page | null | undefined;
  if (!page) return refusal(result);
  const perNode = errorsPerNode(query, result.errors ?? []);
  let ended = false;
  const events: LiveEvent[] = [];
  for (const [index, { _tgKind: kind, _tgCursor: cursor, _tgTaskId: taskId = null, _tgHome: home = null, ...node }] of page.nodes.entries()) {
    events.push({ node, errors: perNode.get(index), cursor, kind, taskId, home });
    if (kind === 'ACCESS_LOST') {
      ended = true;
      break;
    }
  }
  return { kind: 'moved', events, place: page.pageInfo.endCursor ?? place, more: page.pageInfo.hasNextPage, ended };
}

const finalStates = new Set<unknown>(['COMPLETED', 'FAILED', 'CANCELLED']);

/** The place of a state is what is watched of it; one event where that differs from `place`. */
export function readState(query: LiveQuery, result: Result, place: string | undefined): Step {
  const root = result.data?.[query.source] as Record<string, unknown> | null | undefined;
  if (!root) {
    if (result.errors?.length) return refusal(result);
    const { code, message } = notFound('import');
    return { kind: 'failed', errors: [{ message, extensions: { code } }] };
  }
  const node: Record<string, unknown> = {};
  const watched: unknown[] = [];
  for (const [key, value] of Object.entries(root)) {
    if (key.startsWith(watchedPrefix)) watched.push(value);
    else node[key] = value;
  }
  const now = JSON.stringify(watched);
  const errors = (result.errors ?? []).flatMap((error) => (error.path?.[0] === query.source ? [placed(query, error, error.path.slice(1))] : []));
  const event: LiveEvent = { node, errors: errors.length > 0 ? errors : undefined, cursor: '', kind: undefined, taskId: null, home: null };
  return { kind: 'moved', events: now === place ? [] : [event], place: now, more: false, ended: finalStates.has(watched[0]) };
}

function placed(query: LiveQuery, error: GraphQLFormattedError, rest: readonly (string | number)[]): GraphQLFormattedError {
  const { locations: _ofTheQueryWeMade, ...kept } = error;
  return { ...kept, path: [query.responseName, ...rest] };
}

/** Errors at ["taskChanges", "nodes", 3, ...rest] belong to the fourth event, at [<its response name>, ...rest]. */
function errorsPerNode(query: LiveQuery, errors: readonly GraphQLFormattedError[]): Map<number, GraphQLFormattedError[]> {
  const result = new Map<number, GraphQLFormattedError[]>();
  for (const error of errors) {
    const [field, list, index, ...rest] = error.path ?? [];
    if (field !== query.source || list !== 'nodes' || typeof index !== 'number') continue;
    // What we asked for ourselves is nobody's error.
    if (typeof rest[0] === 'string' && rest[0].startsWith(markPrefix)) continue;
    result.set(index, [...(result.get(index) ?? []), placed(query, error, rest)]);
  }
  return result;
}

const passing = new Set<unknown>(['SUBGRAPH_UNAVAILABLE', 'OVERLOADED']);

function refusal({ errors = [] }: Result): Step {
  const [first] = errors;
  if (first && errors.every(({ extensions }) => passing.has(extensions?.['code']))) {
    return { kind: 'away', retryAfterMs: Number(first.extensions?.['retryAfter'] ?? 0) * 1_000 };
  }
  if (!first) return { kind: 'failed', errors: [internalError] };
  return { kind: 'failed', errors: errors.map(({ locations: _ofTheQueryWeMade, path: _too, ...kept }) => kept) };
}

export const internalError: GraphQLFormattedError = { message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL_SERVER_ERROR' } };

/** The event as the client gets it. */
export const eventItem = ({ responseName }: LiveQuery, { node, errors, cursor }: LiveEvent, coalesced = false): Item =>
  toItem({ data: { [responseName]: node }, ...(errors ? { errors } : {}), ...(coalesced ? { extensions: { coalesced } } : {}) }, cursor);
