import type { UserProfile } from '@taskgraph/shared/contracts/user-events';
import { selectRows } from '@taskgraph/shared/database';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';

/** Keeps what the user subgraph says of a person; an older statement loses. */
export async function saveContact(tx: WriteTransaction, user: UserProfile): Promise<void> {
  await tx.query(
    `insert into contacts as c (user_id, handle, name, email, email_verified, time_zone, role, active, version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (user_id) do update set
       handle = excluded.handle, name = excluded.name, email = excluded.email, email_verified = excluded.email_verified,
       time_zone = excluded.time_zone, role = excluded.role, active = excluded.active, version = excluded.version
     where c.version < excluded.version`,
    [user.userId, user.handle, user.name, user.email, user.emailVerified, user.timeZone, user.role, user.active, user.version],
  );
}

/** Null for nobody, and for somebody whose registration was not read yet. */
export async function findContactName(tx: WriteTransaction, userId: string | null): Promise<string | null> {
  return userId === null ? null : ((await findContactNames(tx, [userId]))[0] ?? null);
}

/** The same for many, in their order. */
export async function findContactNames(tx: WriteTransaction, userIds: readonly string[]): Promise<(string | null)[]> {
  const rows = await tx.query<{ name: string | null }>(
    'select c.name from unnest($1::uuid[]) with ordinality q (id, position) left join contacts c on c.user_id = q.id order by q.position',
    [userIds],
  );
  return rows.map((row) => row.name);
}

export async function findAdminIds(tx: WriteTransaction): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(`select user_id as id from contacts where role = 'ADMIN' and active`);
  return rows.map((row) => row.id);
}

export async function isAdmin(database: DataSource, userId: string): Promise<boolean> {
  return (await selectRows(database, `select 1 from contacts where user_id = $1 and role = 'ADMIN'`, [userId])).length > 0;
}

/** Empties the contacts, for a rebuild from the start of the user log. Until they are back, mail waits. */
export async function forgetContacts(tx: WriteTransaction): Promise<void> {
  await tx.query('truncate contacts');
}
