import { unauthenticated } from '@taskgraph/shared/errors';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { ChangePasswordInput } from '../generated/resolver-types.js';
import { checkNewPassword, hashPassword } from '../passwords.js';
import { voidMails } from '../repositories/mail-repository.js';
import { findSession, replaceToken } from '../repositories/session-repository.js';
import { setPassword } from '../repositories/user-repository.js';
import { hashToken, newRefreshToken } from '../tokens.js';
import { actingUser, requireViewer } from './acting-user.js';
import { checkPassword } from './check-password.js';
import { endSessions } from './end-sessions.js';
import { sessionEnd, signedIn, type SignedIn } from './open-session.js';

/**
 * Changes the password. Every other session ends; this one goes on with a new refresh token, its old one is unknown. Mailed
 * tokens that wait are void: they may have been asked for by whoever knew the old password.
 */
export async function changePassword(context: Context, input: ChangePasswordInput): Promise<SignedIn> {
  const viewer = requireViewer(context);
  checkNewPassword('input.newPassword', input.newPassword);
  const user = await actingUser(viewer, context.database.manager);
  const refusal = () => unauthenticated('The current password is wrong.');
  if (!(await checkPassword(context, user, user.handle, input.currentPassword))) throw refusal();
  const passwordHash = await hashPassword(input.newPassword, context.hashUntil);
  const opened = await writeTransaction(context.database, { lock: [`user:${user.id}`], committed: context.committed }, async (tx) => {
    const now = await actingUser(viewer, tx.manager);
    if (now.passwordHash !== user.passwordHash) throw refusal();
    const session = await findSession(tx.manager, viewer.sessionId, user.id);
    if (!session) throw unauthenticated();
    await setPassword(tx.manager, user.id, passwordHash);
    await voidMails(tx, user.id);
    await endSessions(context, tx, user.id, { except: session.id });
    const refreshToken = newRefreshToken();
    const lastSeenAt = new Date();
    const next = { tokenHash: hashToken(refreshToken), lastSeenAt, expiresAt: sessionEnd(context, lastSeenAt) };
    await replaceToken(tx.manager, session.id, next);
    return { user: now, session: { ...session, ...next }, refreshToken };
  });
  return signedIn(context, opened);
}
