import { unauthenticated } from '@taskgraph/shared/errors';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { RefreshSessionInput } from '../generated/resolver-types.js';
import { dropCookie } from '../refresh-cookie.js';
import { findSessionByToken, rotateSession } from '../repositories/session-repository.js';
import { findUsersByIds } from '../repositories/user-repository.js';
import { hashToken, successorOf } from '../tokens.js';
import { endSessions } from './end-sessions.js';
import { sessionEnd, signedIn, type OpenSession, type SignedIn } from './open-session.js';

/** How long a spent token still gives its successor: a lost answer must not sign anybody out. Milliseconds. */
const graceMs = 10_000;

/**
 * Swaps a refresh token, from the body or the cookie, for its successor, which goes back the same way. Used later than 10 s
 * after it was spent, it has been stolen or copied: the session ends (and that is committed, though the answer is a refusal).
 */
export async function refreshSession(context: Context, input: RefreshSessionInput): Promise<SignedIn> {
  const mode = input.refreshToken == null ? 'COOKIE' : 'TOKEN';
  const token = input.refreshToken ?? context.client.refreshCookie ?? '';
  const hash = hashToken(token);
  const refreshed = await writeTransaction(context.database, { lock: [`refresh-token:${hash}`], committed: context.committed }, async (tx): Promise<OpenSession | null> => {
    const before = await findSessionByToken(tx.manager, hash);
    // What lives in a cookie is good in the cookie only, and the other way round.
    if (!before || before.session.mode !== mode) return null;
    // Refreshing twice at once is one rotation, and a session being ended is not refreshed: what follows is read under the user's lock.
    tx.alsoLock([`user:${before.session.userId}`]);
    const { session, spentAt } = before;
    const now = new Date();
    const [user] = await findUsersByIds(tx.manager, [session.userId]);
    if (!user?.active || session.revokedAt || session.expiresAt <= now) return null;
    const successor = successorOf(token, context.tokens.secretKey);
    if (!spentAt) {
      const { ip, userAgent } = context.client;
      await rotateSession(tx.manager, session, { tokenHash: hashToken(successor), lastSeenAt: now, expiresAt: sessionEnd(context, now), ip, userAgent });
    } else if (now.getTime() - spentAt.getTime() > graceMs) {
      await endSessions(context, tx, user.id, { only: session.id });
      return null;
    }
    return { user, session: { ...session, expiresAt: sessionEnd(context, now) }, refreshToken: successor };
  });
  if (!refreshed) {
    dropCookie(context.client, context.cookie);
    throw unauthenticated('The refresh token is not valid.');
  }
  return signedIn(context, refreshed);
}
