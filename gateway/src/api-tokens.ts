// Personal API tokens: opaque to the gateway, which asks the user subgraph whom one speaks for and remembers the answer briefly.
import { apiTokenOwner, hashApiToken, type ApiTokenOwner } from '@taskgraph/shared/contracts/api-token';
import { unavailable } from '@taskgraph/shared/errors';
import { createLru } from './limits/lru.js';
import type { RateLimits } from './rate-limits/rate-limits.js';
import type { SubgraphAnswer } from './subgraph-client.js';

/**
 * Answers the token's owner, or null for a token that speaks for nobody; `ip` is where it came from. Throws SUBGRAPH_UNAVAILABLE when it
 * cannot be found out, RATE_LIMITED where that address has tried too many that are none.
 */
export type FindApiToken = (secret: string, ip: string | null) => Promise<ApiTokenOwner | null>;

/** How long an answer is good, in milliseconds (RULES §8). */
const goodMs = 5_000;
const cacheLimit = 10_000;

export interface FindApiTokenOptions {
  ask: (path: string) => Promise<SubgraphAnswer>;
  /** See RateLimits. */
  guess: RateLimits['guess'];
}

export function createFindApiToken({ ask, guess }: FindApiTokenOptions): FindApiToken {
  // Tokens that have spoken for somebody are no guesses: who shares an address with somebody who makes tokens up goes on.
  const worked = createLru<true>({ entries: cacheLimit, characters: Infinity });
  const cache = new Map<string, { at: number; answer: Promise<ApiTokenOwner | null> }>();

  async function look(hash: string): Promise<ApiTokenOwner | null> {
    const { status, body } = await ask(`/internal/api-tokens/${hash}`);
    if (status === 404) return (worked.delete(hash), null);
    const owner = status === 200 ? apiTokenOwner.safeParse(body) : undefined;
    if (!owner?.success) throw unavailable('user');
    worked.set(hash, true, 0);
    return owner.data;
  }

  return async (secret, ip) => {
    const hash = hashApiToken(secret);
    const now = performance.now();
    const known = cache.get(hash);
    if (known && now - known.at < goodMs) return known.answer;
    const answer = worked.get(hash) ? look(hash) : guess(ip, () => look(hash));
    cache.delete(hash);
    // Map keeps the order of insertion, so the first key is the oldest.
    if (cache.size >= cacheLimit) cache.delete(cache.keys().next().value as string);
    cache.set(hash, { at: now, answer });
    // Whoever asks at the same time shares the answer; a failure is nobody's after that.
    answer.catch(() => cache.get(hash)?.answer === answer && cache.delete(hash));
    return answer;
  };
}
