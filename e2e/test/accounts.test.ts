// Accounts through the gateway, against the processes that `npm start` starts: sessions, revocation on HTTP and sockets, mails,
// roles, API tokens, browser cookies (RULES §1, §8).
import { request as send } from 'node:http';
import { once } from 'node:events';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { person, query, register, type Answer, type Person } from './client.js';
import { mailedToken as mailedTokenIn } from './mails.js';
import { makeDataDir, removeDataDir, startSystem, type System } from './system.js';

let dataDir: string;
let system: System;
let ada: Person;
let bob: Person;
beforeAll(async () => {
  dataDir = await makeDataDir();
  system = await startSystem(dataDir);
  ada = await register(system.url, 'ada', 'Ada');
  bob = await register(system.url, 'bob', 'Bob');
});
afterAll(async () => {
  await system?.stop();
  await removeDataDir(dataDir);
});

const code = (answer: Answer) => answer.errors?.[0]?.extensions['code'];
const ask = (document: string, variables: object = {}, token?: string) => query(system.url, document, variables, token);

interface Session extends Person {
  refreshToken: string;
}
async function login(handle: string, password = `password of ${handle}`): Promise<Session> {
  const { data, errors } = await ask('mutation ($l: String!, $p: String!) { login(input: { login: $l, password: $p }) { accessToken refreshToken user { id handle } } }', { l: handle, p: password });
  expect(errors).toBeUndefined();
  return { ...person(system.url, data.login), refreshToken: data.login.refreshToken };
}
const refresh = (t: string) => ask('mutation ($t: String) { refreshSession(input: { refreshToken: $t }) { accessToken refreshToken } }', { t });

/** Waits until the bearer is refused at the door. */
const refused = (token: string) => eventually(async () => code(await ask('{ me { id } }', {}, token)) === 'UNAUTHENTICATED');

