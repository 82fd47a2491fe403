// Who belonged where before an owner's log began a new epoch: what its restore took away must be told when it has been read again.
import type { PlaceKind } from '@taskgraph/shared/access/copy';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';

type Query = WriteTransaction['query'];

/** Before the copy is emptied, in the same transaction. Of two restores in a row the first one's members count. */
export const keepMembers = (query: Query, kind: PlaceKind): Promise<unknown> =>
  query(
    `insert into members_before_restore (kind, scope_id, user_id, version)
     select s.kind, m.scope_id, m.user_id, m.version from scope_members m join scopes s on s.scope_id = m.scope_id
     where s.kind = $1 and m.role is not null on conflict do nothing`,
    [kind],
  );

/** A scope with members from before, of an owner whose log has been read to its end since. */
export async function nextRestoredScope(query: Query, consumer: string): Promise<string | null> {
  const [row] = await query<{ scopeId: string }>(
    `select b.scope_id as "scopeId" from members_before_restore b
     where exists (select from positions p where p.consumer = $1 and p.source = b.kind and p.as_of is not null) limit 1`,
    [consumer],
  );
  return row?.scopeId ?? null;
}

export interface RestoredScope {
  /** Those who belong there no more; each has a tombstone now. */
  lost: string[];
  /** Latest version that was known of before. */
  version: number;
}

/** Compares them with the copy of now and forgets them. The caller holds the scope's lock. */
export async function settleMembers(query: Query, scopeId: string): Promise<RestoredScope> {
  const before = await query<{ userId: string; version: number }>('delete from members_before_restore where scope_id = $1 returning user_id as "userId", version', [scopeId]);
  // Whom the restored log does not know at all the copy does not know either. A membership that is being written waits or is found.
  await query(
    `insert into scope_members (scope_id, user_id, role, version) select $1, u, null, 0 from unnest($2::uuid[]) u on conflict do nothing`,
    [scopeId, before.map((row) => row.userId)],
  );
  const lost = await query<{ userId: string }>(
    'select user_id as "userId" from scope_members where scope_id = $1 and user_id = any ($2::uuid[]) and role is null order by user_id',
    [scopeId, before.map((row) => row.userId)],
  );
  return { lost: lost.map((row) => row.userId), version: Math.max(1, ...before.map((row) => row.version)) };
}
