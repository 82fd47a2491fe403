import type { ApiScope } from '@taskgraph/shared/identity';
import { EntitySchema } from 'typeorm';

/** A personal API token, without its secret. */
export interface ApiTokenRow {
  id: string;
  userId: string;
  name: string;
  scopes: ApiScope[];
  /** SHA-256 of the secret. */
  secretHash: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export const ApiTokenEntity = new EntitySchema<ApiTokenRow>({
  name: 'ApiToken',
  tableName: 'api_tokens',
  columns: {
    id: { type: 'uuid', primary: true },
    userId: { type: 'uuid', name: 'user_id' },
    name: { type: 'text' },
    scopes: { type: 'text', array: true },
    secretHash: { type: 'text', name: 'secret_hash' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at', nullable: true },
    lastUsedAt: { type: 'timestamptz', name: 'last_used_at', nullable: true },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
  },
});
