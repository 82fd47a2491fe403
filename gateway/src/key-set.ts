// The user subgraph's public keys: fetched over the internal API, kept while it is away, looked up by key id.
import { setTimeout as delay } from 'node:timers/promises';
import { importJWK, type CryptoKey, type JWK } from 'jose';
import type { Logger } from 'pino';

export interface KeySet {
  /** False until the keys have been fetched once. */
  known(): boolean;
  /** The key of that id, asking the user subgraph again (at most once in two seconds) when it is not known. */
  find(kid: string): Promise<CryptoKey | undefined>;
  /** The public document, as served at /.well-known/jwks.json. */
  document(): { keys: JWK[] };
  stop(): Promise<void>;
}

/** How often the set is fetched anew although nothing asked for it, so that withdrawn keys go; milliseconds. */
const refreshMs = 60_000;
/** Least time between fetches caused by unknown key ids, which strangers can make up; milliseconds. */
const askAgainMs = 2_000;
const firstRetryMs = 100;

/** Starts fetching at once and goes on until it succeeds; never throws when the user subgraph is away. */
export function createKeySet({ fetchJwks, logger }: { fetchJwks: () => Promise<unknown>; logger: Logger }): KeySet {
  let keys: Map<string, { jwk: JWK; key: CryptoKey }> | undefined;
  let fetching: Promise<boolean> | undefined;
  let lastFetch = -Infinity;
  let failing = false;
  const stopping = new AbortController();

  async function load(): Promise<boolean> {
    lastFetch = performance.now();
    try {
      keys = await importKeys(await fetchJwks());
      failing = false;
      return true;
    } catch (error) {
      // Said once per outage, not at each try.
      logger[failing ? 'debug' : 'warn']({ err: error }, 'the signing keys of the user subgraph could not be fetched');
      failing = true;
      return false;
    }
  }
  const refresh = () => (fetching ??= load().finally(() => (fetching = undefined)));

  async function keepFresh(): Promise<void> {
    let retry = firstRetryMs;
    while (!stopping.signal.aborted) {
      const fetched = await refresh();
      const pause = fetched ? refreshMs : retry;
      retry = fetched ? firstRetryMs : Math.min(retry * 2, keys ? refreshMs : 1_000);
      await delay(pause, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }
  const running = keepFresh();

  return {
    known: () => keys !== undefined,
    async find(kid) {
      const mayAsk = () => fetching !== undefined || performance.now() - lastFetch > askAgainMs;
      if (!keys?.has(kid) && mayAsk()) await refresh();
      return keys?.get(kid)?.key;
    },
    document: () => ({ keys: [...(keys?.values() ?? [])].map(({ jwk }) => jwk) }),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Only Ed25519 signing keys with an id are taken; members of a private key are never kept. */
async function importKeys(document: unknown): Promise<Map<string, { jwk: JWK; key: CryptoKey }>> {
  const list = (document as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(list)) throw new Error('the answer is no JSON Web Key Set');
  const result = new Map<string, { jwk: JWK; key: CryptoKey }>();
  for (const { kty, crv, x, kid } of list as JWK[]) {
    if (kty !== 'OKP' || crv !== 'Ed25519' || !x || !kid) continue;
    const jwk: JWK = { kty, crv, x, kid, alg: 'EdDSA', use: 'sig' };
    result.set(kid, { jwk, key: (await importJWK(jwk, 'EdDSA')) as CryptoKey });
  }
  if (result.size === 0) throw new Error('the JSON Web Key Set holds no Ed25519 key');
  return result;
}
