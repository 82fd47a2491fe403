// Relay connections over keyset pages: read one row more than asked for, and that row's presence is `hasNextPage`.
import type { CursorCodec } from './cursor.js';
import { badInput } from './errors.js';

export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
}

export interface PageLimits {
  /** Rows when `first` is absent. */
  defaultSize: number;
  /** Largest `first`; more is BAD_USER_INPUT. */
  maxSize: number;
}

export interface PageRequest {
  size: number;
  /** Sort key of the row after which the page starts, or null for the first page. */
  after: (string | number | null)[] | null;
}

export function readPageArguments(args: PageArguments, limits: PageLimits, codec: CursorCodec): PageRequest {
  const size = args.first ?? Math.min(limits.defaultSize, limits.maxSize);
  if (!Number.isInteger(size) || size < 1 || size > limits.maxSize) throw badInput('first', `must lie between 1 and ${limits.maxSize}`);
  return { size, after: args.after == null ? null : codec.decode(args.after, 'after') };
}

export interface Connection<T> {
  edges: { cursor: string; node: T }[];
  nodes: T[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  /** A resolver: counted only when selected. */
  totalCount: () => Promise<number>;
}

/** `rows` holds up to `request.size + 1` rows; `keyOf` gives the sort key that the query compared with. */
export function toConnection<T>(
  rows: T[],
  request: PageRequest,
  codec: CursorCodec,
  keyOf: (row: T) => (string | number | null)[],
  totalCount: () => Promise<number>,
): Connection<T> {
  const nodes = rows.slice(0, request.size);
  return {
    ...edgesOf(nodes, (node) => codec.encode(keyOf(node)), { hasNextPage: rows.length > request.size, hasPreviousPage: request.after !== null }),
    nodes,
    totalCount,
  };
}

/** Cursors are signed, and most who read a list select the last one only: each is made when it is read. */
function edgesOf<T>(nodes: T[], cursorOf: (node: T) => string, more: { hasNextPage: boolean; hasPreviousPage: boolean }): Pick<Connection<T>, 'edges' | 'pageInfo'> {
  const cursorAt = (node: T | undefined) => (node === undefined ? null : cursorOf(node));
  return {
    edges: nodes.map((node) => ({
      node,
      get cursor() {
        return cursorOf(node);
      },
    })),
    pageInfo: {
      ...more,
      get startCursor() {
        return cursorAt(nodes[0]);
      },
      get endCursor() {
        return cursorAt(nodes.at(-1));
      },
    },
  };
}

export interface TwoWayPageArguments extends PageArguments {
  last?: number | null | undefined;
  before?: string | null | undefined;
}

type SortKey = (string | number | null)[];

export interface TwoWayPageRequest {
  size: number;
  /** Whether the page is the last rows of what lies between `after` and `before`, instead of the first ones. */
  backward: boolean;
  after: SortKey | null;
  before: SortKey | null;
}

/** `decode` answers the sort key that a cursor holds, or throws BAD_USER_INPUT naming the path. */
export function readTwoWayPageArguments(args: TwoWayPageArguments, limits: PageLimits, decode: (cursor: string, path: string) => SortKey): TwoWayPageRequest {
  const { first, last, after, before } = args;
  if (first != null && last != null) throw badInput('last', 'must not be given together with first');
  const size = first ?? last ?? Math.min(limits.defaultSize, limits.maxSize);
  if (!Number.isInteger(size) || size < 1 || size > limits.maxSize) throw badInput(last == null ? 'first' : 'last', `must lie between 1 and ${limits.maxSize}`);
  return {
    size,
    backward: last != null || (first == null && before != null && after == null),
    after: after == null ? null : decode(after, 'after'),
    before: before == null ? null : decode(before, 'before'),
  };
}

/** `rows` holds up to `request.size + 1` rows in the order of the list; going backward the surplus one is the first. */
export function toTwoWayConnection<T>(rows: T[], request: TwoWayPageRequest, cursorOf: (row: T) => string, totalCount: () => Promise<number>): Connection<T> {
  const more = rows.length > request.size;
  const nodes = request.backward ? rows.slice(-request.size) : rows.slice(0, request.size);
  return {
    ...edgesOf(nodes, cursorOf, { hasNextPage: request.backward ? request.before !== null : more, hasPreviousPage: request.backward ? more : request.after !== null }),
    nodes,
    totalCount,
  };
}
