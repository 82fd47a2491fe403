// Rate limits at the edge, over real connections.
import { apiTokenPrefix } from '@taskgraph/shared/contracts/api-token';
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { redisAvailable, startRedis, type TestRedis } from '@taskgraph/shared/testing/redis';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { ask, startGraph, type Answer, type TestGraph } from './support/graph.js';
import { accessToken } from './support/keys.js';
import { closeOf, follow, socketUrl } from './support/socket.js';

let graph: TestGraph;
/** Behind one proxy, so that each test has addresses of its own. */
beforeAll(async () => void (graph = await startGraph({ config: { rateLimits: { anonymousPerMinute: 3, perMinute: 5, costPerMinute: 0 }, trustedProxies: 1 } })));
afterAll(() => graph.stop());

const person = (id = newId()) => accessToken(graph.key, { claims: { sub: id } });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
let lastAddress = 0;
const someAddress = () => `198.51.100.${(lastAddress += 1)}`;
const from = (address: string) => ({ 'x-forwarded-for': address });

async function times<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < count; index += 1) results.push(await work());
  return results;
}
const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status);
const ping = (headers: Record<string, string>, gateway = graph.gateway) => ask(gateway, '{ __typename }', { headers });
const remaining = ({ headers }: Answer) => Number(/;r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);

test('every answer tells the limit, what is left of it and when it is whole again, as in the IETF draft', async () => {
  const headers = bearer(await person());
  const [first, second] = await times(2, () => ping(headers));
  expect(first?.headers.get('ratelimit-policy')).toBe('"user";q=5;w=60');
  expect(first?.headers.get('ratelimit')).toMatch(/^"user";r=4;t=\d+$/);
  expect(second?.headers.get('ratelimit')).toMatch(/^"user";r=3;t=\d+$/);
  expect((await ping(from(someAddress()))).headers.get('ratelimit-policy')).toBe('"address";q=3;w=60');
});

