// RULES §8: sessions, how they are seen and how they end.
import { newId } from '@taskgraph/shared/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onDatabase, startUser, type Harness } from './harness.js';
import { code, eventsOf, person, refresh, register, signIn, tryLogin } from './people.js';

let user: Harness;
beforeAll(async () => void (user = await startUser()));
afterAll(() => user.stop());

const list = '{ sessions { id userAgent ip createdAt lastSeenAt current } }';
const logout = 'mutation ($everywhere: Boolean) { logout(input: { everywhere: $everywhere }) { ok } }';
const revoke = 'mutation ($id: ID!) { revokeSession(input: { id: $id }) { id } }';

describe('the list of sessions', () => {
  test('shows each live session of the viewer with where it came from, the one that asks marked, and nobody else\'s', async () => {
    const first = await register(user, 'ann');
    await register(user, 'other');
    const phone = await signIn(user, 'ann', undefined, { 'x-client-ip': '203.0.113.7', 'x-client-user-agent': 'Phone/1.0' });
    const { sessions } = await phone.ok(list);
    expect(sessions).toEqual([
      { id: phone.sessionId, userAgent: 'Phone/1.0', ip: '203.0.113.7', createdAt: expect.any(String), lastSeenAt: expect.any(String), current: true },
      { id: first.sessionId, userAgent: null, ip: null, createdAt: expect.any(String), lastSeenAt: expect.any(String), current: false },
    ]);
    expect(code(await user.query(list))).toBe('UNAUTHENTICATED');
  });

  test('a refresh moves lastSeenAt and tells from where', async () => {
    const bea = await register(user, 'bea');
    const [before] = (await bea.ok(list)).sessions;
    await refresh(user, bea.refreshToken, { 'x-client-ip': '198.51.100.9', 'x-client-user-agent': 'Laptop' });
    const [after] = (await bea.ok(list)).sessions;
    expect(after).toMatchObject({ id: before.id, ip: '198.51.100.9', userAgent: 'Laptop' });
    expect(Date.parse(after.lastSeenAt)).toBeGreaterThan(Date.parse(before.lastSeenAt));
  });
});

