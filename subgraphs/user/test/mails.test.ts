// RULES §8: addresses and passwords, and the mails with one-time tokens by which they are proved and reset.
import { randomBytes } from 'node:crypto';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onDatabase } from './harness.js';
import { code, eventsOf, passwordOf, refresh, register, signIn, tryLogin } from './people.js';
import { startUserWithWorker, type Mailbox } from './worker-harness.js';

let user: Mailbox;
beforeAll(async () => void (user = await startUserWithWorker()));
afterAll(() => user.stop());

const requestReset = (email: string) => user.query('mutation ($email: EmailAddress!) { requestPasswordReset(input: { email: $email }) { ok } }', { email });
const reset = (token: string, newPassword: string) =>
  user.query('mutation ($token: String!, $newPassword: String!) { resetPassword(input: { token: $token, newPassword: $newPassword }) { accessToken refreshToken user { handle } } }', { token, newPassword });
const verify = (token: string) => user.query('mutation ($token: String!) { verifyEmail(input: { token: $token }) { user { handle } } }', { token });
const requestVerification = 'mutation { requestEmailVerification { ok } }';
const changeEmail = 'mutation ($email: EmailAddress!, $password: String!) { changeEmail(input: { email: $email, password: $password }) { user { email } } }';
const changePassword = 'mutation ($a: String!, $b: String!) { changePassword(input: { currentPassword: $a, newPassword: $b }) { accessToken refreshToken user { handle } } }';
const me = '{ me { email emailVerified version } }';
const rows = (sql: string) => onDatabase(user.database.admin, sql);
const allDone = () => eventually(async () => expect(await rows(`select 1 from mails where state = 'PENDING'`)).toEqual([]));