test('beyond it a person is RATE_LIMITED with 429 and told when to come again, whatever session and address; others go on', async () => {
  const id = newId();
  const sessions = [await accessToken(graph.key, { claims: { sub: id, sid: 'one' } }), await accessToken(graph.key, { claims: { sub: id, sid: 'two' } })] as const;
  expect(statuses(await times(5, () => ping({ ...bearer(sessions[0]), ...from(someAddress()) })))).toEqual([200, 200, 200, 200, 200]);
  const { status, headers, body } = await ping({ ...bearer(sessions[1]), ...from(someAddress()) });
  expect(status).toBe(429);
  const retryAfter = Number(headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(60);
  expect(headers.get('ratelimit')).toBe(`"user";r=0;t=${retryAfter}`);
  expect(body).toEqual({ errors: [{ message: expect.any(String), extensions: { code: 'RATE_LIMITED', retryAfter, requestId: headers.get('x-request-id') } }] });
  expect((await ping(bearer(await person()))).status).toBe(200);
  expect((await ping(from(someAddress()))).status).toBe(200);
});

test('one address has one allowance without a sign-in, and nobody who is signed in there loses anything', async () => {
  const address = someAddress();
  expect(statuses(await times(4, () => ping(from(address))))).toEqual([200, 200, 200, 429]);
  expect((await ping({ ...from(address), ...bearer(await person()) })).status).toBe(200);
});

test('of IPv6 a /64 is one address, and IPv4 is the same however it is written', async () => {
  const hosts = ['2001:db8:5:6::1', '2001:db8:5:6:ffff::2', '2001:db8:5:6::3', '2001:db8:5:6::4'];
  const answers: Answer[] = [];
  for (const host of hosts) answers.push(await ping(from(host)));
  expect(statuses(answers)).toEqual([200, 200, 200, 429]);
  expect((await ping(from('2001:db8:5:7::1'))).status).toBe(200);
  const address = someAddress();
  await times(3, () => ping(from(address)));
  expect((await ping(from(`::ffff:${address}`))).status).toBe(429);
});

test('guessing at tokens counts for the address, over HTTP and WebSocket', async () => {
  const headers = { ...from(someAddress()), ...bearer('nonsense') };
  expect(statuses(await times(4, () => ping(headers)))).toEqual([401, 401, 401, 429]);
  // Sockets of this test come from one address: the proxy's.
  const before = remaining(await ping({}));
  expect((await closeOf(socketUrl(graph.gateway), [{ type: 'connection_init', payload: { authorization: 'Bearer nonsense' } }])).code).toBe(4403);
  expect(remaining(await ping({}))).toBe(Math.max(0, before - 2));
});

test('made-up API tokens are counted per address before anybody is asked about them; tokens that have worked, and other addresses, go on', async () => {
  const headers = from(someAddress());
  const made = () => `${apiTokenPrefix}${newId()}${newId()}`.replaceAll('-', '_');
  const owned = () => {
    const secret = made();
    graph.userLog.apiTokens.set(secret, { id: newId(), userId: newId(), role: 'MEMBER', scopes: ['READ'], expiresAt: null });
    return secret;
  };
  const [known, fresh] = [owned(), owned()];
  expect((await ping({ ...headers, ...bearer(known) })).status).toBe(200);
  const asked = () => graph.userLog.asked.filter((path) => path.startsWith('/internal/api-tokens/')).length;
  const before = asked();
  // Twenty at a time: no more are looked up than the address may be wrong.
  const answers = await Promise.all(Array.from({ length: 20 }, () => ping({ ...headers, ...bearer(made()) })));
  expect(statuses(answers).toSorted((a, b) => a - b)).toEqual([401, 401, 401, ...Array.from({ length: 17 }, () => 429)]);
  expect(asked()).toBe(before + 3);
  const refused = await ping({ ...headers, ...bearer(fresh) });
  expect([refused.status, refused.body.errors[0].extensions.code, refused.headers.get('ratelimit-policy')]).toEqual([429, 'RATE_LIMITED', '"guesses";q=3;w=60']);
  expect((await ping({ ...headers, ...bearer(known) })).status).toBe(200);
  expect((await ping({ ...from(someAddress()), ...bearer(fresh) })).status).toBe(200);
});

test('fields of documents that are new here are counted per person; what is known already goes on, and so do others', async () => {
  const [headers, others] = [bearer(await person()), bearer(await person())];
  // 300 fields, of 1,000 that may be planned.
  const document = (name: string) => `query ${name} { ${Array.from({ length: 50 }, (_, index) => `a${index}: tasks { id title creator { id name } }`).join(' ')} }`;
  const send = (name: string, as: Record<string, string>) => ask(graph.gateway, document(name), { headers: as });
  const answers = [await send('One', headers), await send('Two', headers), await send('Three', headers), await send('Four', headers)];
  expect(statuses(answers)).toEqual([200, 200, 200, 429]);
  expect(answers.at(-1)?.headers.get('ratelimit')).toMatch(/"planning";r=100;t=\d+/);
  expect(answers.at(-1)?.body.errors[0].extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
  expect((await send('One', headers)).status).toBe(200);
  expect((await send('Four', others)).status).toBe(200);
});

test('preflights, probes, the public keys and the page for browsers are not counted', async () => {
  const headers = from(someAddress());
  const { url } = graph.gateway;
  const uncounted = async () => [
    await fetch(`${url}/graphql`, { method: 'OPTIONS', headers: { ...headers, origin: 'https://app.example.org', 'access-control-request-method': 'POST' } }),
    await fetch(`${url}/livez`, { headers }),
    await fetch(`${url}/readyz`, { headers }),
    await fetch(`${url}/.well-known/jwks.json`, { headers }),
    await fetch(`${url}/graphql`, { headers: { ...headers, accept: 'text/html' } }),
  ];
  for (const answers of await times(4, uncounted)) {
    expect(statuses(answers)).toEqual([204, 200, 200, 200, 200]);
    expect(answers.map((answer) => answer.headers.get('ratelimit'))).toEqual([null, null, null, null, null]);
  }
  expect(remaining(await ping(headers))).toBe(2);
});

test('files and links of mails are counted per address, before anything is asked of a subgraph', async () => {
  const headers = from(someAddress());
  const paths = ['/uploads/x', '/exports/x', '/unsubscribe/x'];
  for (const path of paths) {
    const response = await fetch(`${graph.gateway.url}${path}`, { method: path.startsWith('/uploads') ? 'PUT' : 'GET', headers });
    expect(response.status).not.toBe(429);
    expect(response.headers.get('ratelimit-policy')).toBe('"address";q=3;w=60');
  }
  const { length } = graph.task.calls;
  const refused = await fetch(`${graph.gateway.url}/exports/x`, { headers });
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } }] });
  expect(graph.task.calls).toHaveLength(length);
});

