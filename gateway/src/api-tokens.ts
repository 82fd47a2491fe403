// Personal API tokens: opaque to the gateway, which asks the user subgraph whom one speaks for and remembers the answer briefly.
import { apiTokenOwner, hashApiToken, type ApiTokenOwner } from '@taskgraph/shared/contracts/api-token';
import { unavailable } from '@taskgraph/shared/errors';
import type { SubgraphAnswer } from './subgraph-client.js';

/** Answers the token's owner, or null for a token that speaks for nobody. Throws SUBGRAPH_UNAVAILABLE when it cannot be found out. */
export type FindApiToken = (secret: string) => Promise<ApiTokenOwner | null>;

/** How long an answer is good, in milliseconds (RULES §8). */
const goodMs = 5_000;
const cacheLimit = 10_000;

export function createFindApiToken(ask: (path: string) => Promise<SubgraphAnswer>): FindApiToken {
  const cache = new Map<string, { at: number; answer: Promise<ApiTokenOwner | null> }>();

  async function look(hash: string): Promise<ApiTokenOwner | null> {
    const { status, body } = await ask(`/internal/api-tokens/${hash}`);
    if (status === 404) return null;
    const owner = status === 200 ? apiTokenOwner.safeParse(body) : undefined;
    if (!owner?.success) throw unavailable('user');
    return owner.data;
  }

  return async (secret) => {
    const hash = hashApiToken(secret);
    const now = performance.now();
    const known = cache.get(hash);
    if (known && now - known.at < goodMs) return known.answer;
    const answer = look(hash);
    cache.delete(hash);
    // Map keeps the order of insertion, so the first key is the oldest.
    if (cache.size >= cacheLimit) cache.delete(cache.keys().next().value as string);
    cache.set(hash, { at: now, answer });
    // Whoever asks at the same time shares the answer; a failure is nobody's after that.
    answer.catch(() => cache.get(hash)?.answer === answer && cache.delete(hash));
    return answer;
  };
}
