import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import { revokeSessions } from '../repositories/session-repository.js';
import { nextEvent } from '../repositories/user-repository.js';

type Ends = Pick<Context, 'tokens' | 'viewer' | 'requestId'>;

/** Access tokens are signed a moment after the session is written; milliseconds. */
const slackMs = 120_000;

/**
 * Ends sessions of one user, all of them or `only` one or all `except` one, inside a transaction that holds the user's lock.
 * Emits user.sessions-revoked for those whose access tokens may still live: the others need no telling.
 */
export async function endSessions(context: Ends, tx: WriteTransaction, userId: string, which: { only?: string; except?: string } = {}): Promise<void> {
  const now = new Date();
  const aliveSince = new Date(now.getTime() - context.tokens.accessMinutes * 60_000 - slackMs);
  const ended = await revokeSessions(tx, userId, which, now, aliveSince);
  const sessionIds = ended.filter(({ live }) => live).map(({ id }) => id);
  if (sessionIds.length > 0) await emitRevoked(context, tx, userId, { sessionIds, apiTokenIds: [] });
}

export async function emitRevoked(context: Ends, tx: WriteTransaction, userId: string, ended: { sessionIds: string[]; apiTokenIds: string[] }): Promise<void> {
  const { seq, version } = await nextEvent(tx, userId);
  await tx.emit({
    type: 'user.sessions-revoked', aggregateId: userId, seq, version, payload: { userId, ...ended, version },
    actorId: context.viewer?.id ?? userId, traceId: context.requestId,
  });
}
