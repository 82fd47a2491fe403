import { selectRows } from '@taskgraph/shared/database';
import type { DataSource } from 'typeorm';

/** Of these people, the ones that the copy of memberships knows in the scope. */
export async function findMembersAmong(database: DataSource, scopeId: string, userIds: readonly string[]): Promise<Set<string>> {
  const rows = await selectRows<{ userId: string }>(
    database,
    'select user_id as "userId" from scope_members where scope_id = $1 and role is not null and user_id = any ($2::uuid[])',
    [scopeId, userIds],
  );
  return new Set(rows.map(({ userId }) => userId));
}