describe('verifying an address', () => {
  test('a mailed token verifies it, once', async () => {
    const ann = await register(user, 'ann');
    expect(await ann.ok(requestVerification)).toEqual({ requestEmailVerification: { ok: true } });
    const { token, subject } = await user.mailTo(ann.email);
    expect(subject).toBe('Confirm your e-mail address');
    expect((await verify(token)).data.verifyEmail.user.handle).toBe('ann');
    expect((await ann.ok(me)).me).toEqual({ email: ann.email, emailVerified: true, version: 2 });
    expect(await eventsOf(user, ann.id, 'user.updated')).toMatchObject([{ payload: { emailVerified: true, changed: ['emailVerified'] } }]);
    expect((await verify(token)).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.token' }] });
    // Verified already: there is nothing to mail.
    await ann.ok(requestVerification);
    await allDone();
    expect(await user.mailsTo(ann.email)).toHaveLength(1);
  });

  test('unknown, expired and foreign tokens are refused alike', async () => {
    const bob = await register(user, 'bob');
    await bob.ok(requestVerification);
    const { token } = await user.mailTo(bob.email);
    const asReset = await reset(token, 'another password');
    await rows(`update mail_tokens set expires_at = now() - interval '1 second' where user_id = '${bob.id}'`);
    const answers = [await verify(token), await verify('made up'), await verify(randomBytes(32).toString('base64url')), asReset];
    expect(new Set(answers.map((answer) => answer.errors?.[0]?.message)).size).toBe(1);
    expect((await bob.ok(me)).me.emailVerified).toBe(false);
  });
});

describe('changing the address', () => {
  test('takes effect when the new address is verified, and not before', async () => {
    const cid = await register(user, 'cid');
    expect((await cid.ok(changeEmail, { email: 'Cid@new.example.org', password: passwordOf('cid') })).changeEmail.user.email).toBe(cid.email);
    const { token } = await user.mailTo('Cid@new.example.org');
    expect((await cid.ok(me)).me.email).toBe(cid.email);
    await verify(token);
    expect((await cid.ok(me)).me).toEqual({ email: 'Cid@new.example.org', emailVerified: true, version: 2 });
    expect((await tryLogin(user, 'cid@new.example.org', passwordOf('cid'))).errors).toBeUndefined();
    expect(code(await tryLogin(user, cid.email, passwordOf('cid')))).toBe('UNAUTHENTICATED');
    expect(await eventsOf(user, cid.id, 'user.updated')).toMatchObject([{ payload: { email: 'Cid@new.example.org', changed: ['email', 'emailVerified'] } }]);
  });

  test('a token for the old address is void once the new one is verified', async () => {
    const dee = await register(user, 'dee');
    await dee.ok(requestVerification);
    const old = await user.mailTo(dee.email);
    await dee.ok(changeEmail, { email: 'dee@new.example.org', password: passwordOf('dee') });
    await verify((await user.mailTo('dee@new.example.org')).token);
    expect(code(await verify(old.token))).toBe('BAD_USER_INPUT');
    expect((await dee.ok(me)).me.email).toBe('dee@new.example.org');
  });

  test('somebody else\'s address is answered like any other, and gets no mail', async () => {
    const eli = await register(user, 'eli');
    const fay = await register(user, 'fay');
    const answer = await eli.ok(changeEmail, { email: fay.email, password: passwordOf('eli') });
    expect(answer.changeEmail.user.email).toBe(eli.email);
    await allDone();
    expect(await user.mailsTo(fay.email)).toEqual([]);
  });

  test('of two who race for one free address, one gets it and the other hears CONFLICT', async () => {
    const [gus, hal] = [await register(user, 'gus'), await register(user, 'hal')];
    const wanted = 'wanted@example.org';
    await gus.ok(changeEmail, { email: wanted, password: passwordOf('gus') });
    await hal.ok(changeEmail, { email: wanted, password: passwordOf('hal') });
    await user.mailTo(wanted, 2);
    const answers = await Promise.all((await user.mailsTo(wanted)).map((mail) => verify(mail.token)));
    expect(answers.map(code).filter(Boolean)).toEqual(['CONFLICT']);
  });

  test('needs the password, and a wrong one is UNAUTHENTICATED', async () => {
    const ida = await register(user, 'ida');
    expect(code(await ida.ask(changeEmail, { email: 'x@example.org', password: 'wrong' }))).toBe('UNAUTHENTICATED');
    expect(await rows(`select 1 from mails where email_key = 'x@example.org'`)).toEqual([]);
  });
});

describe('changing the password', () => {
  test('ends every other session, this one goes on with a new refresh token', async () => {
    const here = await register(user, 'jan');
    const there = await signIn(user, 'jan');
    const { changePassword: changed } = await here.ok(changePassword, { a: passwordOf('jan'), b: 'a better password' });
    expect(code(await refresh(user, there.refreshToken))).toBe('UNAUTHENTICATED');
    expect(code(await refresh(user, here.refreshToken))).toBe('UNAUTHENTICATED');
    expect((await refresh(user, changed.refreshToken)).errors).toBeUndefined();
    expect((await here.ok('{ sessions { id current } }')).sessions).toEqual([{ id: here.sessionId, current: true }]);
    expect(await eventsOf(user, here.id, 'user.sessions-revoked')).toMatchObject([{ payload: { sessionIds: [there.sessionId] } }]);
    expect(code(await tryLogin(user, 'jan', passwordOf('jan')))).toBe('UNAUTHENTICATED');
    await signIn(user, 'jan', 'a better password');
  });

  test('makes mailed tokens void: who knew the old password may have asked for them', async () => {
    const kim = await register(user, 'kim');
    await kim.ok(changeEmail, { email: 'thief@example.org', password: passwordOf('kim') });
    const { token } = await user.mailTo('thief@example.org');
    await kim.ok(changePassword, { a: passwordOf('kim'), b: 'a better password' });
    expect(code(await verify(token))).toBe('BAD_USER_INPUT');
    expect((await kim.ok(me)).me.email).toBe(kim.email);
  });

  test('a bad new password is BAD_USER_INPUT and costs no check; a wrong current one is UNAUTHENTICATED', async () => {
    const lea = await register(user, 'lea');
    for (const b of ['short', 'x'.repeat(257), 'with\u0000zero bytes']) {
      expect((await lea.ask(changePassword, { a: passwordOf('lea'), b })).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.newPassword' }] });
    }
    expect(await rows(`select 1 from password_checks where account = '${lea.id}'`)).toEqual([]);
    expect(code(await lea.ask(changePassword, { a: 'wrong', b: 'a better password' }))).toBe('UNAUTHENTICATED');
  });

  test('at most 10 password checks per account in 15 minutes, in whatever mutations and however the document is shaped', async () => {
    const mia = await register(user, 'mia');
    const aliases = [
      ...Array.from({ length: 4 }, (_, index) => `l${index}: login(input: { login: "mia", password: "wrong-${index}" }) { accessToken }`),
      ...Array.from({ length: 4 }, (_, index) => `p${index}: changePassword(input: { currentPassword: "wrong-${index}", newPassword: "a better password" }) { accessToken }`),
      ...Array.from({ length: 4 }, (_, index) => `e${index}: changeEmail(input: { email: "y@example.org", password: "wrong-${index}" }) { user { id } }`),
    ];
    const answer = await mia.ask(`mutation { ${aliases.join(' ')} }`);
    const codes = answer.errors?.map((error) => error.extensions.code);
    expect(codes).toEqual([...Array.from({ length: 10 }, () => 'UNAUTHENTICATED'), 'RATE_LIMITED', 'RATE_LIMITED']);
    expect(code(await tryLogin(user, 'mia', passwordOf('mia')))).toBe('RATE_LIMITED');
  });
});

describe('resetting the password', () => {
  test('a mailed token sets a new one, once, ends all sessions, signs in, and the address counts as verified', async () => {
    const ned = await register(user, 'ned');
    expect((await requestReset('NED@example.org')).data.requestPasswordReset).toEqual({ ok: true });
    const { token, subject } = await user.mailTo(ned.email);
    expect(subject).toBe('Reset your password');
    const answer = await reset(token, 'a better password');
    expect(answer.data.resetPassword.user.handle).toBe('ned');
    expect((await refresh(user, answer.data.resetPassword.refreshToken)).errors).toBeUndefined();
    expect(code(await refresh(user, ned.refreshToken))).toBe('UNAUTHENTICATED');
    expect(await eventsOf(user, ned.id, 'user.sessions-revoked')).toMatchObject([{ payload: { sessionIds: [ned.sessionId] } }]);
    expect(code(await reset(token, 'yet another one'))).toBe('BAD_USER_INPUT');
    const again = await signIn(user, 'ned', 'a better password');
    expect((await again.ok(me)).me.emailVerified).toBe(true);
  });

  test('known and unknown addresses get the same answer by the same statements; only the known one gets a mail', async () => {
    const ova = await register(user, 'ova');
    const known = await requestReset(ova.email);
    const unknown = await requestReset('nobody@example.org');
    expect(unknown).toEqual(known);
    await user.mailTo(ova.email);
    await allDone();
    expect(await user.mailsTo('nobody@example.org')).toEqual([]);
    expect(await rows(`select state from mails where email_key in ('nobody@example.org', '${ova.email}') order by state`)).toEqual([{ state: 'SENT' }, { state: 'SKIPPED' }]);
  });

  test('a letter that only folds to the right one (K, the Kelvin sign) sends the mail to the account\'s own address', async () => {
    const kit = await register(user, 'kit');
    await requestReset('\u212ait@example.org');
    expect((await user.mailTo(kit.email)).subject).toBe('Reset your password');
    expect(await user.mailsTo('\u212ait@example.org')).toEqual([]);
  });

  test('the sixth mail to one address in an hour is RATE_LIMITED, known or not', async () => {
    const pia = await register(user, 'pia');
    for (const email of [pia.email, 'never-seen@example.org']) {
      const answers = [];
      for (let index = 0; index < 6; index += 1) answers.push(await requestReset(email));
      expect(answers.map(code)).toEqual([undefined, undefined, undefined, undefined, undefined, 'RATE_LIMITED']);
    }
  });

  test('a token dies with its account and with its address', async () => {
    const [quy, ron] = [await register(user, 'quy'), await register(user, 'ron')];
    await Promise.all([requestReset(quy.email), requestReset(ron.email)]);
    const [forQuy, forRon] = [await user.mailTo(quy.email), await user.mailTo(ron.email)];
    await quy.ok('mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { user { id } } }', { id: quy.id });
    await rows(`update users set email = 'elsewhere@example.org', email_key = 'elsewhere@example.org' where id = '${ron.id}'`);
    for (const { token } of [forQuy, forRon]) expect(code(await reset(token, 'a better password'))).toBe('BAD_USER_INPUT');
    await requestReset(quy.email);
    await allDone();
    expect(await user.mailsTo(quy.email)).toHaveLength(1);
  });

  test('two uses of one token at once: one wins', async () => {
    const sue = await register(user, 'sue');
    await requestReset(sue.email);
    const { token } = await user.mailTo(sue.email);
    const answers = await Promise.all([reset(token, 'password number one'), reset(token, 'password number two')]);
    expect(answers.map(code).filter(Boolean)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('what is kept of a token', () => {
  test('only its hash, in the row made when the mail was made: not in events, queue payloads or mail rows', async () => {
    const tom = await register(user, 'tom');
    await requestReset(tom.email);
    await tom.ok(requestVerification);
    const tokens = (await (async () => (await user.mailTo(tom.email, 2), user.mailsTo(tom.email)))()).map((mail) => mail.token);
    expect(new Set(tokens).size).toBe(2);
    const dump = JSON.stringify([
      await rows('select * from mails'), await rows('select * from mail_tokens'), await rows('select * from events'), await rows('select * from sessions'),
    ]);
    for (const token of tokens) expect(dump).not.toContain(token);
  });

  test('a mail whose sending fails is tried again with the same token and id', async () => {
    const una = await register(user, 'una');
    await una.ok(requestVerification);
    const first = await user.mailTo(una.email);
    await rows(`update mails set state = 'PENDING', next_attempt_at = now(), queued_at = null where id = '${first.id}'`);
    await eventually(async () => expect(await rows(`select attempts from mails where id = '${first.id}' and state = 'SENT'`)).toEqual([{ attempts: 2 }]));
    expect(await user.mailsTo(una.email)).toEqual([first]);
  });
});

test('with REQUIRE_VERIFIED_EMAIL an unverified address gets its verification mail and nothing else (RULES §7)', async () => {
  const strict = await startUserWithWorker({ REQUIRE_VERIFIED_EMAIL: 'true' });
  try {
    const vic = await register(strict, 'vic');
    await strict.query('mutation ($email: EmailAddress!) { requestPasswordReset(input: { email: $email }) { ok } }', { email: vic.email });
    await vic.ok(requestVerification);
    expect((await strict.mailTo(vic.email)).subject).toBe('Confirm your e-mail address');
    await eventually(async () => expect(await onDatabase(strict.database.admin, `select 1 from mails where state = 'PENDING'`)).toEqual([]));
    expect(await strict.mailsTo(vic.email)).toHaveLength(1);
  } finally {
    await strict.stop();
  }
});
