// RULES §2 (patches and versions) for profiles, RULES §1 (ADMIN, last ADMIN) for roles and deactivation.
import { newId } from '@taskgraph/shared/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startUser, type Harness } from './harness.js';
import { code, eventsOf, passwordOf, refresh, register, signIn, tryLogin, type Person } from './people.js';

let user: Harness;
let root: Person;
beforeAll(async () => {
  user = await startUser();
  root = await register(user, 'root');
});
afterAll(() => user.stop());

const update = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { name bio avatarUrl timeZone version } } }';
const setRole = 'mutation ($userId: ID!, $role: UserRole!) { setUserRole(input: { userId: $userId, role: $role }) { user { role version } } }';
const deactivate = 'mutation ($userId: ID!) { deactivateUser(input: { userId: $userId }) { user { active version } } }';
const reactivate = 'mutation ($userId: ID!) { reactivateUser(input: { userId: $userId }) { user { active version } } }';

describe('the own profile', () => {
  test('absent keeps, null clears what can be null, and each change is one version and one event', async () => {
    const amy = await register(user, 'amy');
    const changed = await amy.ok(update, { input: { name: 'Amy 🦊', bio: 'Hello', avatarUrl: 'https://example.org/a.png', timeZone: 'Europe/Vienna' } });
    expect(changed.updateProfile.user).toEqual({ name: 'Amy 🦊', bio: 'Hello', avatarUrl: 'https://example.org/a.png', timeZone: 'Europe/Vienna', version: 2 });
    const cleared = await amy.ok(update, { input: { bio: null, avatarUrl: null } });
    expect(cleared.updateProfile.user).toEqual({ name: 'Amy 🦊', bio: null, avatarUrl: null, timeZone: 'Europe/Vienna', version: 3 });
    expect(await eventsOf(user, amy.id, 'user.updated')).toMatchObject([
      { seq: 2, version: 2, payload: { name: 'Amy 🦊', timeZone: 'Europe/Vienna', changed: ['name', 'bio', 'avatarUrl', 'timeZone'] } },
      { seq: 3, version: 3, payload: { changed: ['bio', 'avatarUrl'] } },
    ]);
  });

  test('an empty patch, and one that says what is so already, change nothing and emit nothing', async () => {
    const ben = await register(user, 'ben');
    for (const input of [{}, { name: 'ben' }, { expectedVersion: 1 }]) expect((await ben.ok(update, { input })).updateProfile.user.version).toBe(1);
    expect(await eventsOf(user, ben.id, 'user.updated')).toEqual([]);
  });

  test('bad values are BAD_USER_INPUT naming the path', async () => {
    const cat = await register(user, 'cat');
    for (const [input, path] of [
      [{ name: null }, 'input.name'],
      [{ timeZone: null }, 'input.timeZone'],
      [{ name: '' }, 'input.name'],
      [{ name: ' ' }, 'input.name'],
      [{ name: 'x'.repeat(101) }, 'input.name'],
      [{ name: 'a\u0000b' }, 'input.name'],
      [{ bio: 'x'.repeat(1_001) }, 'input.bio'],
      [{ bio: '\ud800' }, 'input.bio'],
      [{ timeZone: 'Mars/Base' }, 'input.timeZone'],
      [{ timeZone: '+01:00' }, 'input.timeZone'],
      [{ name: 'x', expectedVersion: 9 }, 'input.expectedVersion'],
      [{ name: 'x', expectedVersion: 0 }, 'input.expectedVersion'],
    ] as const) {
      expect((await cat.ask(update, { input })).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    }
    expect(code(await cat.ask(update, { input: { avatarUrl: 'javascript:alert(1)' } }))).toBe('BAD_USER_INPUT');
    expect((await cat.ok('{ me { version } }')).me.version).toBe(1);
  });

  test('expectedVersion: disjoint changes merge, the same field changed since is CONFLICT with what it is now', async () => {
    const dan = await register(user, 'dan');
    await dan.ok(update, { input: { name: 'Daniel' } });
    expect((await dan.ok(update, { input: { bio: 'merged', expectedVersion: 1 } })).updateProfile.user).toMatchObject({ name: 'Daniel', bio: 'merged', version: 3 });
    const clash = await dan.ask(update, { input: { name: 'Danny', bio: 'x', expectedVersion: 2 } });
    expect(clash.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', fields: ['bio'], current: { version: 3, bio: 'merged' } });
  });

  test('racing patches are one version each', async () => {
    const eva = await register(user, 'eva');
    await Promise.all(Array.from({ length: 8 }, (_, index) => eva.ok(update, { input: { name: `Eva ${index}` } })));
    const events = await eventsOf(user, eva.id, 'user.updated');
    expect(events.map((event) => event.version)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(events.map((event) => event.seq)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('a resend under one Idempotency-Key changes once, and another input under it is IDEMPOTENCY_MISMATCH (RULES §3)', async () => {
    const fox = await register(user, 'fox');
    const headers = { 'idempotency-key': 'key-1' };
    for (const _ of [1, 2]) expect((await fox.ok(update, { input: { name: 'Fox' } }, headers)).updateProfile.user).toMatchObject({ name: 'Fox', version: 2 });
    expect(code(await fox.ask(update, { input: { name: 'Wolf' } }, headers))).toBe('IDEMPOTENCY_MISMATCH');
  });
});

describe('roles (RULES §1)', () => {
  test('ADMIN sets roles; who may not hears FORBIDDEN, and NOT_FOUND for nobody', async () => {
    const gil = await register(user, 'gil');
    const hue = await register(user, 'hue');
    expect(code(await gil.ask(setRole, { userId: hue.id, role: 'ADMIN' }))).toBe('FORBIDDEN');
    expect(code(await gil.ask(setRole, { userId: gil.id, role: 'ADMIN' }))).toBe('FORBIDDEN');
    expect(code(await user.query(setRole, { userId: hue.id, role: 'ADMIN' }))).toBe('UNAUTHENTICATED');
    for (const userId of [newId(), 'nobody']) expect(code(await root.ask(setRole, { userId, role: 'ADMIN' }))).toBe('NOT_FOUND');
    expect((await root.ok(setRole, { userId: hue.id, role: 'ADMIN' })).setUserRole.user).toEqual({ role: 'ADMIN', version: 2 });
    expect(await eventsOf(user, hue.id, 'user.updated')).toMatchObject([{ payload: { role: 'ADMIN', changed: ['role'] } }]);
    expect((await refresh(user, hue.refreshToken)).data.refreshSession.user.role).toBe('ADMIN');
    await root.ok(setRole, { userId: hue.id, role: 'MEMBER' });
  });

  test('a role that was lost is lost here at once, though the access token still says ADMIN', async () => {
    const ian = await register(user, 'ian');
    await root.ok(setRole, { userId: ian.id, role: 'ADMIN' });
    const asAdmin = await signIn(user, 'ian');
    expect(asAdmin.role).toBe('ADMIN');
    await root.ok(setRole, { userId: ian.id, role: 'MEMBER' });
    expect(code(await asAdmin.ask(setRole, { userId: ian.id, role: 'ADMIN' }))).toBe('FORBIDDEN');
  });

  test('the last ADMIN cannot be demoted or deactivated', async () => {
    expect(code(await root.ask(setRole, { userId: root.id, role: 'MEMBER' }))).toBe('CONFLICT');
    expect(code(await root.ask(deactivate, { userId: root.id }))).toBe('CONFLICT');
    expect((await root.ok('{ me { role active } }')).me).toEqual({ role: 'ADMIN', active: true });
  });

  test('two ADMINs deposing each other at once: one of them stays', async () => {
    const joy = await register(user, 'joy');
    await root.ok(setRole, { userId: joy.id, role: 'ADMIN' });
    const asAdmin = await signIn(user, 'joy');
    const answers = await Promise.all([root.ask(setRole, { userId: joy.id, role: 'MEMBER' }), asAdmin.ask(setRole, { userId: root.id, role: 'MEMBER' })]);
    expect(answers.map(code).filter(Boolean)).toEqual(['FORBIDDEN']);
    const { data } = await root.ask('{ users { nodes { id handle role } } }');
    const admins = data.users.nodes.filter((node: { role: string }) => node.role === 'ADMIN');
    expect(admins).toHaveLength(1);
    if (admins[0].id !== root.id) await asAdmin.ok(setRole, { userId: root.id, role: 'ADMIN' });
  });
});

describe('deactivation', () => {
  test('by the user: sessions end and are told, nobody can sign in, and the answer does not tell why', async () => {
    const kai = await register(user, 'kai');
    const kaisPhone = await signIn(user, 'kai');
    expect((await kai.ok(deactivate, { userId: kai.id })).deactivateUser.user).toEqual({ active: false, version: 2 });
    for (const { refreshToken } of [kai, kaisPhone]) expect(code(await refresh(user, refreshToken))).toBe('UNAUTHENTICATED');
    const closed = await tryLogin(user, 'kai', passwordOf('kai'));
    const unknown = await tryLogin(user, 'nobody-at-all', 'some password');
    expect(closed.errors?.[0]?.message).toBe(unknown.errors?.[0]?.message);
    const events = await eventsOf(user, kai.id, 'user.deactivated,user.sessions-revoked');
    expect(events.map((event) => event.type)).toEqual(['user.deactivated', 'user.sessions-revoked']);
    expect(new Set(events[1]?.payload['sessionIds'] as string[])).toEqual(new Set([kai.sessionId, kaisPhone.sessionId]));
    expect(code(await kai.ask('{ me { id } }'))).toBe('UNAUTHENTICATED');
  });

  test('by ADMIN only for others; ADMIN brings back, and the ended sessions stay ended', async () => {
    const lea = await register(user, 'lea');
    const mia = await register(user, 'mia');
    expect(code(await lea.ask(deactivate, { userId: mia.id }))).toBe('FORBIDDEN');
    await root.ok(deactivate, { userId: mia.id });
    await root.ok(deactivate, { userId: mia.id });
    expect(code(await lea.ask(reactivate, { userId: mia.id }))).toBe('FORBIDDEN');
    expect(code(await mia.ask(reactivate, { userId: mia.id }))).toBe('UNAUTHENTICATED');
    expect((await root.ok(reactivate, { userId: mia.id })).reactivateUser.user).toEqual({ active: true, version: 3 });
    expect(code(await refresh(user, mia.refreshToken))).toBe('UNAUTHENTICATED');
    await signIn(user, 'mia');
    expect((await eventsOf(user, mia.id, 'user.deactivated,user.reactivated')).map((event) => event.type)).toEqual(['user.deactivated', 'user.reactivated']);
  });
});
