import { notFound } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { LogoutInput, RevokeSessionInput } from '../generated/resolver-types.js';
import { dropCookie } from '../refresh-cookie.js';
import { findSession } from '../repositories/session-repository.js';
import { requireViewer } from './acting-user.js';
import { endSessions } from './end-sessions.js';

/** Ends this session or every one of the viewer; doing it again is the same. Emits user.sessions-revoked. */
export async function logout(context: Context, input: LogoutInput | null | undefined): Promise<{ ok: true }> {
  const { id, sessionId } = requireViewer(context);
  const which = input?.everywhere ? {} : { only: sessionId };
  await writeTransaction(context.database, { lock: [`user:${id}`], committed: context.committed }, (tx) => endSessions(context, tx, id, which));
  dropCookie(context.client, context.cookie);
  return { ok: true };
}

/** Ends one session of the viewer; one that has ended already is no error. NOT_FOUND for what is not theirs. */
export async function revokeSession(context: Context, input: RevokeSessionInput): Promise<{ id: string }> {
  const { id: userId } = requireViewer(context);
  return writeTransaction(context.database, { lock: [`user:${userId}`], committed: context.committed }, async (tx) => {
    const session = isUuid(input.id) ? await findSession(tx.manager, input.id, userId) : null;
    if (!session) throw notFound('session');
    await endSessions(context, tx, userId, { only: session.id });
    return { id: session.id };
  });
}
