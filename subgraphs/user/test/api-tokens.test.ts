// RULES §8: personal API tokens.
import { hashApiToken } from '@taskgraph/shared/contracts/api-token';
import { newId } from '@taskgraph/shared/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onDatabase, startUser, type Harness } from './harness.js';
import { code, eventsOf, person, register, signIn, type Person } from './people.js';

let user: Harness;
let root: Person;
let ann: Person;
beforeAll(async () => {
  user = await startUser();
  root = await register(user, 'root');
  ann = await register(user, 'ann');
});
afterAll(() => user.stop());

const create = 'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { secret token { id name scopes lastUsedAt expiresAt createdAt } } }';
const revoke = 'mutation ($id: ID!) { revokeApiToken(input: { id: $id }) { id } }';
const list = '{ apiTokens { id name scopes lastUsedAt expiresAt } }';
const make = async (maker: Person, scopes: string[], more: object = {}) => (await maker.ok(create, { input: { name: 'a token', scopes, ...more } })).createApiToken;
const lookUp = async (secret: string, caller: 'gateway' | 'task' = 'gateway') =>
  fetch(`${user.url}/internal/api-tokens/${hashApiToken(secret)}`, { headers: { authorization: `Bearer ${await user.identities.signer(caller).tokenFor('user')}` } });
/** What the gateway makes of a token: the same person, with scopes. */
const withToken = (owner: Person, scopes: Person['scopes']) => person(user, owner.handle, owner.id, owner, scopes);

describe('making tokens', () => {
  test('the secret is shown once, and only its hash is kept', async () => {
    const { secret, token } = await make(ann, ['READ', 'WRITE', 'READ'], { name: 'CI' });
    expect(secret).toMatch(/^tg_[\w-]{43}$/);
    expect(token).toEqual({ id: expect.any(String), name: 'CI', scopes: ['READ', 'WRITE'], lastUsedAt: null, expiresAt: null, createdAt: expect.any(String) });
    const [listed] = (await ann.ok(list)).apiTokens;
    expect(listed).toEqual({ id: token.id, name: 'CI', scopes: ['READ', 'WRITE'], lastUsedAt: null, expiresAt: null });
    expect((await root.ok(list)).apiTokens).toEqual([]);
    expect(code(await user.query(list))).toBe('UNAUTHENTICATED');
    const kept = JSON.stringify([await onDatabase(user.database.admin, 'select * from api_tokens'), await onDatabase(user.database.admin, 'select * from events')]);
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(secret.slice(3));
  });

  test('a resend under one Idempotency-Key makes one token and shows the same secret (RULES §3)', async () => {
    const bob = await register(user, 'bob');
    const headers = { 'idempotency-key': 'again' };
    const input = { name: 'once', scopes: ['READ'] };
    const [first, second] = await Promise.all([bob.ok(create, { input }, headers), bob.ok(create, { input }, headers)]);
    expect(second.createApiToken).toEqual(first.createApiToken);
    expect((await bob.ok(list)).apiTokens).toHaveLength(1);
    expect(JSON.stringify(await onDatabase(user.database.admin, 'select * from idempotency'))).not.toContain(first.createApiToken.secret);
  });

  test('bad input is BAD_USER_INPUT naming the path; ADMIN is for those who are; the hundredth is the last', async () => {
    const cid = await register(user, 'cid');
    for (const [input, path] of [
      [{ name: '', scopes: ['READ'] }, 'input.name'],
      [{ name: 'x'.repeat(101), scopes: ['READ'] }, 'input.name'],
      [{ name: 'x', scopes: [] }, 'input.scopes'],
      [{ name: 'x', scopes: ['READ'], expiresAt: '2020-01-01T00:00:00Z' }, 'input.expiresAt'],
    ] as const) expect((await cid.ask(create, { input })).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    expect(code(await cid.ask(create, { input: { name: 'x', scopes: ['READ', 'ADMIN'] } }))).toBe('FORBIDDEN');
    expect((await make(root, ['ADMIN'])).token.scopes).toEqual(['ADMIN']);
    await onDatabase(user.database.admin, `insert into api_tokens (id, user_id, name, scopes, secret_hash, created_at)
      select gen_random_uuid(), '${cid.id}', 'n', '{READ}', gen_random_uuid()::text, now() from generate_series(1, 100)`);
    expect(code(await cid.ask(create, { input: { name: 'x', scopes: ['READ'] } }))).toBe('CONFLICT');
  });
});

describe('whom a token speaks for', () => {
  test('the gateway is told owner, role and scopes; the use is noted; others may not ask', async () => {
    const { secret, token } = await make(root, ['READ', 'ADMIN'], { expiresAt: '2999-01-01T00:00:00Z' });
    const answer = await lookUp(secret);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ id: token.id, userId: root.id, role: 'ADMIN', scopes: ['READ', 'ADMIN'], expiresAt: '2999-01-01T00:00:00.000Z' });
    const used = (await root.ok(list)).apiTokens.find((entry: { id: string }) => entry.id === token.id);
    expect(Math.abs(Date.now() - Date.parse(used.lastUsedAt))).toBeLessThan(30_000);
    expect((await lookUp(secret, 'task')).status).toBe(403);
    expect((await lookUp('tg_made-up')).status).toBe(404);
  });

  test('nobody once it is revoked, has ended, or its owner is deactivated', async () => {
    const dee = await register(user, 'dee');
    const [revoked, ended, live] = [await make(dee, ['READ']), await make(dee, ['READ']), await make(dee, ['READ'])];
    await dee.ok(revoke, { id: revoked.token.id });
    await onDatabase(user.database.admin, `update api_tokens set expires_at = now() - interval '1 second' where id = '${ended.token.id}'`);
    for (const { secret } of [revoked, ended]) expect((await lookUp(secret)).status).toBe(404);
    expect((await lookUp(live.secret)).status).toBe(200);
    await root.ok('mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { user { id } } }', { id: dee.id });
    expect((await lookUp(live.secret)).status).toBe(404);
    await root.ok('mutation ($id: ID!) { reactivateUser(input: { userId: $id }) { user { id } } }', { id: dee.id });
    expect((await lookUp(live.secret)).status).toBe(200);
  });

  test('revoking tells the gateway once; a foreign or missing token is NOT_FOUND alike', async () => {
    const { token } = await make(ann, ['READ']);
    const eli = await register(user, 'eli');
    for (const id of [token.id, newId(), 'nonsense']) expect(code(await eli.ask(revoke, { id }))).toBe('NOT_FOUND');
    for (const id of [token.id, token.id.toUpperCase()]) expect(await ann.ok(revoke, { id })).toEqual({ revokeApiToken: { id: token.id } });
    const told = await eventsOf(user, ann.id, 'user.sessions-revoked', 'gateway');
    expect(told.map((event) => event.payload)).toMatchObject([{ sessionIds: [], apiTokenIds: [token.id] }]);
    expect((await ann.ok(list)).apiTokens.map((entry: { id: string }) => entry.id)).not.toContain(token.id);
  });
});

