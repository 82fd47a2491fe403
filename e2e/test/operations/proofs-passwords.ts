// Passwords and addresses, and the mailed one-time tokens that change them (RULES §8).
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { isSignedIn, locked } from './proofs-sessions.js';
import { refuse, write } from './scenes.js';
import { outcomes, type Client } from './session.js';
import { mutation, unique, type Someone, type World } from './world.js';

const better = 'a better password';
const verification = 'Confirm your e-mail address';
const reset = 'Reset your password';
const newAddress = () => `moved-${unique()}@example.org`;

const mayLogIn = ({ anonymous }: World, { handle }: Someone, password: string): Promise<unknown> => write(anonymous, 'login', { login: handle, password });

/** Asks for a mail and takes the token out of it. */
async function resetToken(world: World, who: Someone): Promise<string> {
  await write(world.anonymous, 'requestPasswordReset', { email: who.email });
  return world.mailed(who.email, reset);
}

async function moveTo(world: World, who: Someone, email: string): Promise<string> {
  await write(who, 'changeEmail', { email, password: who.password });
  return world.mailed(email, verification);
}

const addressOf = async (who: Client) => (await who.ask('{ me { email emailVerified } }')).me;

export const passwordProofs: Proof[] = [
  {
    operation: 'Mutation.changePassword', outcome: 'success', title: 'changes it, ends the other sessions and goes on with this one under a new refresh token',
    async prove(world) {
      const ada = await world.login(await world.person());
      const there = await world.login(ada);
      const { refreshToken } = await write(ada, 'changePassword', { currentPassword: ada.password, newPassword: better }, { selection: 'refreshToken' });
      await locked(there);
      await isSignedIn(ada, ada);
      expect(await refuse(world.anonymous, 'refreshSession', { refreshToken: ada.refreshToken })).toMatchObject({ code: 'UNAUTHENTICATED' });
      await write(world.anonymous, 'refreshSession', { refreshToken });
      await mayLogIn(world, ada, better);
      expect(await refuse(world.anonymous, 'login', { login: ada.handle, password: ada.password })).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  {
    operation: 'Mutation.changePassword', outcome: 'refusal', title: 'is UNAUTHENTICATED with a wrong password or without a token, BAD_USER_INPUT for one too short, FORBIDDEN to an API token',
    async prove(world) {
      const ada = await world.person();
      const { secret } = await write(ada, 'createApiToken', { name: 'All', scopes: ['READ', 'WRITE'] }, { selection: 'secret' });
      const input = { currentPassword: ada.password, newPassword: better };
      expect(await refuse(ada, 'changePassword', { ...input, currentPassword: 'wrong' })).toMatchObject({ code: 'UNAUTHENTICATED', path: ['changePassword'] });
      expect(await refuse(ada, 'changePassword', { ...input, newPassword: 'short' })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.newPassword' }] });
      expect(await refuse(world.anonymous, 'changePassword', input)).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await refuse(world.bearer(secret), 'changePassword', input)).toMatchObject({ code: 'FORBIDDEN' });
      await mayLogIn(world, ada, ada.password);
    },
  },
  {
    operation: 'Mutation.changePassword', outcome: 'conflict', title: 'is done by exactly one of two sessions that change it at once; the other is ended',
    async prove(world) {
      const ada = await world.person();
      const there = await world.login(ada);
      const change = (who: Client, newPassword: string) => who.answer(mutation('changePassword', 'accessToken'), { input: { currentPassword: ada.password, newPassword } });
      const answers = await Promise.all([change(ada, 'the first new one'), change(there, 'the other new one')]);
      expect(outcomes(answers)).toEqual(['UNAUTHENTICATED', 'data']);
      const won = answers[0]?.errors ? 'the other new one' : 'the first new one';
      await mayLogIn(world, ada, won);
    },
  },
  {
    operation: 'Mutation.requestPasswordReset', outcome: 'success', title: 'mails a one-time token to the account that has the address, and answers for nobody\'s address alike',
    async prove(world) {
      const ada = await world.person();
      const request = mutation('requestPasswordReset', 'ok');
      const [known, unknown] = [await world.anonymous.answer(request, { input: { email: ada.email.toUpperCase() } }), await world.anonymous.answer(request, { input: { email: newAddress() } })];
      expect(known).toEqual(unknown);
      expect(known).toMatchObject({ data: { requestPasswordReset: { ok: true } } });
      expect(await world.mailed(ada.email, reset)).toMatch(/^[\w-]{43}$/);
    },
  },
  {
    operation: 'Mutation.requestPasswordReset', outcome: 'refusal', title: 'is BAD_USER_INPUT for what is no address, and RATE_LIMITED after five mails to one, known or not',
    async prove(world) {
      expect(await refuse(world.anonymous, 'requestPasswordReset', { email: 'no address' })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.email' }] });
      for (const email of [newAddress(), (await world.person()).email]) {
        for (let sent = 0; sent < 5; sent += 1) await write(world.anonymous, 'requestPasswordReset', { email });
        const refusal = await refuse(world.anonymous, 'requestPasswordReset', { email: email.toUpperCase() });
        expect(refusal).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
      }
    },
  },
  {
    operation: 'Mutation.resetPassword', outcome: 'success', title: 'sets a new password by the mailed token, ends every session and signs in; the address counts as verified',
    async prove(world) {
      const ada = await world.person();
      const { accessToken } = await write(world.anonymous, 'resetPassword', { token: await resetToken(world, ada), newPassword: better }, { selection: 'accessToken' });
      await locked(ada);
      expect(await addressOf(world.bearer(accessToken))).toEqual({ email: ada.email, emailVerified: true });
      await mayLogIn(world, ada, better);
    },
  },
  {
    operation: 'Mutation.resetPassword', outcome: 'refusal', title: 'is BAD_USER_INPUT at the field for a token that is none, one of another kind, and a password too short, which leaves the token good',
    async prove(world) {
      const ada = await world.person();
      const token = await resetToken(world, ada);
      await write(ada, 'requestEmailVerification', {});
      for (const none of ['x'.repeat(43), '', await world.mailed(ada.email, verification)]) {
        expect(await refuse(world.anonymous, 'resetPassword', { token: none, newPassword: better })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.token' }] });
      }
      expect(await refuse(world.anonymous, 'resetPassword', { token, newPassword: 'short' })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.newPassword' }] });
      await isSignedIn(ada, ada);
      await write(world.anonymous, 'resetPassword', { token, newPassword: better });
    },
  },
  {
    operation: 'Mutation.resetPassword', outcome: 'conflict', title: 'takes a token from exactly one of two who send it at once',
    async prove(world) {
      const ada = await world.person();
      const token = await resetToken(world, ada);
      const passwords = ['the first new one', 'the other new one'];
      const answers = await Promise.all(passwords.map((newPassword) => world.anonymous.answer(mutation('resetPassword', 'accessToken'), { input: { token, newPassword } })));
      expect(outcomes(answers)).toEqual(['BAD_USER_INPUT', 'data']);
      await mayLogIn(world, ada, passwords[answers[0]?.errors ? 1 : 0] as string);
    },
  },
  {
    operation: 'Mutation.requestEmailVerification', outcome: 'success', title: 'mails a token to the own address; a verified one gets none and the answer is the same',
    async prove(world) {
      const ada = await world.person();
      const ask = () => ada.ask(mutation('requestEmailVerification', 'ok'));
      expect(await ask()).toEqual({ requestEmailVerification: { ok: true } });
      await write(world.anonymous, 'verifyEmail', { token: await world.mailed(ada.email, verification) });
      // Beyond the limit of five mails an hour: none of these is one.
      for (let sent = 0; sent < 6; sent += 1) expect(await ask()).toEqual({ requestEmailVerification: { ok: true } });
    },
  },
  {
    operation: 'Mutation.requestEmailVerification', outcome: 'refusal', title: 'is UNAUTHENTICATED without a token and RATE_LIMITED after five mails',
    async prove(world) {
      const ada = await world.person();
      const document = mutation('requestEmailVerification', 'ok');
      expect(await world.anonymous.refused(document)).toMatchObject({ code: 'UNAUTHENTICATED', path: ['requestEmailVerification'] });
      for (let sent = 0; sent < 5; sent += 1) await ada.ask(document);
      expect(await ada.refused(document)).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
    },
  },
  {
    operation: 'Mutation.verifyEmail', outcome: 'success', title: 'takes the mailed token, from whoever brings it: the address counts as verified',
    async prove(world) {
      const ada = await world.person();
      await write(ada, 'requestEmailVerification', {});
      const { user } = await write(world.anonymous, 'verifyEmail', { token: await world.mailed(ada.email, verification) }, { selection: 'user { id emailVerified }' });
      expect(user).toEqual({ id: ada.id, emailVerified: null });
      expect(await addressOf(ada)).toEqual({ email: ada.email, emailVerified: true });
    },
  },
  {
    operation: 'Mutation.verifyEmail', outcome: 'refusal', title: 'is BAD_USER_INPUT for a token that is none, was used or is of another kind',
    async prove(world) {
      const ada = await world.person();
      await write(ada, 'requestEmailVerification', {});
      const used = await world.mailed(ada.email, verification);
      const other = await resetToken(world, ada);
      for (const token of ['x'.repeat(43), '', other]) expect(await refuse(world.anonymous, 'verifyEmail', { token })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.token' }] });
      await write(world.anonymous, 'verifyEmail', { token: used });
      expect(await refuse(world.anonymous, 'verifyEmail', { token: used })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.token' }] });
    },
  },
  {
    operation: 'Mutation.verifyEmail', outcome: 'conflict', title: 'is CONFLICT where another account has taken the address meanwhile',
    async prove(world) {
      const ada = await world.person();
      const email = newAddress();
      const token = await moveTo(world, ada, email);
      const handle = `faster-${unique()}`;
      await write(world.anonymous, 'register', { handle, email: email.toUpperCase(), password: better });
      expect(await refuse(world.anonymous, 'verifyEmail', { token })).toMatchObject({ code: 'CONFLICT', fields: ['email'], path: ['verifyEmail'] });
      expect(await addressOf(ada)).toEqual({ email: ada.email, emailVerified: false });
    },
  },
  {
    operation: 'Mutation.changeEmail', outcome: 'success', title: 'takes effect with the token mailed to the new address, and not before',
    async prove(world) {
      const ada = await world.person();
      const email = newAddress();
      const token = await moveTo(world, ada, email);
      expect(await addressOf(ada)).toEqual({ email: ada.email, emailVerified: false });
      await write(world.anonymous, 'verifyEmail', { token });
      expect(await addressOf(ada)).toEqual({ email, emailVerified: true });
      await write(world.anonymous, 'login', { login: email, password: ada.password });
    },
  },
  {
    operation: 'Mutation.changeEmail', outcome: 'refusal', title: 'is UNAUTHENTICATED with a wrong password or without a token, BAD_USER_INPUT for no address, FORBIDDEN to an API token',
    async prove(world) {
      const ada = await world.person();
      const { secret } = await write(ada, 'createApiToken', { name: 'All', scopes: ['READ', 'WRITE'] }, { selection: 'secret' });
      const input = { email: newAddress(), password: ada.password };
      expect(await refuse(ada, 'changeEmail', { ...input, password: 'wrong' })).toMatchObject({ code: 'UNAUTHENTICATED', path: ['changeEmail'] });
      for (const email of ['no address', 'a<b@example.org>']) {
        expect(await refuse(ada, 'changeEmail', { ...input, email })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.email' }] });
      }
      expect(await refuse(world.anonymous, 'changeEmail', input)).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await refuse(world.bearer(secret), 'changeEmail', input)).toMatchObject({ code: 'FORBIDDEN' });
    },
  },
  {
    operation: 'Mutation.changeEmail', outcome: 'conflict', title: 'lets the first address that is confirmed win: the token of another one asked for is void',
    async prove(world) {
      const ada = await world.person();
      const [one, two] = [newAddress(), newAddress()];
      const tokens = [await moveTo(world, ada, one), await moveTo(world, ada, two)];
      await write(world.anonymous, 'verifyEmail', { token: tokens[1] });
      expect(await refuse(world.anonymous, 'verifyEmail', { token: tokens[0] })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.token' }] });
      expect(await addressOf(ada)).toEqual({ email: two, emailVerified: true });
    },
  },
];
