// Who may do how much in a minute. Without a sign-in an address is counted (of IPv6 a /64), with one the person, whatever
// addresses and sessions they use; an API token has an allowance of its own, so that a program that runs wild leaves its owner theirs. What
// operations cost is counted per person, all their tokens together.
import { HeaderMap } from '@apollo/server';
import { clientNetwork } from '@taskgraph/shared/client-network';
import { DomainError } from '@taskgraph/shared/errors';
import type { Viewer } from '@taskgraph/shared/identity';
import { GraphQLError } from 'graphql';
import type { CostStanding } from '../context.js';
import { windowSeconds, type Count, type Counters } from './counters.js';

/** In a minute; 0 is no limit. */
export interface RateLimitSettings {
  /** Requests of one address that nobody signed in for. */
  anonymousPerMinute: number;
  /** Requests of one person; of one API token. */
  perMinute: number;
  /** Cost points of one person. */
  costPerMinute: number;
}

/** Whom a request is counted for. */
export interface Asker {
  viewer: Viewer | null;
  ip: string | null;
}

export type Policy = 'address' | 'guesses' | 'user' | 'token' | 'cost' | 'planning';

export interface Standing {
  policy: Policy;
  limit: number;
  remaining: number;
  /** Seconds until all of it is there again. */
  reset: number;
}

/** What one admitted request has left; the cost joins when it is charged. */
export interface Admission {
  standings: Standing[];
  /** Takes the cost of the operation, once however often it is called. Throws a GraphQLError RATE_LIMITED, 429 over HTTP. Null without a limit. */
  chargeCost(points: number): Promise<CostStanding | null>;
  /** Takes fields of a document that has to be planned. Throws like `chargeCost`. */
  chargePlanning(fields: number): Promise<() => Promise<void>>;
}

export class RateLimited extends DomainError {
  constructor(readonly standing: Standing) {
    super('RATE_LIMITED', messages[standing.policy], { retryAfter: Math.max(1, standing.reset) });
  }
}

const messages: Record<Policy, string> = {
  address: 'Too many requests from this address without a sign-in. Try again shortly.',
  guesses: 'Too many API tokens from this address that are none. Try again shortly.',
  user: 'Too many requests. Try again shortly.',
  token: 'Too many requests with this API token. Try again shortly.',
  cost: 'These operations cost too much in one minute. Try again shortly, or ask for less.',
  planning: 'Too many new documents in one minute. Try again shortly; send values as variables, so that documents stay the same.',
};

export interface RateLimits {
  /** Counts one request or operation. Throws RateLimited beyond the limit. */
  admit(asker: Asker): Promise<Admission>;
  /**
   * Looks up what an address may have made up. What turns out to be nothing (null) counts, as many in a minute as an address may send
   * requests without a sign-in. Throws RateLimited beyond that, before anything is looked up.
   */
  guess<T>(ip: string | null, look: () => Promise<T | null>): Promise<T | null>;
  /** How often each policy refused. */
  refusals(): Readonly<Record<Policy, number>>;
}

/**
 * Fields of new documents that somebody may have planned in a minute, for each request that they may send: planning takes up to a
 * millisecond a field, and nobody else is served meanwhile.
 */
const planningPerRequest = 20;
/** Whatever may be sent: the two largest documents that there are by default. */
const leastPlanning = 1_000;

