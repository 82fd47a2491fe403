// Who calls from where, and the one cookie: known to the user subgraph only, and never believed from a client.
import { once } from 'node:events';
import { request as send } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask, startGraph, type TestGraph } from './support/graph.js';
import { connect, follow } from './support/socket.js';

const userSdl = `
  type User @key(fields: "id") { id: ID! name: String! }
  type Query { me: User person(id: ID!): User }
  type Mutation { login: String }
`;
let graph: TestGraph;
const resolvers = { Mutation: { login: () => 'signed in' }, Query: { me: () => null, person: () => null } };
beforeAll(async () => (graph = await startGraph({ user: { sdl: userSdl, resolvers } })));
afterAll(() => graph.stop());
beforeEach(() => {
  graph.user.calls.length = 0;
  graph.task.calls.length = 0;
  graph.user.setCookies = [];
});

const said = () => graph.user.calls.at(-1)?.headers ?? {};

/** fetch sets no cookie header; a browser does. */
async function post(query: string, headers: Record<string, string>): Promise<string[]> {
  const request = send(`${graph.gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } });
  request.end(JSON.stringify({ query }));
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'end');
  expect(response.statusCode).toBe(200);
  return response.headers['set-cookie'] ?? [];
}

describe('address and user agent', () => {
  test('are the connection\'s and the request\'s; what a client says of them in our headers goes nowhere', async () => {
    await ask(graph.gateway, 'mutation { login }', {
      headers: { 'user-agent': 'Program/2', 'x-client-ip': '6.6.6.6', 'x-client-user-agent': 'forged', 'x-client-cookies': '1', 'x-forwarded-for': '7.7.7.7' },
    });
    expect(said()).toMatchObject({ 'x-client-ip': '127.0.0.1', 'x-client-user-agent': 'Program/2' });
    expect(JSON.stringify(said())).not.toMatch(/6\.6\.6\.6|7\.7\.7\.7|forged/);
  });

  test('behind proxies the address is what the first of ours added, not what came before it', async () => {
    const proxied = await startGraph({ user: { sdl: userSdl, resolvers }, config: { trustedProxies: 2 } });
    try {
      for (const [forwarded, address] of [
        ['6.6.6.6, 203.0.113.7, 10.0.0.2', '203.0.113.7'],
        ['2001:db8::1, 10.0.0.2', '2001:db8::1'],
        ['10.0.0.2', '127.0.0.1'],
        ['no address, 10.0.0.2', '127.0.0.1'],
      ]) {
        await ask(proxied.gateway, 'mutation { login }', { headers: { 'x-forwarded-for': forwarded ?? '' } });
        expect(proxied.user.calls.at(-1)?.headers['x-client-ip']).toBe(address);
      }
    } finally {
      await proxied.stop();
    }
  });

  test('are told to no other subgraph', async () => {
    await post('{ tasks { title } }', { 'user-agent': 'Program/2', cookie: 'taskgraph_refresh=secret; other=1' });
    expect(graph.task.calls).toHaveLength(1);
    for (const name of ['x-client-ip', 'x-client-user-agent', 'x-client-cookies', 'cookie', 'user-agent']) expect(graph.task.calls[0]?.headers).not.toHaveProperty(name);
  });

  test('are cut to what a header may carry', async () => {
    await post('mutation { login }', { 'user-agent': `Prög\u00e4m ${'x'.repeat(1_000)}` });
    const agent = said()['x-client-user-agent'];
    expect(agent).toHaveLength(256);
    expect(agent).toMatch(/^[\x20-\x7e]+$/);
  });

  test('are told over a socket too, which carries no cookie', async () => {
    const client = connect(graph.gateway);
    await follow(client, { query: 'mutation { login }' }).atLeast(1);
    await client.dispose();
    expect(said()['x-client-ip']).toBe('127.0.0.1');
    expect(said()).not.toHaveProperty('x-client-cookies');
  });
});

describe('the cookie', () => {
  test('goes to the user subgraph with mutations, alone among the client\'s cookies', async () => {
    await post('mutation { login }', { cookie: 'a=1; taskgraph_refresh=t0k-en_; b=2' });
    expect(said()).toMatchObject({ cookie: 'taskgraph_refresh=t0k-en_', 'x-client-cookies': '1' });
    await post('{ me { id } }', { cookie: 'taskgraph_refresh=t0k-en_' });
    expect(said()).not.toHaveProperty('cookie');
  });

  test('comes back from the user subgraph, and no other cookie does', async () => {
    graph.user.setCookies = ['taskgraph_refresh=next; HttpOnly', 'tracker=1', 'xtaskgraph_refresh=2'];
    expect(await post('mutation { login }', {})).toEqual(['taskgraph_refresh=next; HttpOnly']);
    graph.task.setCookies = ['taskgraph_refresh=theirs'];
    expect(await post('mutation { createTask(title: "x") { title } }', {})).toEqual([]);
  });

  test('is not taken from pages that may not call, whatever their browser sends along', async () => {
    await post('mutation { login }', { origin: 'https://evil.example', cookie: 'taskgraph_refresh=abc' });
    expect(said()).not.toHaveProperty('cookie');
    expect(said()).not.toHaveProperty('x-client-cookies');
    await post('mutation { login }', { origin: 'https://app.example.org', cookie: 'taskgraph_refresh=abc' });
    expect(said()['cookie']).toBe('taskgraph_refresh=abc');
  });

  test('may be sent along by pages of admitted origins only', async () => {
    const allows = async (origin: string) => {
      const { headers } = await ask(graph.gateway, '{ __typename }', { headers: { origin } });
      return headers.get('access-control-allow-origin') === origin && headers.get('access-control-allow-credentials') === 'true';
    };
    expect(await allows('https://app.example.org')).toBe(true);
    expect(await allows('https://evil.example')).toBe(false);
  });

  test('cannot be used by requests that a page may make without asking (csrfPrevention)', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const response = await fetch(`${graph.gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify({ query: 'mutation { login }' }) });
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
    expect(graph.user.calls).toEqual([]);
  });

  test('with a value that is no token of ours is none', async () => {
    await post('mutation { login }', { cookie: 'taskgraph_refresh=a b"c' });
    expect(said()).not.toHaveProperty('cookie');
  });
});
