// Statements over the access copy. Each write carries the place's version and loses against a newer one.
import { scopeId, type ScopeKind } from '../scope.js';

export type PlaceKind = Exclude<ScopeKind, 'user'>;
export type Role = 'OWNER' | 'MAINTAINER' | 'MODERATOR' | 'MEMBER' | 'VIEWER';

/** Runs a statement and answers its rows. */
export type Rows = (sql: string, parameters: unknown[]) => Promise<Record<string, unknown>[]>;

export interface Place {
  kind: PlaceKind;
  id: string;
  name: string | null;
  key: string | null;
  writable: boolean;
  version: number;
}

export async function saveScope(rows: Rows, place: Place): Promise<void> {
  await rows(
    `insert into scopes as s (scope_id, kind, place_id, name, key, writable, version) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (scope_id) do update set
       name = coalesce(excluded.name, s.name), key = coalesce(excluded.key, s.key), writable = excluded.writable, version = excluded.version
     where s.version <= excluded.version`,
    [scopeId(place.kind, place.id), place.kind, place.id, place.name, place.key, place.writable, place.version],
  );
}

/** Writes a membership, or a tombstone where `role` is null. Answers whether this took a role away. */
export async function saveMember(rows: Rows, scope: string, userId: string, role: Role | null, version: number): Promise<{ lost: boolean }> {
  const before = await rows('select role, version from scope_members where scope_id = $1 and user_id = $2 for update', [scope, userId]);
  const changed = await rows(
    `insert into scope_members as m (scope_id, user_id, role, version) values ($1, $2, $3, $4)
     on conflict (scope_id, user_id) do update set role = excluded.role, version = excluded.version
     where m.version < excluded.version returning 1`,
    [scope, userId, role, version],
  );
  return { lost: changed.length > 0 && role === null && before[0]?.['role'] != null };
}

/** Leaves a tombstone of each member of a place that is no more. Answers who lost it. */
export async function removeEverybody(rows: Rows, scope: string, version: number): Promise<string[]> {
  const lost = await rows(
    `update scope_members set role = null, version = $2 where scope_id = $1 and role is not null and version < $2 returning user_id`,
    [scope, version],
  );
  return lost.map((row) => row['user_id'] as string);
}

/**
 * Empties the copy of one owner's places, for a rebuild from the start of that owner's log. Until the log has been read again
 * the feed counts as silent, so the owner is asked.
 */
export async function forgetPlaces(rows: Rows, kind: PlaceKind): Promise<void> {
  await rows(`delete from scope_members m using scopes s where s.scope_id = m.scope_id and s.kind = $1`, [kind]);
  await rows('delete from scopes where kind = $1', [kind]);
}