export function createRateLimits({ settings, counters }: { settings: RateLimitSettings; counters: Counters }): RateLimits {
  const refused: Record<Policy, number> = { address: 0, guesses: 0, user: 0, token: 0, cost: 0, planning: 0 };

  function judge(policy: Policy, limit: number, count: Count): Standing {
    const standing = standingOf(policy, limit, count);
    if (count.used <= limit) return standing;
    refused[policy] += 1;
    throw new RateLimited(standing);
  }

  function whose({ viewer, ip }: Asker): { policy: Policy; limit: number; key: string } {
    if (!viewer) return { policy: 'address', limit: settings.anonymousPerMinute, key: `address:${networkOf(ip)}` };
    // Only API tokens have scopes, and then the session's id is the token's.
    if (viewer.scopes) return { policy: 'token', limit: settings.perMinute, key: `token:${viewer.sessionId}` };
    return { policy: 'user', limit: settings.perMinute, key: `user:${viewer.id}` };
  }

  async function take(policy: Policy, limit: number, key: string, points: number): Promise<Standing> {
    const count = await counters.add(key, points);
    if (count.used <= limit) return standingOf(policy, limit, count);
    // What was not run is not paid for: cheaper operations still pass.
    await counters.add(key, -points);
    refused[policy] += 1;
    throw new RateLimited(standingOf(policy, limit, { ...count, used: count.used - points }));
  }

  return {
    refusals: () => refused,
    async guess(ip, look) {
      const limit = settings.anonymousPerMinute;
      if (limit === 0) return look();
      const key = `guesses:${networkOf(ip)}`;
      // Taken before it is known, so that many at a time are bounded as well.
      judge('guesses', limit, await counters.add(key, 1));
      let wrong = false;
      try {
        const found = await look();
        wrong = found === null;
        return found;
      } finally {
        if (!wrong) await counters.add(key, -1);
      }
    },
    async admit(asker) {
      const { policy, limit, key } = whose(asker);
      const standings: Standing[] = limit === 0 ? [] : [judge(policy, limit, await counters.add(key, 1))];
      const { viewer, ip } = asker;
      const refuse = (error: unknown): never => {
        throw error instanceof RateLimited ? (standings.push(error.standing), asGraphQLError(error)) : error;
      };
      let charged: Promise<CostStanding | null> | undefined;
      const charge = async (points: number): Promise<CostStanding | null> => {
        if (!viewer || settings.costPerMinute === 0) return null;
        const standing = await take('cost', settings.costPerMinute, `cost:${viewer.id}`, points).catch(refuse);
        standings.push(standing);
        return { limit: standing.limit, remaining: standing.remaining, reset: standing.reset };
      };
      const chargePlanning = async (fields: number) => {
        const requests = viewer ? settings.perMinute : settings.anonymousPerMinute;
        if (requests === 0) return async () => {};
        const key = viewer ? `planning:user:${viewer.id}` : `planning:${networkOf(ip)}`;
        await take('planning', Math.max(leastPlanning, planningPerRequest * requests), key, fields).catch(refuse);
        return async () => void (await counters.add(key, -fields));
      };
      return { standings, chargeCost: (points) => (charged ??= charge(points)), chargePlanning };
    },
  };
}

const networkOf = (ip: string | null): string => (ip === null ? 'unknown' : clientNetwork(ip));

const standingOf = (policy: Policy, limit: number, { used, resetMs }: Count): Standing => ({ policy, limit, remaining: Math.max(0, limit - used), reset: Math.ceil(resetMs / 1_000) });

function asGraphQLError({ message, code, details }: RateLimited): GraphQLError {
  const headers = new HeaderMap([['retry-after', String(details.retryAfter)]]);
  return new GraphQLError(message, { extensions: { code, ...details, http: { status: 429, headers } } });
}

const units: Partial<Record<Policy, string>> = { cost: ';qu="cost-points"' };

/** `RateLimit-Policy` and `RateLimit` as in draft-ietf-httpapi-ratelimit-headers-10. */
export function rateLimitHeaders(standings: readonly Standing[]): Record<string, string> {
  if (standings.length === 0) return {};
  return {
    'ratelimit-policy': standings.map(({ policy, limit }) => `"${policy}";q=${limit};w=${windowSeconds}${units[policy] ?? ''}`).join(', '),
    ratelimit: standings.map(({ policy, remaining, reset }) => `"${policy}";r=${remaining};t=${reset}`).join(', '),
  };
}
