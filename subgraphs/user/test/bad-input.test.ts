// Whatever is sent is stored byte-equal or refused with a code of the contract; nothing breaks inside.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUser, type Harness } from './harness.js';
import { code, register, type Person } from './people.js';

let user: Harness;
let ann: Person;
beforeAll(async () => {
  user = await startUser({ NODE_ENV: 'production', BOOTSTRAP_TOKEN: 'b'.repeat(16), PUBLIC_URL: 'https://tasks.example.org' });
  ann = await register(user, 'ann');
});
afterAll(() => user.stop());

const naughty = ['\u0000', 'a\u0000b', '\ud800', 'x\udfff', '', ' ', '%', "'; drop table users; --", '<script>alert(1)</script>', '\u202eesrever', '🦊'.repeat(50), 'x'.repeat(100_000), '../../etc', '{{7*7}}'];
const expected = new Set([undefined, 'BAD_USER_INPUT', 'UNAUTHENTICATED', 'NOT_FOUND', 'RATE_LIMITED', 'CONFLICT', 'FORBIDDEN']);

const documents: [string, string][] = [
  ['login', 'mutation ($v: String!) { login(input: { login: $v, password: "some password" }) { accessToken } }'],
  ['login by e-mail', 'mutation ($v: String!) { login(input: { login: $v, password: $v }) { accessToken } }'],
  ['register handle', 'mutation ($v: String!) { register(input: { handle: $v, email: "n@example.org", password: "some password" }) { accessToken } }'],
  ['register name', 'mutation ($v: String!) { register(input: { handle: "ann", email: "n@example.org", password: "some password", name: $v }) { accessToken } }'],
  ['register password', 'mutation ($v: String!) { register(input: { handle: "ann", email: "n@example.org", password: $v }) { accessToken } }'],
  ['register id', 'mutation ($v: ID!) { register(input: { id: $v, handle: "ann", email: "n@example.org", password: "some password" }) { accessToken } }'],
  ['register time zone', 'mutation ($v: String!) { register(input: { handle: "ann", email: "n@example.org", password: "some password", timeZone: $v }) { accessToken } }'],
  ['register e-mail', 'mutation ($v: EmailAddress!) { register(input: { handle: "ann", email: $v, password: "some password" }) { accessToken } }'],
  ['refresh', 'mutation ($v: String!) { refreshSession(input: { refreshToken: $v }) { accessToken } }'],
  ['reset', 'mutation ($v: String!) { resetPassword(input: { token: $v, newPassword: "some password" }) { accessToken } }'],
  ['reset password', 'mutation ($v: String!) { resetPassword(input: { token: "x", newPassword: $v }) { accessToken } }'],
  ['request reset', 'mutation ($v: EmailAddress!) { requestPasswordReset(input: { email: $v }) { ok } }'],
  ['verify', 'mutation ($v: String!) { verifyEmail(input: { token: $v }) { user { id } } }'],
  ['change e-mail', 'mutation ($v: EmailAddress!) { changeEmail(input: { email: $v, password: "wrong" }) { user { id } } }'],
  ['change e-mail password', 'mutation ($v: String!) { changeEmail(input: { email: "n@example.org", password: $v }) { user { id } } }'],
  ['change password', 'mutation ($v: String!) { changePassword(input: { currentPassword: $v, newPassword: "some password" }) { accessToken } }'],
  ['profile bio', 'mutation ($v: String!) { updateProfile(input: { bio: $v }) { user { id } } }'],
  ['profile picture', 'mutation ($v: URL!) { updateProfile(input: { avatarUrl: $v }) { user { id } } }'],
  ['profile time zone', 'mutation ($v: String!) { updateProfile(input: { timeZone: $v }) { user { id } } }'],
  ['role', 'mutation ($v: ID!) { setUserRole(input: { userId: $v, role: ADMIN }) { user { id } } }'],
  ['deactivate', 'mutation ($v: ID!) { deactivateUser(input: { userId: $v }) { user { id } } }'],
  ['reactivate', 'mutation ($v: ID!) { reactivateUser(input: { userId: $v }) { user { id } } }'],
  ['API token name', 'mutation ($v: String!) { createApiToken(input: { name: $v, scopes: [READ] }) { secret } }'],
  ['revoke API token', 'mutation ($v: ID!) { revokeApiToken(input: { id: $v }) { id } }'],
  ['revoke session', 'mutation ($v: ID!) { revokeSession(input: { id: $v }) { id } }'],
  ['user by id', 'query ($v: ID!) { user(id: $v) { id } }'],
  ['user by handle', 'query ($v: String!) { user(handle: $v) { id } }'],
  ['search', 'query ($v: String!) { users(search: $v) { nodes { id } totalCount } }'],
  ['cursor', 'query ($v: String!) { users(after: $v) { nodes { id } } }'],
];

