// Opens a session for a user who has just proved who they are.
import { newId } from '@taskgraph/shared/ids';
import type { EntityManager } from 'typeorm';
import type { Context } from '../context.js';
import type { SessionRow } from '../entities/session.js';
import type { UserRow } from '../entities/user.js';
import type { AuthPayload } from '../generated/resolver-types.js';
import { handOver } from '../refresh-cookie.js';
import { insertSession } from '../repositories/session-repository.js';
import { hashToken, issueAccessToken, newRefreshToken } from '../tokens.js';

export type SignedIn = Pick<AuthPayload, 'accessToken' | 'accessTokenExpiresAt' | 'refreshToken'> & { user: UserRow };

export interface OpenSession {
  session: SessionRow;
  refreshToken: string;
  user: UserRow;
}

const dayMs = 86_400_000;

export const sessionEnd = (context: Pick<Context, 'tokens'>, now: Date): Date => new Date(now.getTime() + context.tokens.sessionDays * dayMs);

/** Writes the session with `manager`. */
export async function openSession(context: Pick<Context, 'tokens' | 'client'>, manager: EntityManager, user: UserRow, mode: SessionRow['mode']): Promise<OpenSession> {
  const now = new Date();
  const refreshToken = newRefreshToken();
  const { ip, userAgent } = context.client;
  const session: SessionRow = {
    id: newId(), userId: user.id, tokenHash: hashToken(refreshToken), mode, ip, userAgent,
    createdAt: now, lastSeenAt: now, expiresAt: sessionEnd(context, now), revokedAt: null,
  };
  await insertSession(manager, session);
  return { session, refreshToken, user };
}

/** After the commit: signs the access token and hands the refresh token over, in the body or in the cookie. */
export async function signedIn(context: Context, { session, refreshToken, user }: OpenSession): Promise<SignedIn> {
  const access = await issueAccessToken(context.tokens, user, session.id);
  return { ...access, refreshToken: handOver(context.client, context.cookie, session, refreshToken), user };
}
