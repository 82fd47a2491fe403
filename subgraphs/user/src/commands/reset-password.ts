import { badInput } from '@taskgraph/shared/errors';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { RequestPasswordResetInput, ResetPasswordInput } from '../generated/resolver-types.js';
import { checkNewPassword, hashPassword } from '../passwords.js';
import { findMailToken, insertMail, takeMailToken, voidMails } from '../repositories/mail-repository.js';
import { findUsersByIds, setPassword } from '../repositories/user-repository.js';
import { hashToken } from '../tokens.js';
import { checkMailLimit } from './check-password.js';
import { endSessions } from './end-sessions.js';
import { openSession, signedIn, type SignedIn } from './open-session.js';
import { saveUser } from './profile-event.js';

/** Asks for a mail. Known and unknown addresses are one path here: whose it is, is found out by the job that makes the mail. */
export async function requestPasswordReset(context: Context, { email }: RequestPasswordResetInput): Promise<{ ok: true }> {
  await checkMailLimit(context, email.toLowerCase());
  await insertMail(context.database.manager, { kind: 'RESET', userId: null, email });
  return { ok: true };
}

/** Sets a new password by a mailed token, ends every session and opens one. The mail reached its reader, so the address is verified. */
export async function resetPassword(context: Context, input: ResetPasswordInput): Promise<SignedIn> {
  const refusal = () => badInput('input.token', 'is not a token that can be used');
  checkNewPassword('input.newPassword', input.newPassword);
  const hash = hashToken(input.token);
  const found = await findMailToken(context.database, 'RESET', hash);
  if (!found) throw refusal();
  const passwordHash = await hashPassword(input.newPassword, context.hashUntil);
  const opened = await writeTransaction(context.database, { lock: [`user:${found.userId}`], committed: context.committed }, async (tx) => {
    const [user] = await findUsersByIds(tx.manager, [found.userId]);
    const token = await takeMailToken(tx, 'RESET', hash);
    if (!token || !user?.active || user.emailKey !== token.emailKey) throw refusal();
    await setPassword(tx.manager, user.id, passwordHash);
    await voidMails(tx, user.id);
    const verified = await saveUser(context, tx, user, { emailVerified: true });
    await endSessions(context, tx, user.id);
    return openSession(context, tx.manager, verified, 'TOKEN');
  });
  return signedIn(context, opened);
}