/** A signed-in socket; `closed` resolves with its close code. */
async function socketOf(token: string): Promise<{ closed: Promise<number> }> {
  const socket = new WebSocket(`${system.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })));
    socket.on('message', () => resolve());
    socket.on('error', reject);
  });
  return { closed };
}

const mailedToken = (email: string, subject: string) => mailedTokenIn(dataDir, email, subject);

describe('sessions', () => {
  test('the list shows where each comes from; revokeSession ends one on HTTP and on its sockets within 5 s', async () => {
    const [phone, laptop] = [await login('bob'), await login('bob')];
    const { sessions } = await phone.ok('{ sessions { id ip userAgent current lastSeenAt } }');
    expect(sessions.length).toBeGreaterThanOrEqual(3);
    expect(sessions.filter((session: { current: boolean }) => session.current)).toHaveLength(1);
    expect(sessions[0]).toMatchObject({ ip: '127.0.0.1', userAgent: 'node' });
    const other = (await laptop.ok('{ sessions { id current } }')).sessions.find((session: { current: boolean }) => session.current).id;
    const socket = await socketOf(laptop.accessToken);
    await phone.ok('mutation ($id: ID!) { revokeSession(input: { id: $id }) { id } }', { id: other });
    expect(await socket.closed).toBe(4403);
    await refused(laptop.accessToken);
    expect(code(await refresh(laptop.refreshToken))).toBe('UNAUTHENTICATED');
    expect((await phone.ok('{ me { handle } }')).me.handle).toBe('bob');
    expect(code(await ada.query('mutation ($id: ID!) { revokeSession(input: { id: $id }) { id } }', { id: other }))).toBe('NOT_FOUND');
  });

  test('logout here and everywhere', async () => {
    const [one, two] = [await login('bob'), await login('bob')];
    await one.ok('mutation { logout { ok } }');
    await refused(one.accessToken);
    await two.ok('mutation { logout(input: { everywhere: true }) { ok } }');
    await refused(two.accessToken);
    await refused(bob.accessToken);
    bob = await login('bob');
  });

  test('a revoked session stays dead when the gateway is started anew', async () => {
    const gone = await login('bob');
    await gone.ok('mutation { logout { ok } }');
    await refused(gone.accessToken);
    const gateway = (await system.processes()).find((entry) => entry.name === 'gateway');
    process.kill(gateway?.pid ?? 0, 'SIGKILL');
    await eventually(async () => (await fetch(`${system.url}/readyz`)).status === 200);
    for (let tries = 0; tries < 5; tries += 1) expect(code(await ask('{ me { id } }', {}, gone.accessToken))).toBe('UNAUTHENTICATED');
    expect((await bob.ok('{ me { handle } }')).me.handle).toBe('bob');
  });
});

describe('addresses and passwords', () => {
  test('an address is verified, then changed, by mailed tokens', async () => {
    await bob.ok('mutation { requestEmailVerification { ok } }');
    const verify = 'mutation ($token: String!) { verifyEmail(input: { token: $token }) { user { handle } } }';
    const first = await mailedToken('bob@example.org', 'Confirm your e-mail address');
    expect((await ask(verify, { token: first })).data.verifyEmail.user.handle).toBe('bob');
    expect(code(await ask(verify, { token: first }))).toBe('BAD_USER_INPUT');
    await bob.ok('mutation { changeEmail(input: { email: "robert@example.org", password: "password of bob" }) { user { email } } }');
    expect((await bob.ok('{ me { email } }')).me.email).toBe('bob@example.org');
    await ask(verify, { token: await mailedToken('robert@example.org', 'Confirm your e-mail address') });
    expect((await bob.ok('{ me { email emailVerified } }')).me).toEqual({ email: 'robert@example.org', emailVerified: true });
    expect(code(await bob.query('mutation { changeEmail(input: { email: "x@example.org", password: "wrong" }) { user { id } } }'))).toBe('UNAUTHENTICATED');
  });

  test('a password is reset by a mailed token: every session ends, known and unknown addresses are answered alike', async () => {
    await register(system.url, 'cyd', 'Cyd');
    const old = await login('cyd');
    const request = 'mutation ($email: EmailAddress!) { requestPasswordReset(input: { email: $email }) { ok } }';
    expect(await ask(request, { email: 'nobody@example.org' })).toEqual(await ask(request, { email: 'cyd@example.org' }));
    const token = await mailedToken('cyd@example.org', 'Reset your password');
    const { data } = await ask('mutation ($token: String!) { resetPassword(input: { token: $token, newPassword: "a better password" }) { accessToken user { id handle } } }', { token });
    expect(data.resetPassword.user.handle).toBe('cyd');
    await refused(old.accessToken);
    expect((await person(system.url, data.resetPassword).ok('{ me { handle } }')).me.handle).toBe('cyd');
    await login('cyd', 'a better password');
  });

  test('a changed password ends the other sessions, not this one', async () => {
    await register(system.url, 'dot', 'Dot');
    const [here, there] = [await login('dot'), await login('dot')];
    const { changePassword } = await here.ok('mutation { changePassword(input: { currentPassword: "password of dot", newPassword: "a better password" }) { refreshToken } }');
    await refused(there.accessToken);
    expect((await here.ok('{ me { handle } }')).me.handle).toBe('dot');
    expect((await refresh(changePassword.refreshToken)).errors).toBeUndefined();
  });
});

describe('profile, roles, deactivation', () => {
  test('updateProfile succeeds, refuses and conflicts', async () => {
    const update = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { name version } } }';
    const { version } = (await ada.ok(update, { input: { name: 'Ada L.' } })).updateProfile.user;
    expect((await ada.query(update, { input: { name: null } })).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.name' }] });
    const clash = await ada.query(update, { input: { name: 'A.', expectedVersion: version - 1 } });
    expect(clash.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', fields: ['name'], current: { name: 'Ada L.' } });
    expect(code(await ask(update, { input: {} }))).toBe('UNAUTHENTICATED');
  });

  test('setUserRole: for ADMIN only, the last one stays, and what was lost is lost within 5 s', async () => {
    const setRole = 'mutation ($id: ID!, $role: UserRole!) { setUserRole(input: { userId: $id, role: $role }) { user { role } } }';
    expect(code(await bob.query(setRole, { id: bob.id, role: 'ADMIN' }))).toBe('FORBIDDEN');
    expect(code(await ada.query(setRole, { id: ada.id, role: 'MEMBER' }))).toBe('CONFLICT');
    await ada.ok(setRole, { id: bob.id, role: 'ADMIN' });
    const seesMail = async (who: Person) => (await who.ok('{ user(handle: "ada") { email } }')).user.email !== null;
    await eventually(() => seesMail(bob));
    await ada.ok(setRole, { id: bob.id, role: 'MEMBER' });
    await eventually(async () => !(await seesMail(bob)));
  });

  test('deactivateUser ends everything within 5 s; reactivateUser lets the person sign in again', async () => {
    const eve = await register(system.url, 'eve', 'Eve');
    const socket = await socketOf(eve.accessToken);
    const deactivate = 'mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { user { active } } }';
    expect(code(await bob.query(deactivate, { id: eve.id }))).toBe('FORBIDDEN');
    await ada.ok(deactivate, { id: eve.id });
    expect(await socket.closed).toBe(4403);
    await refused(eve.accessToken);
    expect(code(await ask('mutation { login(input: { login: "eve", password: "password of eve" }) { accessToken } }'))).toBe('UNAUTHENTICATED');
    await ada.ok('mutation ($id: ID!) { reactivateUser(input: { userId: $id }) { user { active } } }', { id: eve.id });
    await login('eve');
    await refused(eve.accessToken);
  });
});

describe('API tokens', () => {
  const create = 'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { secret token { id scopes } } }';
  const make = async (who: Person, scopes: string[]) => (await who.ok(create, { input: { name: 'e2e', scopes } })).createApiToken;

  test('read and write in every subgraph as far as their scopes go, and never an account', async () => {
    const reader = (await make(ada, ['READ'])).secret;
    const writer = (await make(ada, ['READ', 'WRITE'])).secret;
    const createProject = 'mutation ($key: String!) { createProject(input: { key: $key, name: "By a token" }) { project { key createdBy { handle } } } }';
    expect(code(await ask(createProject, { key: 'NOPE' }, reader))).toBe('FORBIDDEN');
    expect((await ask(createProject, { key: 'TOK' }, writer)).data.createProject.project).toEqual({ key: 'TOK', createdBy: { handle: 'ada' } });
    expect((await ask('{ me { handle } projects { nodes { key } } }', {}, reader)).data).toEqual({ me: { handle: 'ada' }, projects: { nodes: [{ key: 'TOK' }] } });
    for (const mutation of ['mutation { logout { ok } }', 'mutation { createApiToken(input: { name: "x", scopes: [READ] }) { secret } }', `mutation { setUserRole(input: { userId: "${bob.id}", role: ADMIN }) { user { id } } }`]) {
      expect(code(await ask(mutation, {}, writer))).toBe('FORBIDDEN');
    }
    // An ADMIN's token without the scope ADMIN is a MEMBER's.
    expect((await ask('{ user(handle: "bob") { email } }', {}, writer)).data.user.email).toBeNull();
    expect(code(await bob.query(create, { input: { name: 'x', scopes: ['ADMIN'] } }))).toBe('FORBIDDEN');
  });

  test('are dead within 5 s of their revocation', async () => {
    const { secret, token } = await make(bob, ['READ']);
    expect((await ask('{ me { handle } }', {}, secret)).data.me.handle).toBe('bob');
    expect((await bob.ok('{ apiTokens { id lastUsedAt } }')).apiTokens.find((entry: { id: string }) => entry.id === token.id).lastUsedAt).not.toBeNull();
    expect(code(await ada.query('mutation ($id: ID!) { revokeApiToken(input: { id: $id }) { id } }', { id: token.id }))).toBe('NOT_FOUND');
    await bob.ok('mutation ($id: ID!) { revokeApiToken(input: { id: $id }) { id } }', { id: token.id });
    await refused(secret);
  });
});

describe('browsers', () => {
  async function browse(document: string, headers: Record<string, string> = {}): Promise<{ status: number; body: Answer; cookies: string[] }> {
    const request = send(`${system.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } });
    request.end(JSON.stringify({ query: document }));
    const [response] = await once(request, 'response');
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return { status: response.statusCode, body: JSON.parse(text) as Answer, cookies: response.headers['set-cookie'] ?? [] };
  }
  const cookieOf = ({ cookies }: { cookies: string[] }) => cookies[0]?.split(';')[0] ?? '';

  test('keep the refresh token in an httpOnly SameSite=Strict cookie only, refresh by it and sign out', async () => {
    const signedIn = await browse('mutation { login(input: { login: "ada", password: "password of ada", session: COOKIE }) { accessToken refreshToken } }');
    expect(signedIn.body.data.login.refreshToken).toBeNull();
    expect(signedIn.cookies).toEqual([expect.stringMatching(/^taskgraph_refresh=[\w-]+; Path=\/graphql; Max-Age=\d+; HttpOnly; SameSite=Strict$/)]);
    const refreshed = await browse('mutation { refreshSession(input: {}) { accessToken refreshToken } }', { cookie: cookieOf(signedIn) });
    expect(refreshed.body.data.refreshSession).toEqual({ accessToken: expect.any(String), refreshToken: null });
    const authorization = `Bearer ${refreshed.body.data.refreshSession.accessToken}`;
    const out = await browse('mutation { logout { ok } }', { cookie: cookieOf(refreshed), authorization });
    expect(out.cookies[0]).toContain('Max-Age=0');
    expect(code((await browse('mutation { refreshSession(input: {}) { accessToken } }', { cookie: cookieOf(refreshed) })).body)).toBe('UNAUTHENTICATED');
  });

  test('of foreign pages get nothing for the cookie, and forms cannot use it', async () => {
    const cookie = cookieOf(await browse('mutation { login(input: { login: "ada", password: "password of ada", session: COOKIE }) { accessToken } }'));
    const foreign = await browse('mutation { refreshSession(input: {}) { accessToken } }', { cookie, origin: 'https://evil.example' });
    expect(code(foreign.body)).toBe('UNAUTHENTICATED');
    const form = await browse('mutation { refreshSession(input: {}) { accessToken } }', { cookie, 'content-type': 'text/plain' });
    expect(form.status).toBe(400);
    expect((await browse('mutation { refreshSession(input: {}) { accessToken } }', { cookie })).body.errors).toBeUndefined();
  });
});

