// Browser mode: the refresh token lives in a cookie only.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cookieSettings } from '../src/refresh-cookie.js';
import { startUser, type Harness } from './harness.js';
import { passwordOf, register } from './people.js';

let user: Harness;
beforeAll(async () => {
  user = await startUser();
  await register(user, 'ann');
});
afterAll(() => user.stop());

/** A mutation as the gateway sends it for a browser, with the answer's cookies. */
async function browse(query: string, { cookie, token, cookies = true }: { cookie?: string | undefined; token?: string; cookies?: boolean } = {}) {
  const identity = token ?? (await user.identities.signer('gateway').tokenFor('user'));
  const response = await fetch(`${user.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${identity}`,
      ...(cookies ? { 'x-client-cookies': '1' } : {}),
      ...(cookie ? { cookie: `other=1; taskgraph_refresh=${cookie}` } : {}),
    },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data: any; errors?: { extensions: { code: string; fields?: unknown } }[] };
  const set = response.headers.getSetCookie();
  return { data, code: errors?.[0]?.extensions.code, fields: errors?.[0]?.extensions.fields, set, value: /^taskgraph_refresh=([\w-]*)/.exec(set[0] ?? '')?.[1] };
}

const login = (session = 'COOKIE') => `mutation { login(input: { login: "ann", password: "${passwordOf('ann')}", session: ${session} }) { accessToken refreshToken user { id } } }`;
const refresh = 'mutation { refreshSession(input: {}) { accessToken refreshToken } }';

describe('a session in COOKIE mode', () => {
  test('hands the refresh token over in an httpOnly, SameSite=Strict cookie for the API only, and not in the body', async () => {
    const answer = await browse(login());
    expect(answer.data.login.refreshToken).toBeNull();
    expect(answer.set).toEqual([expect.stringMatching(/^taskgraph_refresh=[\w-]{43}; Path=\/graphql; Max-Age=2592000; HttpOnly; SameSite=Strict$/)]);
  });

  test('refreshes by the cookie, whose successor comes as a cookie again; a spent one within 10 s gives the same', async () => {
    const first = (await browse(login())).value;
    const second = await browse(refresh, { cookie: first });
    expect(second.data.refreshSession).toEqual({ accessToken: expect.any(String), refreshToken: null });
    expect(second.value).toMatch(/^[\w-]{43}$/);
    expect((await browse(refresh, { cookie: first })).value).toBe(second.value);
    expect((await browse(refresh, { cookie: second.value })).data.refreshSession).not.toBeNull();
  });

  test('what lives in a cookie is no good in the body, nor the other way round', async () => {
    const cookie = (await browse(login())).value;
    const stolen = await browse(`mutation { refreshSession(input: { refreshToken: "${cookie}" }) { refreshToken } }`);
    expect(stolen.code).toBe('UNAUTHENTICATED');
    const program = (await browse(login('TOKEN'))).data.login.refreshToken as string;
    expect((await browse(refresh, { cookie: program })).code).toBe('UNAUTHENTICATED');
    expect((await browse(refresh, { cookie })).code).toBeUndefined();
  });

  test('a refused refresh and a logout take the cookie away', async () => {
    const gone = /^taskgraph_refresh=; Path=\/graphql; Max-Age=0; HttpOnly; SameSite=Strict$/;
    expect((await browse(refresh, { cookie: 'made-up' })).set).toEqual([expect.stringMatching(gone)]);
    const signedIn = await browse(login());
    const claims = JSON.parse(Buffer.from(signedIn.data.login.accessToken.split('.')[1], 'base64url').toString()) as { sid: string };
    const token = await user.identities.signer('gateway').tokenFor('user', { id: signedIn.data.login.user.id, role: 'ADMIN', sessionId: claims.sid });
    expect((await browse('mutation { logout { ok } }', { cookie: signedIn.value, token })).set).toEqual([expect.stringMatching(gone)]);
    expect((await browse(refresh, { cookie: signedIn.value })).code).toBe('UNAUTHENTICATED');
  });

  test('register takes the mode as well, and a changed password keeps it', async () => {
    const made = await browse('mutation { register(input: { handle: "bob", email: "bob@example.org", password: "password of bob", session: COOKIE }) { accessToken refreshToken user { id } } }');
    expect(made.data.register.refreshToken).toBeNull();
    const claims = JSON.parse(Buffer.from(made.data.register.accessToken.split('.')[1], 'base64url').toString()) as { sid: string };
    const token = await user.identities.signer('gateway').tokenFor('user', { id: made.data.register.user.id, role: 'MEMBER', sessionId: claims.sid });
    const changed = await browse('mutation { changePassword(input: { currentPassword: "password of bob", newPassword: "a better password" }) { refreshToken } }', { cookie: made.value, token });
    expect(changed.data.changePassword).toEqual({ refreshToken: null });
    expect((await browse(refresh, { cookie: changed.value })).data.refreshSession.refreshToken).toBeNull();
  });

  test('where the answer can carry no cookie it is BAD_USER_INPUT, and a cookie counts for nothing', async () => {
    const answer = await browse(login(), { cookies: false });
    expect(answer).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.session' }], set: [] });
    const cookie = (await browse(login())).value;
    expect((await browse(refresh, { cookie, cookies: false })).code).toBe('UNAUTHENTICATED');
  });
});

test('the cookie is Secure everywhere but in development on this very machine', () => {
  expect(cookieSettings('http://localhost:4000', false)).toEqual({ secure: false, path: '/graphql' });
  expect(cookieSettings('http://127.0.0.1:4000', false).secure).toBe(false);
  expect(cookieSettings('http://localhost:4000', true).secure).toBe(true);
  expect(cookieSettings('http://tasks.example.org', false).secure).toBe(true);
  expect(cookieSettings('https://tasks.example.org/work/', true)).toEqual({ secure: true, path: '/work/graphql' });
});
