// Access tokens whose signature was checked already: checking one costs more than all else that is done to let a request in.
import type { CryptoKey } from 'jose';
import type { AuthenticatedViewer } from './authentication.js';

export interface VerifiedTokens {
  /** Whom a token speaks for, if it was verified by this very key and has not ended since. */
  get(token: string, key: (kid: string) => Promise<CryptoKey | undefined>): Promise<AuthenticatedViewer | undefined>;
  /** `until`: from when on it is to be verified again, in milliseconds since 1970. */
  set(token: string, verified: { viewer: AuthenticatedViewer; kid: string; key: CryptoKey; until: number }): void;
}

const mostTokens = 10_000;

export function createVerifiedTokens(): VerifiedTokens {
  const known = new Map<string, { viewer: AuthenticatedViewer; kid: string; key: CryptoKey; until: number }>();
  return {
    async get(token, key) {
      const found = known.get(token);
      if (!found) return undefined;
      // The set of keys is fetched anew each minute, and its keys are new objects then: a withdrawn one is not believed for longer than that.
      if (found.until > Date.now() && (await key(found.kid)) === found.key) return found.viewer;
      known.delete(token);
      return undefined;
    },
    set(token, verified) {
      // Map keeps the order of insertion, so the first key is the oldest.
      if (known.size >= mostTokens) known.delete(known.keys().next().value as string);
      known.set(token, verified);
    },
  };
}
