// What of an error may reach a client: one list of codes, one list of further members, nothing else.
import type { ErrorCode } from '@taskgraph/shared/errors';
import type { GraphQLFormattedError } from 'graphql';

const codes = {
  UNAUTHENTICATED: true,
  FORBIDDEN: true,
  NOT_FOUND: true,
  BAD_USER_INPUT: true,
  CONFLICT: true,
  IDEMPOTENCY_MISMATCH: true,
  RESYNC_REQUIRED: true,
  RATE_LIMITED: true,
  QUERY_TOO_COMPLEX: true,
  OVERLOADED: true,
  SUBGRAPH_UNAVAILABLE: true,
  INTERNAL_SERVER_ERROR: true,
} satisfies Record<ErrorCode, true>;

export const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(codes, code);

/** The only text a client sees about a fault of ours. */
export const maskedMessage = 'Something went wrong on our side.';

/** Code and the members that the contract names; everything else (service names, stacks, causes) stays inside. */
export function publicExtensions(code: string, extensions: GraphQLFormattedError['extensions']): Record<string, unknown> {
  const kept: Record<string, unknown> = { code };
  for (const member of ['fields', 'current', 'retryAfter', 'cost', 'limit', 'paths', 'pageSize', 'bound']) {
    if (extensions?.[member] !== undefined) kept[member] = extensions[member];
  }
  return kept;
}