describe('a subgraph called directly', () => {
  const owners = ['user', 'project', 'task', 'channel', 'stats'];
  const paths = [
    '/graphql', '/graphql?query=%7B__typename%7D', '/internal/events?after=&limit=1', '/internal/jwks', '/internal/wakeups', '/internal/users?ids=x', '/internal/memberships',
    '/internal/api-tokens/x', '/internal/scope-viewers', '/internal/code-lookups', '/internal/uploads/x', '/internal/exports/x', '/internal/unsubscribe/x', '/internal', '/', '/livez/x', '/nothing',
  ];
  const documents = ['{ _service { sdl } }', '{ _entities(representations: [{ __typename: "User", id: "x" }]) { __typename } }', '{ __schema { types { name } } }', 'mutation { logout(input: {}) { __typename } }'];

  test('answers 401 and nothing else, whatever is asked, in whatever way, and with whatever token but that of another service', async () => {
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const pretended = `${encoded({ alg: 'none', typ: 'internal+jwt', kid: 'gateway' })}.${encoded({ iss: 'gateway', aud: 'user', sub: ada.id, role: 'ADMIN', exp: 4_102_444_800 })}.`;
    // An ADMIN's own access token is for the edge alone.
    const tokens = [undefined, ada.accessToken, pretended, 'nonsense'];
    const processes = (await system.processes()).filter(({ name }) => owners.includes(name));
    expect(processes.map(({ name }) => name).toSorted()).toEqual(owners.toSorted());
    const passed: unknown[] = [];
    for (const { name, url } of processes) {
      for (const token of tokens) {
        const headers: Record<string, string> = { 'content-type': 'application/json', 'x-client-ip': '127.0.0.1', ...(token ? { authorization: `Bearer ${token}` } : {}) };
        const calls = [
          // Once in every way; with a token in the ways that could be mistaken for another service's.
          ...(token ? paths.slice(0, 4) : paths).flatMap((path) => (token ? ['GET', 'POST'] : ['GET', 'POST', 'OPTIONS', 'PUT']).map((method) => ({ path, method, body: undefined as string | undefined }))),
          ...documents.map((document) => ({ path: '/graphql', method: 'POST', body: JSON.stringify({ query: document }) })),
        ];
        for (const { path, method, body } of calls) {
          const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
          const text = await response.text();
          if (response.status !== 401 || /sdl|__typename|types/.test(text)) passed.push([name, method, path, body, response.status]);
        }
      }
    }
    expect(passed).toEqual([]);
  });
});