test('an operation over a WebSocket counts once and opening the socket does not; beyond the limit it is refused and the socket stays', async () => {
  const token = await person();
  // One socket for all: it stays open between operations.
  const client = createClient({ url: socketUrl(graph.gateway), webSocketImpl: WebSocket, retryAttempts: 0, lazyCloseTimeout: 60_000, connectionParams: bearer(token) });
  await times(3, () => follow(client, { query: '{ __typename }' }).atLeast(1));
  expect(remaining(await ping(bearer(token)))).toBe(1);
  await follow(client, { query: '{ __typename }' }).atLeast(1);
  const refused = follow(client, { query: '{ __typename }' });
  const [error] = await eventually(() => refused.error ?? null);
  expect(error.extensions).toEqual({ code: 'RATE_LIMITED', retryAfter: expect.any(Number), requestId: expect.any(String) });
  expect((await ping(bearer(token))).status).toBe(429);
  await client.dispose();
});

test('an event stream counts once', async () => {
  const token = await person();
  const response = await fetch(`${graph.gateway.url}/graphql`, {
    method: 'POST',
    headers: { ...bearer(token), 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(await response.text()).toContain('event: complete');
  expect(response.headers.get('ratelimit')).toMatch(/^"user";r=4;/);
  expect(remaining(await ping(bearer(token)))).toBe(3);
});

test('an API token has an allowance of its own: a program that runs wild leaves its owner theirs', async () => {
  const userId = newId();
  const secret = `${apiTokenPrefix}${newId()}${newId()}`.replaceAll('-', '_');
  graph.userLog.apiTokens.set(secret, { id: newId(), userId, role: 'MEMBER', scopes: ['READ'], expiresAt: null });
  const answers = await times(6, () => ping(bearer(secret)));
  expect(statuses(answers)).toEqual([200, 200, 200, 200, 200, 429]);
  expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"token";q=5;w=60');
  expect((await ping(bearer(await person(userId)))).status).toBe(200);
});

test('without trusted proxies x-forwarded-for is no address; and 0 turns a limit off', async () => {
  const direct = await startGraph({ config: { rateLimits: { anonymousPerMinute: 3, perMinute: 0, costPerMinute: 0 } } });
  const answers = await times(4, () => ping(from(someAddress()), direct.gateway));
  expect(statuses(answers)).toEqual([200, 200, 200, 429]);
  const headers = bearer(await direct.token());
  const free = await times(8, () => ping(headers, direct.gateway));
  expect(new Set(statuses(free))).toEqual(new Set([200]));
  expect(free[0]?.headers.get('ratelimit')).toBeNull();
  await direct.stop();
});

describe.skipIf(!redisAvailable())('with Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => void (redis = await startRedis()));
  afterAll(() => redis.stop());

  test('all gateways count together; while Redis is away each goes on and counts for itself; then together again', async () => {
    const rateLimits = { anonymousPerMinute: 0, perMinute: 6, costPerMinute: 0 };
    const graphs = await Promise.all([startGraph({ config: { rateLimits, redisUrl: redis.url } }), startGraph({ config: { rateLimits, redisUrl: redis.url } })]);
    const both = graphs.map(({ gateway, key }) => async (id: string) => ping(bearer(await accessToken(key, { claims: { sub: id } })), gateway));
    const [one, two] = both as [(id: string) => Promise<Answer>, (id: string) => Promise<Answer>];
    /** Somebody new: whether the second gateway knows of what the first one counted. */
    const together = async () => {
      const id = newId();
      await one(id);
      return remaining(await two(id)) === 4;
    };
    await eventually(together);

    const id = newId();
    await redis.kill();
    expect(statuses(await times(6, () => one(id)))).toEqual([200, 200, 200, 200, 200, 200]);
    expect((await one(id)).status).toBe(429);
    expect(remaining(await two(id))).toBe(5);

    await redis.restart();
    await eventually(together);
    await Promise.all(graphs.map((each) => each.stop()));
  });
});
