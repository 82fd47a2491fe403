import { badInput, conflict, unauthenticated } from '@taskgraph/shared/errors';
import { sqlState, writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { UserRow } from '../entities/user.js';
import type { ChangeEmailInput, VerifyEmailInput } from '../generated/resolver-types.js';
import { findMailToken, insertMail, takeMailToken, voidMails } from '../repositories/mail-repository.js';
import { findUserByEmail, findUsersByIds } from '../repositories/user-repository.js';
import { hashToken } from '../tokens.js';
import { actingUser, requireViewer } from './acting-user.js';
import { checkMailLimit, checkPassword } from './check-password.js';
import { saveUser } from './profile-event.js';

/** Asks for a mail to the own address; none is needed for one that is verified. */
export async function requestEmailVerification(context: Context): Promise<{ ok: true }> {
  const user = await actingUser(requireViewer(context), context.database.manager);
  if (user.emailVerified) return { ok: true };
  await checkMailLimit(context, user.emailKey);
  await insertMail(context.database.manager, { kind: 'VERIFY', userId: user.id, email: user.email });
  return { ok: true };
}

/** Asks for a mail to a new address. Nothing changes before its token comes back, and nobody learns here whose the address is. */
export async function changeEmail(context: Context, { email, password }: ChangeEmailInput): Promise<{ user: UserRow }> {
  const viewer = requireViewer(context);
  const user = await actingUser(viewer, context.database.manager);
  if (!(await checkPassword(context, user, user.handle, password))) throw unauthenticated('The password is wrong.');
  await checkMailLimit(context, email.toLowerCase());
  await writeTransaction(context.database, { lock: [`user:${user.id}`] }, async (tx) => {
    // The check took a while: whoever changed the password meanwhile meant to shut this request out.
    const now = await actingUser(viewer, tx.manager);
    if (now.passwordHash !== user.passwordHash) throw unauthenticated('The password is wrong.');
    await insertMail(tx.manager, { kind: 'VERIFY', userId: user.id, email });
  });
  return { user };
}

/** Takes a mailed token: its address is the account's and verified from now on. Emits user.updated. */
export async function verifyEmail(context: Context, input: VerifyEmailInput): Promise<{ user: UserRow }> {
  const refusal = () => badInput('input.token', 'is not a token that can be used');
  const hash = hashToken(input.token);
  const found = await findMailToken(context.database, 'VERIFY', hash);
  if (!found) throw refusal();
  const lock = [`user:${found.userId}`, `email:${found.emailKey}`];
  try {
    const user = await writeTransaction(context.database, { lock, committed: context.committed }, async (tx) => {
      const [before] = await findUsersByIds(tx.manager, [found.userId]);
      const token = await takeMailToken(tx, 'VERIFY', hash);
      if (!token || !before?.active) throw refusal();
      const holder = await findUserByEmail(tx.manager, token.emailKey);
      if (holder && holder.id !== before.id) throw taken();
      // What was mailed to other addresses, to this account's old one too, is void.
      await voidMails(tx, before.id);
      return saveUser(context, tx, before, { email: token.email, emailKey: token.emailKey, emailVerified: true });
    });
    context.users.clear(user.id);
    return { user };
  } catch (error) {
    if (sqlState(error) === '23505') throw taken();
    throw error;
  }
}

const taken = () => conflict('This e-mail is taken.', { fields: ['email'] });