describe('signing out', () => {
  test('logout ends this session only: its refresh token is dead, and the gateway is told', async () => {
    const here = await register(user, 'cid');
    const there = await signIn(user, 'cid');
    expect(await here.ok(logout)).toEqual({ logout: { ok: true } });
    expect(code(await refresh(user, here.refreshToken))).toBe('UNAUTHENTICATED');
    expect((await refresh(user, there.refreshToken)).errors).toBeUndefined();
    expect((await there.ok(list)).sessions).toHaveLength(1);
    expect(await eventsOf(user, here.id, 'user.sessions-revoked', 'gateway')).toMatchObject([
      { seq: 2, version: 1, payload: { userId: here.id, sessionIds: [here.sessionId], apiTokenIds: [] } },
    ]);
    expect(await here.ok(logout)).toEqual({ logout: { ok: true } });
    expect(await eventsOf(user, here.id, 'user.sessions-revoked')).toHaveLength(1);
  });

  test('logout everywhere ends every session, and a new one begins unharmed', async () => {
    const one = await register(user, 'dee');
    const two = await signIn(user, 'dee');
    await two.ok(logout, { everywhere: true });
    for (const { refreshToken } of [one, two]) expect(code(await refresh(user, refreshToken))).toBe('UNAUTHENTICATED');
    const [told] = await eventsOf(user, one.id, 'user.sessions-revoked');
    expect(new Set(told?.payload['sessionIds'] as string[])).toEqual(new Set([one.sessionId, two.sessionId]));
    const three = await signIn(user, 'dee');
    expect((await three.ok(list)).sessions.map((session: { id: string }) => session.id)).toEqual([three.sessionId]);
  });

  test('a session whose access tokens are all dead ends without an event: nobody needs telling', async () => {
    const old = await register(user, 'eli');
    await onDatabase(user.database.admin, `update sessions set last_seen_at = now() - interval '1 day' where id = '${old.sessionId}'`);
    await old.ok(logout);
    expect(code(await refresh(user, old.refreshToken))).toBe('UNAUTHENTICATED');
    expect(await eventsOf(user, old.id, 'user.sessions-revoked')).toEqual([]);
  });

  test('revokeSession ends one session; of somebody else, or none, it is NOT_FOUND alike', async () => {
    const here = await register(user, 'fay');
    const there = await signIn(user, 'fay');
    const stranger = await register(user, 'gus');
    // Ids compare in any case, and answers show them as they are kept.
    expect(await here.ok(revoke, { id: there.sessionId.toUpperCase() })).toEqual({ revokeSession: { id: there.sessionId } });
    expect(code(await refresh(user, there.refreshToken))).toBe('UNAUTHENTICATED');
    expect((await here.ask(revoke, { id: there.sessionId })).errors).toBeUndefined();
    const foreign = await stranger.ask(revoke, { id: here.sessionId });
    const missing = await stranger.ask(revoke, { id: newId() });
    const nonsense = await stranger.ask(revoke, { id: 'nonsense' });
    expect(code(foreign)).toBe('NOT_FOUND');
    expect([missing.errors?.[0]?.message, nonsense.errors?.[0]?.message]).toEqual([foreign.errors?.[0]?.message, foreign.errors?.[0]?.message]);
    expect((await refresh(user, here.refreshToken)).errors).toBeUndefined();
  });

  test('a session that has ended changes nothing any more, whatever the gateway still believes', async () => {
    const hal = await register(user, 'hal');
    await hal.ok(logout);
    for (const mutation of [
      'mutation { updateProfile(input: { name: "x" }) { user { id } } }',
      'mutation { createApiToken(input: { name: "x", scopes: [READ] }) { secret } }',
      'mutation { requestEmailVerification { ok } }',
    ]) expect(code(await hal.ask(mutation))).toBe('UNAUTHENTICATED');
  });

  test('twenty refreshes racing with a logout everywhere leave no session alive', async () => {
    const ida = await register(user, 'ida');
    await Promise.all([ida.ok(logout, { everywhere: true }), ...Array.from({ length: 20 }, () => refresh(user, ida.refreshToken))]);
    expect(await onDatabase(user.database.admin, `select 1 from sessions where user_id = '${ida.id}' and revoked_at is null`)).toEqual([]);
  });

  test('a spent refresh token used after 10 s ends the session and tells the gateway', async () => {
    const jan = await register(user, 'jan');
    const next = (await refresh(user, jan.refreshToken)).data.refreshSession;
    await onDatabase(user.database.admin, `update spent_refresh_tokens set spent_at = spent_at - interval '11 seconds' where session_id = '${jan.sessionId}'`);
    expect(code(await refresh(user, jan.refreshToken))).toBe('UNAUTHENTICATED');
    expect(code(await refresh(user, next.refreshToken))).toBe('UNAUTHENTICATED');
    expect(await eventsOf(user, jan.id, 'user.sessions-revoked')).toMatchObject([{ payload: { sessionIds: [jan.sessionId] } }]);
    expect(person(user, 'jan', jan.id, next).sessionId).toBe(jan.sessionId);
  });
});

describe('what the gateway may read of the log', () => {
  test('only what ends sessions and changes roles, never registrations', async () => {
    const token = await user.identities.signer('gateway').tokenFor('user');
    const ask = (types: string) => fetch(`${user.url}/internal/events?types=${types}`, { headers: { authorization: `Bearer ${token}` } });
    for (const types of ['', 'user.registered', 'user.updated,user.registered']) expect((await ask(types)).status).toBe(403);
    expect((await ask('user.updated,user.sessions-revoked,user.deactivated,user.reactivated')).status).toBe(200);
  });

  test('`since` leaves out what was written before', async () => {
    const kim = await register(user, 'kim');
    await kim.ok('mutation { updateProfile(input: { name: "Kim" }) { user { id } } }');
    const token = await user.identities.signer('gateway').tokenFor('user');
    const read = async (since: Date) => {
      const answer = await fetch(`${user.url}/internal/events?types=user.updated&since=${since.toISOString()}`, { headers: { authorization: `Bearer ${token}` } });
      return ((await answer.json()) as { events: { aggregateId: string }[] }).events.some((event) => event.aggregateId === kim.id);
    };
    expect(await read(new Date(Date.now() - 60_000))).toBe(true);
    expect(await read(new Date(Date.now() + 60_000))).toBe(false);
  });
});

test('a login that races with deactivation is refused or ended, never alive after it', async () => {
  const lou = await register(user, 'lou');
  await Promise.all([
    ...Array.from({ length: 5 }, () => tryLogin(user, 'lou', 'password of lou')),
    lou.ok('mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { user { active } } }', { id: lou.id }),
  ]);
  expect(await onDatabase(user.database.admin, `select 1 from sessions where user_id = '${lou.id}' and revoked_at is null`)).toEqual([]);
});
