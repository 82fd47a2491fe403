// The budget of cost points: taken once per operation, given back where nothing ran.
import { newId } from '@taskgraph/shared/ids';
import { expect, test } from 'vitest';
import { createMemoryCounters } from '../src/rate-limits/counters.js';
import { createRateLimits, rateLimitHeaders } from '../src/rate-limits/rate-limits.js';

const limitsOf = (costPerMinute: number) => createRateLimits({ settings: { anonymousPerMinute: 0, perMinute: 0, costPerMinute }, counters: createMemoryCounters() });
const viewerOf = (id: string) => ({ id, role: 'MEMBER' as const, sessionId: newId() });

test('a person has one budget, whatever token they bring, and nobody else uses it up', async () => {
  const limits = limitsOf(100);
  const ada = newId();
  const charge = async (viewer: Parameters<typeof limits.admit>[0]['viewer'], points: number) => (await limits.admit({ viewer, ip: null })).chargeCost(points);
  expect(await charge(viewerOf(ada), 40)).toEqual({ limit: 100, remaining: 60, reset: 60 });
  expect(await charge({ ...viewerOf(ada), scopes: ['READ'] }, 40)).toMatchObject({ remaining: 20 });
  expect(await charge(viewerOf(newId()), 100)).toMatchObject({ remaining: 0 });
});

test('an operation that is too dear for what is left is RATE_LIMITED with 429 and uses up nothing: a cheaper one passes', async () => {
  const limits = limitsOf(100);
  const viewer = viewerOf(newId());
  const admit = () => limits.admit({ viewer, ip: null });
  await (await admit()).chargeCost(70);
  const refused = await admit();
  await expect(refused.chargeCost(31)).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number), http: { status: 429 } } });
  expect(refused.standings.at(-1)).toMatchObject({ policy: 'cost', limit: 100, remaining: 30 });
  expect(await (await admit()).chargeCost(30)).toMatchObject({ remaining: 0 });
  expect(limits.refusals()).toEqual({ address: 0, guesses: 0, user: 0, token: 0, cost: 1, planning: 0 });
});

test('one operation is charged once, however many queries the gateway makes of it, as for a subscription', async () => {
  const limits = limitsOf(100);
  const viewer = viewerOf(newId());
  const admission = await limits.admit({ viewer, ip: null });
  const [first, again] = await Promise.all([admission.chargeCost(10), admission.chargeCost(10)]);
  expect(again).toEqual(first);
  expect(await (await limits.admit({ viewer, ip: null })).chargeCost(0)).toMatchObject({ remaining: 90 });
});

test('the anonymous have no budget, and 0 turns it off', async () => {
  expect(await (await limitsOf(100).admit({ viewer: null, ip: '192.0.2.1' })).chargeCost(1_000)).toBeNull();
  expect(await (await limitsOf(0).admit({ viewer: viewerOf(newId()), ip: null })).chargeCost(1_000)).toBeNull();
});

test('the headers tell each policy as a structured field', () => {
  expect(rateLimitHeaders([{ policy: 'user', limit: 600, remaining: 599, reset: 60 }, { policy: 'cost', limit: 1000, remaining: 0, reset: 7 }])).toEqual({
    'ratelimit-policy': '"user";q=600;w=60, "cost";q=1000;w=60;qu="cost-points"',
    ratelimit: '"user";r=599;t=60, "cost";r=0;t=7',
  });
  expect(rateLimitHeaders([])).toEqual({});
});
