import { EntitySchema } from 'typeorm';

/** A signed-in session; its refresh tokens form a chain of which only the newest is good. */
export interface SessionRow {
  id: string;
  userId: string;
  /** SHA-256 of the newest refresh token. */
  tokenHash: string;
  /** Whether its refresh token lives in a cookie or with the program. */
  mode: 'TOKEN' | 'COOKIE';
  /** Who opened it, or refreshed it last, and from where. */
  userAgent: string | null;
  ip: string | null;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
}

export const SessionEntity = new EntitySchema<SessionRow>({
  name: 'Session',
  tableName: 'sessions',
  columns: {
    id: { type: 'uuid', primary: true },
    userId: { type: 'uuid', name: 'user_id' },
    tokenHash: { type: 'text', name: 'token_hash' },
    mode: { type: 'text' },
    userAgent: { type: 'text', name: 'user_agent', nullable: true },
    ip: { type: 'text', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    lastSeenAt: { type: 'timestamptz', name: 'last_seen_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
  },
});
