// Documents by their hash: trusted ones and those that clients registered (automatic persisted queries). Apollo Server looks them
// up for HTTP; sockets and event streams do it here, for the protocols of both ask for a query, which may be empty then.
import type { GraphQLFormattedError } from 'graphql';
import type { Limits, OperationRequest } from './limits.js';
import { sha256 } from './trusted-documents.js';

const prefix = 'apq:';

/** The option of that name of Apollo Server. */
export function persistedQueries({ persisted }: Pick<Limits, 'persisted'>) {
  if (!persisted.offered) return false;
  return {
    cache: {
      get: async (key: string) => persisted.get(key.slice(prefix.length)),
      set: async (key: string, text: string) => persisted.set(key.slice(prefix.length), text),
      delete: async () => false,
    },
  };
}

export interface Resolved {
  query: string;
  /** To be called once the document has proved valid. */
  register(): void;
}

/** The text of an operation that may have come as a hash. */
export function resolveText({ persisted }: Pick<Limits, 'persisted'>, { query, extensions }: OperationRequest): Resolved | GraphQLFormattedError {
  const text = typeof query === 'string' ? query : '';
  const asked = (extensions as { persistedQuery?: { sha256Hash?: unknown; version?: unknown } } | null | undefined)?.persistedQuery;
  if (!asked) return { query: text, register: () => undefined };
  if (!persisted.offered) return { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } };
  const hash = asked.sha256Hash;
  if (asked.version !== 1 || typeof hash !== 'string') return { message: 'Unsupported persisted query version', extensions: { code: 'BAD_REQUEST' } };
  if (text === '') {
    const known = persisted.get(hash);
    return known === undefined ? { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } } : { query: known, register: () => undefined };
  }
  if (sha256(text) !== hash) return { message: 'provided sha does not match query', extensions: { code: 'BAD_REQUEST' } };
  return { query: text, register: () => persisted.set(hash, text) };
}
