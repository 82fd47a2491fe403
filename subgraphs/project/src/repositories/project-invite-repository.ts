// Queries about invites.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource, EntityManager } from 'typeorm';
import type { ProjectInviteRow } from '../entities/project-invite.js';

type Query = WriteTransaction['query'];

const invite = `
  select i.id, i.project_id as "projectId", i.role, i.email, i.email_key as "emailKey", i.sealed_code as "sealedCode", i.max_uses as "maxUses",
         i.uses, i.created_by_id as "createdById", i.created_at as "createdAt", i.expires_at as "expiresAt", i.revoked_at as "revokedAt",
         m.sent_at as "mailedAt"
  from project_invites i left join invite_mails m on m.invite_id = i.id`;

const live = 'i.revoked_at is null and i.expires_at > clock_timestamp() and (i.max_uses is null or i.uses < i.max_uses)';

export async function findInvite(manager: EntityManager, id: string): Promise<ProjectInviteRow | null> {
  const [row] = await manager.query<ProjectInviteRow[]>(`${invite} where i.id = $1`, [id]);
  return row ?? null;
}

/** Whatever its state: whether it can be used is judged under the project's lock. */
export async function findInviteByCode(manager: EntityManager, codeHash: string): Promise<ProjectInviteRow | null> {
  const [row] = await manager.query<ProjectInviteRow[]>(`${invite} where i.code_hash = $1`, [codeHash]);
  return row ?? null;
}

/** Invites that can still be accepted, per project in the order of `projectIds`, oldest first. */
export async function findLiveInvites(manager: EntityManager, projectIds: readonly string[]): Promise<ProjectInviteRow[][]> {
  const rows = await manager.query<ProjectInviteRow[]>(`${invite} where i.project_id = any($1::uuid[]) and ${live} order by i.created_at, i.id`, [[...projectIds]]);
  return projectIds.map((id) => rows.filter((row) => row.projectId === id));
}

export async function countLiveInvites(query: Query, projectId: string): Promise<number> {
  const [row] = await query<{ count: number }>(`select count(*)::int as count from project_invites i where i.project_id = $1 and ${live}`, [projectId]);
  return row?.count ?? 0;
}

/** Invites by e-mail that a person made in the last hour, whatever became of them, and the seconds until the oldest is older. */
export async function countMailed(query: Query, userId: string): Promise<{ count: number; secondsLeft: number }> {
  const [row] = await query<{ count: number; secondsLeft: number }>(
    `select count(*)::int as count, coalesce(ceil(extract(epoch from min(created_at) + interval '1 hour' - now())), 0)::int as "secondsLeft"
     from project_invites where created_by_id = $1 and email is not null and created_at > now() - interval '1 hour'`,
    [userId],
  );
  return row ?? { count: 0, secondsLeft: 0 };
}

/** Answers false when another invite has the same code. */
export async function insertInvite(query: Query, row: ProjectInviteRow, codeHash: string | null): Promise<boolean> {
  const inserted = await query(
    `insert into project_invites (id, project_id, role, email, email_key, code_hash, sealed_code, max_uses, created_by_id, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (code_hash) do nothing returning 1`,
    [
      row.id, row.projectId, row.role, row.email, row.emailKey, codeHash, row.sealedCode, row.maxUses, row.createdById, row.createdAt, row.expiresAt,
    ],
  );
  return inserted.length > 0;
}

/** Leaves the e-mail of an invite to the worker. */
export const insertMail = (query: Query, inviteId: string): Promise<unknown> => query('insert into invite_mails (invite_id) values ($1)', [inviteId]);

/** The caller holds the project's lock and has judged the invite as live. */
export const countUse = (query: Query, id: string): Promise<unknown> => query('update project_invites set uses = uses + 1 where id = $1', [id]);

export const revokeInvite = (query: Query, id: string): Promise<unknown> =>
  query('update project_invites set revoked_at = clock_timestamp() where id = $1 and revoked_at is null', [id]);

/** Deletes up to 1,000 invites that ended more than 30 days ago; answers how many. */
export async function deleteOldInvites(database: DataSource): Promise<number> {
  const [, count] = (await database.query(
    `delete from project_invites where id in (select id from project_invites where expires_at < now() - interval '30 days' order by expires_at limit 1000)`,
  )) as [unknown, number];
  return count;
}
