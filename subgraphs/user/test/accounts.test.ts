import { newId } from '@taskgraph/shared/ids';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onDatabase, startUser, type Harness } from './harness.js';

let user: Harness;
beforeAll(async () => void (user = await startUser()));
afterAll(() => user.stop());

const register = (input: object) =>
  user.query('mutation ($input: RegisterInput!) { register(input: $input) { accessToken refreshToken user { id handle name role timeZone version } } }', { input });
const login = (name: string, password: string) =>
  user.query('mutation ($input: LoginInput!) { login(input: $input) { accessToken user { handle } } }', { input: { login: name, password } });

describe('registration and login', () => {
  test('the first account is ADMIN and later ones are MEMBER', async () => {
    const first = await register({ handle: 'Ada', email: 'Ada@Example.org', password: 'correct horse' });
    expect(first.errors).toBeUndefined();
    expect(first.data.register.user).toMatchObject({ handle: 'ada', name: 'ada', role: 'ADMIN', timeZone: 'UTC', version: 1 });
    const second = await register({ handle: 'bob', email: 'bob@example.org', password: 'battery staple', name: 'Bob' });
    expect(second.data.register.user.role).toBe('MEMBER');
  });

  test('login works by handle and by e-mail in any case', async () => {
    expect((await login('ADA', 'correct horse')).data.login.user.handle).toBe('ada');
    expect((await login('ADA@example.ORG', 'correct horse')).data.login.user.handle).toBe('ada');
  });

  test('an unknown login and a wrong password get the same answer', async () => {
    const unknown = await login('nobody-here', 'correct horse');
    const wrong = await login('bob', 'wrong password');
    expect(unknown.errors?.[0]).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    expect(wrong.errors?.[0]?.message).toBe(unknown.errors?.[0]?.message);
    expect(wrong.data.login).toBeNull();
  });

  test('a taken handle or e-mail is CONFLICT naming the field', async () => {
    const answer = await register({ handle: 'ADA', email: 'other@example.org', password: 'correct horse' });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', fields: ['handle'] });
  });

  test('bad input is BAD_USER_INPUT naming the path, and writes nothing', async () => {
    for (const [input, path] of [
      [{ handle: 'x', email: 'x@example.org', password: 'long enough' }, 'input.handle'],
      [{ handle: 'xerxes', email: 'x@example.org', password: 'short' }, 'input.password'],
      [{ handle: 'xerxes', email: 'x@example.org', password: 'long enough', timeZone: 'Mars/Base' }, 'input.timeZone'],
      [{ handle: 'xerxes', email: 'x@example.org', password: 'long enough', name: 'a\u0000b' }, 'input.name'],
      [{ id: 'nope', handle: 'xerxes', email: 'x@example.org', password: 'long enough' }, 'input.id'],
    ] as const) {
      const answer = await register(input);
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    }
    expect((await login('xerxes', 'long enough')).errors).toBeDefined();
  });

  test('the same registration sent again is one account; with another password it is CONFLICT', async () => {
    const input = { id: newId(), handle: 'carol', email: 'carol@example.org', password: 'once and again' };
    const first = await register(input);
    const again = await register(input);
    expect(again.data.register.user.id).toBe(first.data.register.user.id);
    const other = await register({ ...input, password: 'somebody else' });
    expect(other.errors?.[0]?.extensions.code).toBe('CONFLICT');
  });

  test('the eleventh password check of an account in 15 minutes is RATE_LIMITED', async () => {
    await register({ handle: 'dave', email: 'dave@example.org', password: 'right password' });
    const aliases = Array.from({ length: 10 }, (_, index) => `a${index}: login(input: { login: "dave", password: "wrong-${index}" }) { accessToken }`);
    const guesses = await user.query(`mutation { ${aliases.join(' ')} }`);
    expect(guesses.errors?.map((error) => error.extensions.code)).toEqual(Array.from({ length: 10 }, () => 'UNAUTHENTICATED'));
    const right = await login('dave', 'right password');
    expect(right.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
  });
});

describe('what a stranger can find out and use up (RULES §8)', () => {
  const from = (ip: string, input: object) =>
    user.query('mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }', { input }, null, { 'x-client-ip': ip });

  test('registering tells what is taken twenty times to one address in 15 minutes, then nothing', async () => {
    const answers = [];
    for (let index = 0; index < 21; index += 1) answers.push(await from('192.0.2.1', { handle: 'ada', email: `probe${index}@example.org`, password: 'long enough' }));
    expect(answers.map((answer) => answer.errors?.[0]?.extensions.code)).toEqual([...Array.from({ length: 20 }, () => 'CONFLICT'), 'RATE_LIMITED']);
    const free = await from('192.0.2.1', { handle: 'unheard-of', email: 'unheard-of@example.org', password: 'long enough' });
    expect(free.errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
    expect((await from('192.0.2.2', { handle: 'unheard-of', email: 'unheard-of@example.org', password: 'long enough' })).errors).toBeUndefined();
  });

  test('an unknown login counts its password checks like a known one', async () => {
    for (let index = 0; index < 10; index += 1) expect((await login('no-such-person', 'x')).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect((await login('No-Such-Person', 'x')).errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
  });

  test('an unknown login takes the time of a password check too', async () => {
    const timed = async (name: string) => {
      const begin = performance.now();
      await login(name, 'wrong password');
      return performance.now() - begin;
    };
    const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] as number;
    await register({ handle: 'timed', email: 'timed@example.org', password: 'right password' });
    const known: number[] = [];
    const unknown: number[] = [];
    for (let index = 0; index < 7; index += 1) {
      known.push(await timed('timed'));
      unknown.push(await timed(`stranger-${index}`));
    }
    // Without the spent hash it would be a tenth; the machine may be busy.
    expect(median(unknown)).toBeGreaterThan(median(known) / 3);
  });

  test('a flood of logins starves nothing else: the process answers while it hashes', async () => {
    let answered = 0;
    const flood = Array.from({ length: 130 }, (_, index) => login(`flood-${index}`, 'x').finally(() => (answered += 1)));
    expect((await fetch(`${user.url}/livez`)).status).toBe(200);
    expect(answered).toBeLessThan(flood.length);
    const codes = (await Promise.all(flood)).map((answer) => answer.errors?.[0]?.extensions.code);
    expect(['UNAUTHENTICATED', 'OVERLOADED']).toEqual(expect.arrayContaining([...new Set(codes)]));
    expect(codes.filter((code) => code === 'UNAUTHENTICATED').length).toBeGreaterThanOrEqual(100);
  });
});

describe('tokens', () => {
  test('an access token verifies against the published JWKS and the keys survive a restart', async () => {
    const { data } = await login('bob', 'battery staple');
    const token = await user.identities.signer('gateway').tokenFor('user');
    const jwks = (await (await fetch(`${user.url}/internal/jwks`, { headers: { authorization: `Bearer ${token}` } })).json()) as JSONWebKeySet;
    const { payload } = await jwtVerify(data.login.accessToken, createLocalJWKSet(jwks), { issuer: 'taskgraph', audience: 'taskgraph', typ: 'at+jwt' });
    expect(payload).toMatchObject({ role: 'MEMBER', sid: expect.any(String) });
    expect(JSON.stringify(jwks)).not.toContain('"d"');
  });

  test('a refresh token gives one successor, again within 10 s, and used later it ends the whole session', async () => {
    const refresh = (refreshToken: string) =>
      user.query('mutation ($t: String) { refreshSession(input: { refreshToken: $t }) { refreshToken user { handle } } }', { t: refreshToken });
    const signedIn = await register({ handle: 'erin', email: 'erin@example.org', password: 'right password' });
    const first = signedIn.data.register.refreshToken as string;
    const answers = await Promise.all([refresh(first), refresh(first), refresh(first)]);
    const second = answers[0]?.data.refreshSession.refreshToken as string;
    expect(new Set(answers.map((answer) => answer.data.refreshSession.refreshToken))).toEqual(new Set([second]));
    const third = (await refresh(second)).data.refreshSession.refreshToken as string;

    // The clock is the database's column here: an hour passes since the tokens were spent.
    await onDatabase(user.database.admin, "update spent_refresh_tokens set spent_at = spent_at - interval '1 hour'");
    expect((await refresh(first)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect((await refresh(third)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  test('an unknown refresh token is UNAUTHENTICATED', async () => {
    const answer = await user.query('mutation { refreshSession(input: { refreshToken: "made-up" }) { accessToken } }');
    expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('who may ask', () => {
  test('without the internal identity every route but the probes is 401', async () => {
    for (const path of ['/graphql', '/internal/jwks', '/internal/events']) {
      const response = await fetch(`${user.url}${path}`, { method: path === '/graphql' ? 'POST' : 'GET' });
      expect(response.status).toBe(401);
    }
    expect((await fetch(`${user.url}/readyz`)).status).toBe(200);
  });

  test('an identity for another subgraph is refused', async () => {
    const token = await user.identities.signer('gateway').tokenFor('task');
    expect((await fetch(`${user.url}/internal/jwks`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  });

  test('e-mail addresses are shown to their owner and to ADMIN only, and nobody is shown to strangers', async () => {
    const viewer = (data: { register: { user: { id: string } } }, role: 'ADMIN' | 'MEMBER') => ({ id: data.register.user.id, role, sessionId: newId() });
    const frank = await register({ handle: 'frank', email: 'frank@example.org', password: 'right password' });
    const ask = 'query { user(handle: "frank") { handle email emailVerified } }';
    expect((await user.query(ask, {}, viewer(frank.data, 'MEMBER'))).data.user).toEqual({ handle: 'frank', email: 'frank@example.org', emailVerified: false });
    const grace = await register({ handle: 'grace', email: 'grace@example.org', password: 'right password' });
    expect((await user.query(ask, {}, viewer(grace.data, 'MEMBER'))).data.user).toEqual({ handle: 'frank', email: null, emailVerified: null });
    expect((await user.query(ask, {}, viewer(grace.data, 'ADMIN'))).data.user.email).toBe('frank@example.org');
    expect((await user.query(ask)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const byId = 'query ($id: ID) { user(id: $id) { handle } }';
    for (const id of [frank.data.register.user.id, frank.data.register.user.id.toUpperCase()]) {
      expect((await user.query(byId, { id }, viewer(grace.data, 'MEMBER'))).data.user).toEqual({ handle: 'frank' });
    }
  });

  test('the event log tells other subgraphs of each registration, once and in order', async () => {
    const token = await user.identities.signer('channel').tokenFor('user');
    const answer = await fetch(`${user.url}/internal/events?limit=1000`, { headers: { authorization: `Bearer ${token}` } });
    const { events, more } = (await answer.json()) as { events: { type: string; payload: { handle: string } }[]; more: boolean };
    const handles = events.map((event) => event.payload.handle);
    expect(handles.slice(0, 3)).toEqual(['ada', 'bob', 'carol']);
    expect(new Set(handles).size).toBe(handles.length);
    expect(more).toBe(false);
    expect(JSON.stringify(events)).not.toMatch(/argon2|password/);
  });
});