describe('what a token may do', () => {
  const setRole = 'mutation ($id: ID!) { setUserRole(input: { userId: $id, role: MEMBER }) { user { id } } }';

  test('queries need READ and mutations need WRITE, in every subgraph and at each root field', async () => {
    const reader = withToken(ann, ['READ']);
    const writer = withToken(ann, ['WRITE']);
    expect((await reader.ok('{ me { handle } }')).me.handle).toBe('ann');
    const refused = await writer.ask('{ a: me { handle } b: users { nodes { id } } }');
    expect(refused.data).toEqual({ a: null, b: null });
    expect(refused.errors).toMatchObject([{ path: ['a'], extensions: { code: 'FORBIDDEN' } }, { path: ['b'], extensions: { code: 'FORBIDDEN' } }]);
    const entities = await writer.ask('query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { handle } } }', { r: [{ __typename: 'User', id: ann.id }] });
    expect(code(entities)).toBe('FORBIDDEN');
    const update = 'mutation { updateProfile(input: { bio: "by a token" }) { user { bio } } }';
    expect(code(await reader.ask(update))).toBe('FORBIDDEN');
    expect((await writer.ok(update)).updateProfile.user.bio).toBe('by a token');
  });

  test('an ADMIN\'s token without the scope ADMIN is a MEMBER\'s', async () => {
    const fay = await register(user, 'fay');
    const deactivate = 'mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { user { active } } }';
    expect(code(await withToken(root, ['READ', 'WRITE']).ask(deactivate, { id: fay.id }))).toBe('FORBIDDEN');
    const email = '{ user(handle: "fay") { email } }';
    expect((await withToken(root, ['READ', 'WRITE']).ok(email)).user.email).toBeNull();
    expect((await withToken(root, ['READ', 'ADMIN']).ok(email)).user.email).toBe(fay.email);
    expect((await withToken(root, ['WRITE', 'ADMIN']).ok(deactivate, { id: fay.id })).deactivateUser.user.active).toBe(false);
    // A scope that its owner cannot fill is empty.
    expect(code(await withToken(ann, ['WRITE', 'ADMIN']).ask(deactivate, { id: root.id }))).toBe('FORBIDDEN');
  });

  test('it can call no auth, token, session or role mutation, whatever its scopes', async () => {
    const all = withToken(await signIn(user, 'root'), ['READ', 'WRITE', 'ADMIN']);
    for (const [mutation, variables] of [
      ['mutation { register(input: { handle: "new", email: "new@example.org", password: "some password" }) { accessToken } }'],
      ['mutation { login(input: { login: "root", password: "password of root" }) { accessToken } }'],
      ['mutation { refreshSession(input: {}) { accessToken } }'],
      ['mutation { logout { ok } }'],
      ['mutation ($id: ID!) { revokeSession(input: { id: $id }) { id } }', { id: root.sessionId }],
      ['mutation { changePassword(input: { currentPassword: "password of root", newPassword: "a better password" }) { accessToken } }'],
      ['mutation { requestPasswordReset(input: { email: "root@example.org" }) { ok } }'],
      ['mutation { resetPassword(input: { token: "x", newPassword: "a better password" }) { accessToken } }'],
      ['mutation { requestEmailVerification { ok } }'],
      ['mutation { verifyEmail(input: { token: "x" }) { user { id } } }'],
      ['mutation { changeEmail(input: { email: "x@example.org", password: "password of root" }) { user { id } } }'],
      ['mutation { createApiToken(input: { name: "wider", scopes: [READ] }) { secret } }'],
      [revoke, { id: newId() }],
      [setRole, { id: ann.id }],
      ['mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { user { id } } }', { id: root.id }],
    ] as [string, object?][]) {
      const answer = await all.ask(mutation, variables);
      expect([mutation, code(answer)]).toEqual([mutation, mutation.includes('deactivateUser') ? 'CONFLICT' : 'FORBIDDEN']);
    }
    const self = withToken(await register(user, 'gus'), ['READ', 'WRITE', 'ADMIN']);
    expect(code(await self.ask('mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { user { id } } }', { id: self.id }))).toBe('FORBIDDEN');
  });
});
