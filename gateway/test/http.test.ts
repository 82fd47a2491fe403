import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, startGraph, type TestGraph } from './support/graph.js';

let graph: TestGraph;
let production: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
  production = await startGraph({ config: { production: true, sandbox: false, introspection: false } });
});
afterAll(async () => {
  await graph.stop();
  await production.stop();
});

const studio = 'https://studio.apollographql.com';

test.each([
  ['Apollo Studio', () => studio],
  ['the public address', () => 'https://tasks.example.org'],
  ['a configured page', () => 'https://app.example.org'],
  ['localhost on its port', () => `http://localhost:${new URL(graph.gateway.url).port}`],
  ['127.0.0.1 on its port', () => graph.gateway.url],
])('CORS admits %s', async (_title, origin) => {
  const preflight = await fetch(`${graph.gateway.url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin: origin(), 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type,idempotency-key' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin());
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  const { headers } = await ask(graph.gateway, '{ __typename }', { headers: { origin: origin() } });
  expect(headers.get('access-control-allow-origin')).toBe(origin());
  expect(headers.get('vary')).toContain('Origin');
});

test.each(['https://evil.example', 'http://localhost:1', 'null'])('CORS does not admit %s', async (origin) => {
  const { headers } = await ask(graph.gateway, '{ __typename }', { headers: { origin } });
  expect(headers.get('access-control-allow-origin')).toBeNull();
});

const page = (url: string) => fetch(`${url}/graphql`, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });

test('a browser gets the Sandbox, whose policy admits its script, its frame, and connections to the gateway', async () => {
  const response = await page(graph.gateway.url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/html');
  const html = await response.text();
  const policy = Object.fromEntries((response.headers.get('content-security-policy') ?? '').split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1)]));
  const scripts = [...html.matchAll(/<script src="([^"]+)"/g)].map(([, source]) => new URL(source as string).origin);
  expect(scripts).toEqual(['https://embeddable-sandbox.cdn.apollographql.com']);
  expect(policy['script-src']).toEqual(expect.arrayContaining(scripts));
  expect(policy['frame-src']).toEqual(['https://sandbox.embed.apollographql.com']);
  expect(policy['connect-src']).toEqual(["'self'", 'ws:', 'wss:']);
  const hash = (text: string | undefined) => `'sha256-${createHash('sha256').update(text ?? '').digest('base64')}'`;
  expect(policy['script-src']).toContain(hash(/<script>(.*?)<\/script>/s.exec(html)?.[1]));
  expect(policy['style-src']).toContain(hash(/<style>(.*?)<\/style>/s.exec(html)?.[1]));
  expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN');
});

test('the Sandbox starts with a sample document, editable headers and subscriptions at the same address', async () => {
  const html = await (await page(graph.gateway.url)).text();
  const script = /<script>(.*?)<\/script>/s.exec(html)?.[1] ?? '';
  let given: any;
  let removed = false;
  const EmbeddedSandbox = function (this: unknown, options: object) {
    given = options;
  };
  const window = { EmbeddedSandbox, location: { origin: 'http://localhost:4000', pathname: '/graphql' } };
  const document = { getElementById: () => ({ remove: () => (removed = true) }) };
  new Function('window', 'document', script)(window, document);
  expect(removed).toBe(true);
  expect(given).toMatchObject({ initialEndpoint: 'http://localhost:4000/graphql', initialSubscriptionEndpoint: 'ws://localhost:4000/graphql', runTelemetry: false });
  expect(given.initialState.document).toContain('subscription');
  expect(given.initialState.headers).toEqual({ Authorization: 'Bearer ' });
  // Offline the script of the CDN is missing, and the explanation stays.
  removed = false;
  new Function('window', 'document', script)({ ...window, EmbeddedSandbox: undefined }, document);
  expect(removed).toBe(false);
  expect(html).toContain('comes from the internet');
});

test('the empty Authorization header with which the Sandbox starts counts as none', async () => {
  for (const authorization of ['Bearer ', 'Bearer']) {
    expect(await ask(graph.gateway, '{ me { id } }', { headers: { authorization } })).toMatchObject({ status: 200 });
  }
});

test('everything else is served under a policy that allows nothing', async () => {
  const { headers } = await ask(graph.gateway, '{ __typename }');
  expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('in production there is no page and no introspection', async () => {
  const response = await page(production.gateway.url);
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toContain('json');
  const { errors } = await ask(production.gateway, '{ __schema { types { name } } }');
  expect(errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  expect((await ask(graph.gateway, '{ __schema { queryType { name } } }')).data).toEqual({ __schema: { queryType: { name: 'Query' } } });
});

test('simple requests of foreign pages are blocked', async () => {
  const get = await fetch(`${graph.gateway.url}/graphql?query=%7B__typename%7D`);
  expect(get.status).toBe(400);
  expect((await get.json() as any).errors[0].extensions).toEqual({ code: 'BAD_REQUEST', requestId: get.headers.get('x-request-id') });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const post = await fetch(`${graph.gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': type }, body: '{"query":"mutation { createTask(title: \\"x\\") { id } }"}' });
    expect(post.status).toBeGreaterThanOrEqual(400);
    expect((await post.json() as any).errors[0].extensions).toEqual({ code: 'BAD_REQUEST', requestId: post.headers.get('x-request-id') });
  }
  expect(graph.task.calls).toHaveLength(0);
});

test('a query by GET runs, a mutation by GET does not', async () => {
  const headers = { 'apollo-require-preflight': '1' };
  const query = await fetch(`${graph.gateway.url}/graphql?query=%7B__typename%7D`, { headers });
  expect(await query.json()).toMatchObject({ data: { __typename: 'Query' } });
  const mutation = await fetch(`${graph.gateway.url}/graphql?query=${encodeURIComponent('mutation { createTask(title: "x") { id } }')}`, { headers });
  expect(mutation.status).toBe(405);
});

test.each([
  ['a document with a syntax error', '{ tasks {', 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', '{ task }', 'GRAPHQL_VALIDATION_FAILED'],
  ['an enumeration value near another', '{ leveled(level: HIG) }', 'GRAPHQL_VALIDATION_FAILED'],
  ['two operations without a name', 'query A { __typename } query B { __typename }', 'OPERATION_RESOLUTION_FAILURE'],
])('%s is refused without a hint at the schema', async (_title, query, code) => {
  const { status, headers, errors } = await ask(graph.gateway, query);
  expect(status).toBe(400);
  expect(errors?.[0]?.extensions).toEqual({ code, requestId: headers.get('x-request-id') });
  expect(JSON.stringify(errors)).not.toMatch(/Did you mean/);
});

test.each([
  ['a wrong value', { level: 'HIG' }, { path: 'level', message: 'Value "HIG" does not exist in "Level" enum.' }],
  ['a missing value', {}, { path: 'level', message: 'of required type "Level!" was not provided.' }],
])('%s in variables is BAD_USER_INPUT with the field', async (_title, variables, problem) => {
  const { status, errors } = await ask(graph.gateway, 'query ($level: Level!) { leveled(level: $level) }', { variables });
  expect(status).toBe(400);
  expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: expect.any(String), fields: [problem] });
});

