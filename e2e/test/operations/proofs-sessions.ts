// Signing in and out, and the sessions of a person (RULES §8).
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { refuse, team, write } from './scenes.js';
import type { Client } from './session.js';
import { missingId, type Someone } from './world.js';

const tokens = 'accessToken refreshToken user { id }';

/** Waits until nobody gets in with what this client bears. */
export const locked = (client: Client): Promise<unknown> =>
  eventually(async () => (await client.answer('{ me { id } }')).errors?.[0]?.extensions['code'] === 'UNAUTHENTICATED');

export const isSignedIn = async (client: Client, { id }: Someone): Promise<void> => expect((await client.ask('{ me { id } }')).me).toEqual({ id });

const currentSession = async (client: Client): Promise<string> =>
  (await client.ask('{ sessions { id current } }')).sessions.find((session: { current: boolean }) => session.current).id;

export const sessionProofs: Proof[] = [
  {
    operation: 'Mutation.login', outcome: 'success', title: 'opens a session by handle or by address, in any case',
    async prove(world) {
      const ada = await world.person();
      for (const login of [ada.handle.toUpperCase(), ada.email.toUpperCase()]) {
        const signedIn = await write(world.anonymous, 'login', { login, password: ada.password }, { selection: tokens });
        expect(signedIn.user.id).toBe(ada.id);
        await isSignedIn(world.bearer(signedIn.accessToken), ada);
      }
    },
  },
  {
    operation: 'Mutation.login', outcome: 'refusal', title: 'is UNAUTHENTICATED, in the same words, for a wrong password, nobody, and a deactivated account',
    async prove(world) {
      const [ada, gone] = [await world.person(), await world.person()];
      await write(gone, 'deactivateUser', { userId: gone.id });
      const refusals = [
        await refuse(world.anonymous, 'login', { login: ada.handle, password: 'a wrong password' }),
        await refuse(world.anonymous, 'login', { login: `nobody-${ada.handle}`, password: 'a wrong password' }),
        await refuse(world.anonymous, 'login', { login: gone.handle, password: gone.password }),
      ];
      expect(refusals[0]).toMatchObject({ code: 'UNAUTHENTICATED', path: ['login'] });
      for (const refusal of refusals) expect(refusal).toEqual(refusals[0]);
    },
  },
  {
    operation: 'Mutation.login', outcome: 'refusal', title: 'is RATE_LIMITED beyond ten password checks for an account, also with the right password and under aliases of one document',
    async prove(world) {
      const ada = await world.person();
      const guess = (password: string) => `login(input: { login: "${ada.handle}", password: "${password}" }) { accessToken }`;
      // Two at a time: ten hashes in one document may outlast the gateway's patience on a busy machine.
      for (let round = 0; round < 5; round += 1) {
        const { errors } = await world.anonymous.answer(`mutation { a: ${guess('a wrong password')} b: ${guess('another one')} }`);
        expect(errors?.map((error) => error.extensions['code'])).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
      }
      const refusal = await refuse(world.anonymous, 'login', { login: ada.handle, password: ada.password });
      expect(refusal).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
    },
  },
  {
    operation: 'Mutation.refreshSession', outcome: 'success', title: 'swaps a refresh token for a new pair that works',
    async prove(world) {
      const ada = await world.login(await world.person());
      const next = await write(world.anonymous, 'refreshSession', { refreshToken: ada.refreshToken }, { selection: tokens });
      expect(next).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String), user: { id: ada.id } });
      expect(next.refreshToken).not.toBe(ada.refreshToken);
      await isSignedIn(world.bearer(next.accessToken), ada);
      await write(world.anonymous, 'refreshSession', { refreshToken: next.refreshToken }, { selection: tokens });
    },
  },
  {
    operation: 'Mutation.refreshSession', outcome: 'refusal', title: 'is UNAUTHENTICATED for a token that is none, for that of an ended session, and without token and cookie',
    async prove(world) {
      const ada = await world.login(await world.person());
      await write(ada, 'logout', {});
      for (const refreshToken of ['x'.repeat(43), '', ada.refreshToken, undefined]) {
        expect(await refuse(world.anonymous, 'refreshSession', { refreshToken })).toMatchObject({ code: 'UNAUTHENTICATED', path: ['refreshSession'] });
      }
    },
  },
  {
    operation: 'Mutation.refreshSession', outcome: 'conflict', title: 'is one rotation for two who send a token at once: both get the same successor, so a lost answer signs nobody out',
    async prove(world) {
      const ada = await world.login(await world.person());
      const refresh = () => write(world.anonymous, 'refreshSession', { refreshToken: ada.refreshToken }, { selection: tokens });
      const [one, two] = await Promise.all([refresh(), refresh()]);
      expect(one.refreshToken).toBe(two.refreshToken);
      expect((await ada.ask('{ sessions { id } }')).sessions).toHaveLength(2);
    },
  },
  {
    operation: 'Mutation.logout', outcome: 'success', title: 'ends this session, or with everywhere all of them',
    async prove(world) {
      const ada = await world.person();
      const [one, two] = [await world.login(ada), await world.login(ada)];
      expect(await write(one, 'logout', {}, { selection: 'ok' })).toEqual({ ok: true });
      await locked(one);
      expect((await two.ask('{ sessions { id } }')).sessions).toHaveLength(2);
      await write(two, 'logout', { everywhere: true });
      await Promise.all([locked(two), locked(ada)]);
      expect(await refuse(world.anonymous, 'refreshSession', { refreshToken: two.refreshToken })).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  {
    operation: 'Mutation.logout', outcome: 'refusal', title: 'is UNAUTHENTICATED without a session and FORBIDDEN with an API token',
    async prove(world) {
      const ada = await world.person();
      const { secret } = await write(ada, 'createApiToken', { name: 'All', scopes: ['READ', 'WRITE'] }, { selection: 'secret' });
      expect(await refuse(world.anonymous, 'logout', {})).toMatchObject({ code: 'UNAUTHENTICATED', path: ['logout'] });
      expect(await refuse(world.bearer(secret), 'logout', { everywhere: true })).toMatchObject({ code: 'FORBIDDEN', path: ['logout'] });
      await isSignedIn(ada, ada);
    },
  },
  {
    operation: 'Query.sessions', outcome: 'success', title: 'lists the own live sessions with their place of origin, the asking one marked, those of nobody else',
    async prove(world) {
      const ada = await world.person();
      const laptop = await world.login(ada);
      await world.login(await world.person());
      const { sessions } = await laptop.ask('{ sessions { id ip userAgent current createdAt lastSeenAt } }');
      expect(sessions).toHaveLength(2);
      expect(sessions.map((session: { current: boolean }) => session.current).toSorted()).toEqual([false, true]);
      for (const session of sessions) expect(session).toMatchObject({ ip: '127.0.0.1', userAgent: 'node', createdAt: expect.any(String) });
    },
  },
  {
    operation: 'Query.sessions', outcome: 'refusal', title: 'is UNAUTHENTICATED without a token',
    async prove({ anonymous }) {
      expect(await anonymous.refused('{ sessions { id } }')).toMatchObject({ code: 'UNAUTHENTICATED', path: ['sessions'] });
    },
  },
  {
    operation: 'Mutation.revokeSession', outcome: 'success', title: 'ends another session of the own account and leaves this one; a repeat is no error',
    async prove(world) {
      const ada = await world.person();
      const lost = await world.login(ada);
      const id = await currentSession(lost);
      for (let sent = 0; sent < 2; sent += 1) expect(await write(ada, 'revokeSession', { id }, { selection: 'id' })).toEqual({ id });
      await locked(lost);
      expect((await ada.ask('{ sessions { current } }')).sessions).toEqual([{ current: true }]);
    },
  },
  {
    operation: 'Mutation.revokeSession', outcome: 'refusal', title: 'is NOT_FOUND, in the same words, for the session of somebody else and for none; UNAUTHENTICATED without a token',
    async prove(world) {
      const ada = await world.person();
      const { stranger: bob } = await team(world);
      const id = await currentSession(ada);
      const refusal = await refuse(bob, 'revokeSession', { id });
      expect(refusal).toMatchObject({ code: 'NOT_FOUND', path: ['revokeSession'] });
      for (const missing of [missingId(), 'no id']) expect(await refuse(bob, 'revokeSession', { id: missing })).toEqual(refusal);
      expect(await refuse(world.anonymous, 'revokeSession', { id })).toMatchObject({ code: 'UNAUTHENTICATED' });
      await isSignedIn(ada, ada);
    },
  },
];
