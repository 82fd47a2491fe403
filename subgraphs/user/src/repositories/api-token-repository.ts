import type { ApiTokenOwner } from '@taskgraph/shared/contracts/api-token';
import { selectRows } from '@taskgraph/shared/database';
import type { DataSource, EntityManager } from 'typeorm';
import { ApiTokenEntity, type ApiTokenRow } from '../entities/api-token.js';

export const insertApiToken = (manager: EntityManager, token: ApiTokenRow): Promise<unknown> => manager.insert(ApiTokenEntity, token);

export const findApiToken = (manager: EntityManager, id: string, userId: string): Promise<ApiTokenRow | null> => manager.findOneBy(ApiTokenEntity, { id, userId });

export const revokeApiTokenRow = (manager: EntityManager, id: string, now: Date): Promise<unknown> => manager.update(ApiTokenEntity, { id }, { revokedAt: now });

/** The user's tokens that were not revoked, the newest first. */
export const listApiTokens = (manager: EntityManager, userId: string): Promise<ApiTokenRow[]> =>
  manager
    .createQueryBuilder(ApiTokenEntity, 't')
    .where('t.userId = :userId and t.revokedAt is null', { userId })
    .orderBy({ 't.createdAt': 'DESC', 't.id': 'DESC' })
    .getMany();

export const countLiveApiTokens = (manager: EntityManager, userId: string): Promise<number> =>
  manager
    .createQueryBuilder(ApiTokenEntity, 't')
    .where('t.userId = :userId and t.revokedAt is null and (t.expiresAt is null or t.expiresAt > now())', { userId })
    .getCount();

/** Whom a secret speaks for now, or null. Notes the use, at most once a minute. */
export async function useApiToken(database: DataSource, secretHash: string): Promise<ApiTokenOwner | null> {
  const [row] = await selectRows<{ id: string; userId: string; role: 'ADMIN' | 'MEMBER'; scopes: ApiTokenRow['scopes']; expiresAt: Date | null; stale: boolean }>(
    database,
    `select t.id, t.user_id as "userId", u.role, t.scopes, t.expires_at as "expiresAt",
            coalesce(t.last_used_at < now() - interval '1 minute', true) as stale
     from api_tokens t join users u on u.id = t.user_id
     where t.secret_hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now()) and u.active`,
    [secretHash],
  );
  if (!row) return null;
  const { stale, expiresAt, ...owner } = row;
  if (stale) await database.query('update api_tokens set last_used_at = now() where id = $1', [owner.id]);
  return { ...owner, expiresAt: expiresAt?.toISOString() ?? null };
}