test('what a subgraph refuses keeps code and public details and nothing else', async () => {
  const { status, errors } = await ask(graph.gateway, '{ failing(code: "CONFLICT") }');
  expect(status).toBe(200);
  expect(errors).toEqual([
    {
      message: 'refused with CONFLICT',
      path: ['failing'],
      extensions: { code: 'CONFLICT', fields: [{ path: 'x', message: 'bad' }], current: { a: 1 }, retryAfter: 3, requestId: expect.any(String) },
    },
  ]);
});

test.each(['{ failing }', '{ failing(code: "SQL_ERROR") }'])('%s: what broke inside stays inside', async (query) => {
  const { body } = await ask(graph.gateway, query);
  expect(body).toEqual({
    extensions: { cost: { requested: 0, limit: 50_000 } },
    data: { failing: null },
    errors: [{ message: 'Something went wrong on our side.', path: ['failing'], extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) } }],
  });
});

test('a body that is no JSON, or too large, is refused as a GraphQL error', async () => {
  const send = (body: string) => fetch(`${graph.gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  for (const [body, status] of [['{', 400], [JSON.stringify({ query: 'x'.repeat(200_000) }), 413], ['{}', 400], ['[{"query":"{__typename}"}]', 400]] as const) {
    const response = await send(body);
    expect(response.status).toBe(status);
    expect((await response.json() as any).errors[0].extensions).toEqual({ code: 'BAD_REQUEST', requestId: response.headers.get('x-request-id') });
  }
});

test('RULES §3: an idempotency key may hold whatever ASCII can be seen, spaces within and the quotes of the IETF draft, in the header as in extensions', async () => {
  const query = 'mutation { createTask(title: "x") { id } }';
  for (const key of ['"8e03978e-40d5"', 'import 7, line 3', 'x'.repeat(255)]) {
    expect((await ask(graph.gateway, query, { headers: { 'idempotency-key': key } })).errors).toBeUndefined();
    expect(graph.task.calls.at(-1)?.headers['idempotency-key']).toBe(key);
    const response = await fetch(`${graph.gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, extensions: { idempotencyKey: key } }) });
    expect(response.status).toBe(200);
    expect(graph.task.calls.at(-1)?.headers['idempotency-key']).toBe(key);
  }
  for (const key of ['', ' x', 'x ', 'clé', 7]) {
    const response = await fetch(`${graph.gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, extensions: { idempotencyKey: key } }) });
    expect((await response.json() as any).errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'extensions.idempotencyKey' }] });
  }
});

test('an idempotency key that is too long or no header value is BAD_USER_INPUT', async () => {
  const { status, errors } = await ask(graph.gateway, '{ __typename }', { headers: { 'idempotency-key': 'x'.repeat(256) } });
  expect(status).toBe(400);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'Idempotency-Key' }] });
  const response = await fetch(`${graph.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'mutation { createTask(title: "x") { id } }', extensions: { idempotencyKey: 'a\r\nb: c' } }),
  });
  expect(response.status).toBe(400);
  expect((await response.json() as any).errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'extensions.idempotencyKey' }], requestId: expect.any(String) });
});

test('a null that nobody caused by an error comes without one, and without notes of the planner', async () => {
  const { body } = await ask(graph.gateway, '{ person(id: "nobody") { name } }');
  expect(body).toEqual({ data: { person: null }, extensions: { cost: { requested: 1, limit: 50_000 } } });
});

test('a query plan cannot be asked for', async () => {
  const { body } = await ask(graph.gateway, '{ tasks { title } }', { headers: { 'apollo-query-plan-experimental': '1' } });
  expect(Object.keys(body.extensions)).toEqual(['cost']);
});

test('readiness names subgraphs that are away without being unready', async () => {
  await ask(graph.gateway, '{ me { id } }', { headers: { authorization: `Bearer ${await graph.token()}` } });
  const response = await fetch(`${graph.gateway.url}/readyz`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ ready: true, missing: [], degraded: ['project', 'channel', 'stats'] });
});
