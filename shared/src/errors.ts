/** The closed list of error codes a client can meet (the contract's ErrorCode). */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'IDEMPOTENCY_MISMATCH'
  | 'RESYNC_REQUIRED'
  | 'RATE_LIMITED'
  | 'QUERY_TOO_COMPLEX'
  | 'OVERLOADED'
  | 'SUBGRAPH_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR';

/** What is wrong with which part of the input, for example `{ path: 'input.title', message: 'must not be empty' }`. */
export interface FieldProblem {
  path: string;
  message: string;
  /** A dependency that would close a circle: ids of the tasks, each waiting for the next; null for those the viewer cannot see. */
  cycle?: (string | null)[];
}

/** What a client may read beside the code. Everything here reaches the outside. */
export interface ErrorDetails {
  /** BAD_USER_INPUT: each problem. CONFLICT: names of the fields that clash. */
  fields?: FieldProblem[] | string[];
  /** CONFLICT: the present values of those fields. */
  current?: Record<string, unknown>;
  /** RATE_LIMITED, OVERLOADED: seconds after which trying again makes sense. */
  retryAfter?: number;
}

/** An expected refusal. Thrown in policies, commands and resolvers; mapped to GraphQL once, in graphql-errors.ts. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
  }
}

export const unauthenticated = (message = 'Sign in first.') => new DomainError('UNAUTHENTICATED', message);
export const forbidden = (message = 'You may not do this.') => new DomainError('FORBIDDEN', message);
/** One text for what does not exist and for what one may not see: the two must not be told apart. */
export const notFound = (what: string) => new DomainError('NOT_FOUND', `There is no such ${what}.`);
export const badInput = (path: string, message: string) =>
  new DomainError('BAD_USER_INPUT', `${path} ${message}.`, { fields: [{ path, message }] });
export const conflict = (message: string, details: Pick<ErrorDetails, 'fields' | 'current'> = {}) =>
  new DomainError('CONFLICT', message, details);
export const overloaded = (retryAfter = 1) =>
  new DomainError('OVERLOADED', 'The service is busy. Try again shortly.', { retryAfter });
export const unavailable = (service: string) =>
  new DomainError('SUBGRAPH_UNAVAILABLE', `The ${service} subgraph is not available.`);
