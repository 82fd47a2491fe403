import type { EntityManager } from 'typeorm';
import type { PageRequest } from '@taskgraph/shared/pagination';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { UserEntity, type UserRow } from '../entities/user.js';

/** Answers in the order of `ids`, null where there is none: the shape DataLoader needs. */
export async function findUsersByIds(manager: EntityManager, ids: readonly string[]): Promise<(UserRow | null)[]> {
  const rows = await manager.createQueryBuilder(UserEntity, 'u').where('u.id = any(:ids::uuid[])', { ids: [...ids] }).getMany();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** What cannot be a handle or an address is nobody's, and does not meet the database. */
export const handleForm = /^[a-z0-9_-]{3,32}$/;
const addressForm = /^[^\u0000]{3,254}$/u;

export async function findUserByHandle(manager: EntityManager, handle: string): Promise<UserRow | null> {
  const folded = handle.toLowerCase();
  return handleForm.test(folded) ? manager.findOneBy(UserEntity, { handle: folded }) : null;
}

export const findUsersByHandles = (manager: EntityManager, handles: readonly string[]): Promise<UserRow[]> =>
  manager.createQueryBuilder(UserEntity, 'u').where('u.handle = any(:handles)', { handles: [...handles] }).getMany();

/** By addresses folded to lower case. */
export const findUsersByEmails = (manager: EntityManager, emailKeys: readonly string[]): Promise<UserRow[]> =>
  manager.createQueryBuilder(UserEntity, 'u').where('u.email_key = any(:emailKeys)', { emailKeys: [...emailKeys] }).getMany();

/** By handle or by e-mail address: handles hold no @. */
export async function findUserByLogin(manager: EntityManager, login: string): Promise<UserRow | null> {
  if (!login.includes('@')) return findUserByHandle(manager, login);
  return addressForm.test(login) ? findUserByEmail(manager, login.toLowerCase()) : null;
}

/** Which of the two is taken already. */
export async function findTaken(manager: EntityManager, handle: string, emailKey: string): Promise<('handle' | 'email')[]> {
  const rows = await manager.find(UserEntity, { where: [{ handle }, { emailKey }], select: { handle: true, emailKey: true } });
  const taken: ('handle' | 'email')[] = [];
  if (rows.some((row) => row.handle === handle)) taken.push('handle');
  if (rows.some((row) => row.emailKey === emailKey)) taken.push('email');
  return taken;
}

export const anyAdminExists = (manager: EntityManager): Promise<boolean> => manager.exists(UserEntity, { where: { role: 'ADMIN' } });

export const anyUserExists = (manager: EntityManager): Promise<boolean> => manager.exists(UserEntity);

export const findUserByEmail = (manager: EntityManager, emailKey: string): Promise<UserRow | null> => manager.findOneBy(UserEntity, { emailKey });

export const countActiveAdmins = (manager: EntityManager): Promise<number> => manager.countBy(UserEntity, { role: 'ADMIN', active: true });

/** The number of the account's next event, where the account itself does not change. */
export async function nextEvent(tx: WriteTransaction, userId: string): Promise<{ seq: number; version: number }> {
  const [row] = await tx.query<{ seq: number; version: number }>('update users set event_seq = event_seq + 1 where id = $1 returning event_seq as seq, version', [userId]);
  if (!row) throw new Error('there is no such user');
  return row;
}

/** Fields of the account that have changed since that version. */
export async function fieldsChangedSince(tx: WriteTransaction, userId: string, version: number): Promise<string[]> {
  const rows = await tx.query<{ field: string }>(
    `select distinct jsonb_array_elements_text(payload -> 'changed') as field from events
     where aggregate_id = $1 and version > $2 and type = 'user.updated'`,
    [userId, version],
  );
  return rows.map((row) => row.field);
}

/** Active users whose handle or name starts with `search`, by handle. */
export async function searchUsers(manager: EntityManager, search: string | null, page: PageRequest): Promise<UserRow[]> {
  const query = matching(manager, search).orderBy('u.handle').limit(page.size + 1);
  if (page.after) query.andWhere('u.handle > :after', { after: page.after[0] });
  return query.getMany();
}

export const countUsers = (manager: EntityManager, search: string | null): Promise<number> => matching(manager, search).getCount();

function matching(manager: EntityManager, search: string | null) {
  const query = manager.createQueryBuilder(UserEntity, 'u').where('u.active');
  if (search) {
    const pattern = `${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    query.andWhere('(u.handle like :pattern or u.name_key like :pattern)', { pattern });
  }
  return query;
}

/** The password is no field of the profile: it has neither version nor event. */
export const setPassword = (manager: EntityManager, id: string, passwordHash: string): Promise<unknown> => manager.update(UserEntity, { id }, { passwordHash });
