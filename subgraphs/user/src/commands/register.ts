import { createHash, timingSafeEqual } from 'node:crypto';
import { badInput, conflict, DomainError, forbidden } from '@taskgraph/shared/errors';
import { isUuidV7, newId } from '@taskgraph/shared/ids';
import { checkText } from '@taskgraph/shared/text';
import { sqlState, writeTransaction } from '@taskgraph/shared/write-transaction';
import type { EntityManager } from 'typeorm';
import type { Context } from '../context.js';
import { UserEntity, type UserRow } from '../entities/user.js';
import type { RegisterInput } from '../generated/resolver-types.js';
import { checkNewPassword, hashPassword } from '../passwords.js';
import { checkMode } from '../refresh-cookie.js';
import { anyAdminExists, anyUserExists, findTaken, findUsersByIds, handleForm } from '../repositories/user-repository.js';
import { checkPassword, checkTakenLimit, countTaken } from './check-password.js';
import { isTimeZone } from '../time-zone.js';
import { openSession, signedIn, type SignedIn } from './open-session.js';
import { profileEvent } from './profile-event.js';

/** How long the same registration may be sent again, in milliseconds. */
const repeatMs = 86_400_000;

/**
 * Makes an account and signs in. The first account of an installation is ADMIN; in production it is the first one that
 * brings the bootstrap token, so that somebody who was merely faster does not shut the operator out. CONFLICT when handle or e-mail is taken, RATE_LIMITED after 20 of these from one address in 15 minutes. Emits user.registered.
 */
export async function register(context: Context, input: RegisterInput): Promise<SignedIn> {
  checkMode(context.client, input.session ?? 'TOKEN');
  const account = checkInput(input);
  const repeated = await repeatedRegistration(context, account, input);
  if (repeated) return repeated;
  await checkTakenLimit(context);
  const passwordHash = await hashPassword(input.password, context.hashUntil);
  const lock = [`user:${account.id}`, `handle:${account.handle}`, `email:${account.emailKey}`];
  if (await adminIsOpen(context, context.database.manager, input.bootstrapToken)) lock.push('first-admin');
  try {
    const opened = await writeTransaction(context.database, { lock, committed: context.committed }, async (tx) => {
      const taken = await findTaken(tx.manager, account.handle, account.emailKey);
      if (taken.length > 0) throw conflict(`This ${taken.join(' and ')} is taken.`, { fields: taken });
      const open = await adminIsOpen(context, tx.manager, input.bootstrapToken);
      const user: UserRow = {
        ...account, passwordHash, emailVerified: false, bio: null, avatarUrl: null, active: true,
        role: open ? 'ADMIN' : 'MEMBER',
        createdAt: new Date(), version: 1, eventSeq: 1,
      };
      await tx.manager.insert(UserEntity, user);
      await tx.emit(profileEvent('user.registered', user, user.id, context.requestId));
      return openSession(context, tx.manager, user, input.session ?? 'TOKEN');
    });
    return await signedIn(context, opened);
  } catch (error) {
    const taken = sqlState(error) === '23505' ? conflict('This id, handle or e-mail is taken.') : error;
    if (taken instanceof DomainError && taken.code === 'CONFLICT') await countTaken(context);
    throw taken;
  }
}

type Account = Pick<UserRow, 'id' | 'handle' | 'email' | 'emailKey' | 'name' | 'timeZone' | 'registeredAs'>;

function checkInput(input: RegisterInput): Account {
  if (input.id != null && !isUuidV7(input.id)) throw badInput('input.id', 'must be a UUIDv7');
  const handle = input.handle.toLowerCase();
  if (!handleForm.test(handle)) throw badInput('input.handle', 'must be 3 to 32 of a-z, 0-9, _ and -');
  checkNewPassword('input.password', input.password);
  const name = checkText('input.name', input.name ?? handle, { min: 1, max: 100 });
  const timeZone = input.timeZone ?? 'UTC';
  if (!isTimeZone(timeZone)) throw badInput('input.timeZone', 'must be an IANA time zone such as Europe/Vienna');
  const { email } = input;
  const registeredAs = JSON.stringify([handle, email, name, timeZone]);
  return { id: input.id?.toLowerCase() ?? newId(), handle, email, emailKey: email.toLowerCase(), name, timeZone, registeredAs };
}

/** The same id and the same input within a day is the same registration: it signs in, as a password check. */
async function repeatedRegistration(context: Context, account: Account, { password, session }: RegisterInput): Promise<SignedIn | null> {
  const [present] = await findUsersByIds(context.database.manager, [account.id]);
  if (!present) return null;
  const same = present.registeredAs === account.registeredAs && Date.now() - present.createdAt.getTime() < repeatMs;
  if (!same || !(await checkPassword(context, present, present.handle, password))) throw conflict('This id is taken.', { fields: ['id'] });
  if (!present.active) throw conflict('This id is taken.', { fields: ['id'] });
  return signedIn(context, await writeTransaction(context.database, { lock: [`user:${present.id}`] }, (tx) => openSession(context, tx.manager, present, session ?? 'TOKEN')));
}

/** Whether this registration makes the installation's first ADMIN. A wrong bootstrap token is FORBIDDEN while there is none. */
async function adminIsOpen(context: Context, manager: EntityManager, given: string | null | undefined): Promise<boolean> {
  if (!context.production) return !(await anyUserExists(manager));
  if (given == null || (await anyAdminExists(manager))) return false;
  const expected = context.bootstrapToken;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (expected === null || !timingSafeEqual(digest(expected), digest(given))) throw forbidden('The bootstrap token is wrong.');
  return true;
}
