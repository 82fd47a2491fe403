import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { EntityManager } from 'typeorm';
import { SessionEntity, type SessionRow } from '../entities/session.js';

/** The session that a refresh token belongs or belonged to; `spentAt` is null for its newest token. */
export async function findSessionByToken(manager: EntityManager, hash: string): Promise<{ session: SessionRow; spentAt: Date | null } | null> {
  const current = await manager.findOneBy(SessionEntity, { tokenHash: hash });
  if (current) return { session: current, spentAt: null };
  const [spent] = (await manager.query('select session_id, spent_at from spent_refresh_tokens where token_hash = $1', [hash])) as {
    session_id: string;
    spent_at: Date;
  }[];
  const session = spent ? await manager.findOneBy(SessionEntity, { id: spent.session_id }) : null;
  return session && spent ? { session, spentAt: spent.spent_at } : null;
}

export const insertSession = (manager: EntityManager, session: SessionRow): Promise<unknown> => manager.insert(SessionEntity, session);

/** Makes `tokenHash` the session's newest token and remembers the one before as spent. */
export async function rotateSession(
  manager: EntityManager,
  session: SessionRow,
  next: Pick<SessionRow, 'tokenHash' | 'lastSeenAt' | 'expiresAt' | 'ip' | 'userAgent'>,
): Promise<void> {
  await manager.query('insert into spent_refresh_tokens (token_hash, session_id, spent_at) values ($1, $2, $3)', [session.tokenHash, session.id, next.lastSeenAt]);
  await manager.update(SessionEntity, { id: session.id }, next);
}

/** Gives the session a new token; the one before is unknown from now on. */
export const replaceToken = (manager: EntityManager, id: string, next: Pick<SessionRow, 'tokenHash' | 'lastSeenAt' | 'expiresAt'>): Promise<unknown> =>
  manager.update(SessionEntity, { id }, next);

/** The user's session of that id, ended or not. */
export const findSession = (manager: EntityManager, id: string, userId: string): Promise<SessionRow | null> => manager.findOneBy(SessionEntity, { id, userId });

export async function sessionLives(manager: EntityManager, { id, sessionId }: { id: string; sessionId: string }): Promise<boolean> {
  const session = await findSession(manager, sessionId, id);
  return session !== null && session.revokedAt === null && session.expiresAt > new Date();
}

/** The user's live sessions, the one last seen first. */
export const listSessions = (manager: EntityManager, userId: string): Promise<SessionRow[]> =>
  manager
    .createQueryBuilder(SessionEntity, 's')
    .where('s.userId = :userId and s.revokedAt is null and s.expiresAt > now()', { userId })
    .orderBy({ 's.lastSeenAt': 'DESC', 's.id': 'DESC' })
    .getMany();

/** Ends sessions of the user; `live` tells which had been seen since `aliveSince`. */
export const revokeSessions = (
  tx: WriteTransaction,
  userId: string,
  { only, except }: { only?: string; except?: string },
  now: Date,
  aliveSince: Date,
): Promise<{ id: string; live: boolean }[]> =>
  tx.query(
    `update sessions set revoked_at = $2
     where user_id = $1 and revoked_at is null and ($3::uuid is null or id = $3) and ($4::uuid is null or id <> $4)
     returning id, last_seen_at > $5 as live`,
    [userId, now, only ?? null, except ?? null, aliveSince],
  );