test.each(documents)('%s takes whatever is sent without breaking', async (_name, document) => {
  for (const v of naughty) {
    const found = code(await ann.ask(document, { v }));
    expect([v.slice(0, 20), expected.has(found) ? 'fine' : found]).toEqual([v.slice(0, 20), 'fine']);
  }
});

test('addresses with what is no text are refused, in every field that takes one', async () => {
  for (const url of ['https://example.org/\u0000', 'https://example.org/\ud800']) {
    expect(code(await ann.ask('mutation ($v: URL!) { updateProfile(input: { avatarUrl: $v }) { user { id } } }', { v: url }))).toBe('BAD_USER_INPUT');
  }
  for (const email of ['a\ud800@example.org', 'a@\udc00.example.org', 'a\u0000@example.org', 'no-at.example.org', `${'x'.repeat(250)}@e.org`]) {
    for (const document of [
      'mutation ($v: EmailAddress!) { requestPasswordReset(input: { email: $v }) { ok } }',
      'mutation ($v: EmailAddress!) { changeEmail(input: { email: $v, password: "password of ann" }) { user { id } } }',
      'mutation ($v: EmailAddress!) { register(input: { handle: "new-one", email: $v, password: "some password" }) { accessToken } }',
    ]) expect([email, code(await ann.ask(document, { v: email }))]).toEqual([email, 'BAD_USER_INPUT']);
  }
});

test('an address that a mail header reads as another one is BAD_USER_INPUT: one mailbox is one account', async () => {
  for (const email of ['x<bo@example.org>', '(x)bo@example.org', '"bo"@example.org', 'x,bo@example.org', 'x:bo@example.org;', 'x\\bo@example.org']) {
    for (const document of [
      'mutation ($v: EmailAddress!) { changeEmail(input: { email: $v, password: "password of ann" }) { user { id } } }',
      'mutation ($v: EmailAddress!) { register(input: { handle: "new-one", email: $v, password: "some password" }) { accessToken } }',
    ]) expect((await ann.ask(document, { v: email })).errors?.[0]?.extensions, email).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'v' }] });
  }
});

test('text is stored byte-equal: markup, right-to-left, combining marks, emoji', async () => {
  const name = '<b>Ann</b> \u202eesrever\u202c e\u0301 👩‍👩‍👧';
  expect((await ann.ok('mutation ($v: String!) { updateProfile(input: { name: $v, bio: $v }) { user { name bio } } }', { v: name })).updateProfile.user).toEqual({ name, bio: name });
});

test('a wrong bootstrap token is FORBIDDEN whatever letters it has, and the right one makes the first account ADMIN', async () => {
  const fresh = await startUser({ NODE_ENV: 'production', BOOTSTRAP_TOKEN: 'b'.repeat(16), PUBLIC_URL: 'https://tasks.example.org' });
  const tryIt = (bootstrapToken: string) =>
    fresh.query('mutation ($b: String) { register(input: { handle: "root", email: "root@example.org", password: "some password", bootstrapToken: $b }) { user { role } } }', { b: bootstrapToken });
  try {
    for (const wrong of ['x', 'ü'.repeat(16), 'c'.repeat(16), '']) expect(code(await tryIt(wrong))).toBe('FORBIDDEN');
    expect((await tryIt('b'.repeat(16))).data.register.user.role).toBe('ADMIN');
  } finally {
    await fresh.stop();
  }
});

test('in production whoever comes first without the token does not shut the operator out, and a second bearer of it is no ADMIN', async () => {
  const fresh = await startUser({ NODE_ENV: 'production', BOOTSTRAP_TOKEN: 'the bootstrap token' });
  const join = async (handle: string, bootstrapToken: string | null) => {
    const answer = await fresh.query(
      'mutation ($i: RegisterInput!) { register(input: $i) { user { role } } }',
      { i: { handle, email: `${handle}@example.org`, password: 'some password', bootstrapToken } },
    );
    return answer.data.register.user.role as string;
  };
  try {
    expect(await join('early', null)).toBe('MEMBER');
    const racing = await Promise.all([join('one', 'the bootstrap token'), join('two', 'the bootstrap token')]);
    expect(racing.toSorted()).toEqual(['ADMIN', 'MEMBER']);
    expect(await join('late', 'the bootstrap token')).toBe('MEMBER');
  } finally {
    await fresh.stop();
  }
});

test('in production the first account is ADMIN only by the bootstrap token', async () => {
  expect((await ann.ok('{ me { role } }')).me.role).toBe('MEMBER');
});
