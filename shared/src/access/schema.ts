// Tables of a copy of who belongs where, for subgraphs that decide about access without owning memberships.
import type { QueryRunner } from 'typeorm';

export async function createAccessTables(runner: QueryRunner, subgraph: string): Promise<void> {
  await runner.query(`
    create table scopes (
      scope_id uuid primary key,
      kind text not null check (kind in ('project', 'channel')),
      -- The project's or channel's own id.
      place_id uuid not null,
      name text,
      -- Key of a project, for refs such as WEB-12.
      key text,
      writable boolean not null,
      version integer not null
    )`);
  await runner.query(`
    create table scope_members (
      scope_id uuid not null,
      user_id uuid not null,
      -- Null is a tombstone: was a member and is no longer. It keeps a late, older statement from reviving anybody.
      role text,
      version integer not null,
      primary key (scope_id, user_id)
    )`);
  await runner.query('create index scope_members_user on scope_members (user_id, scope_id) where role is not null');
  await runner.query(`grant select, insert, update on scopes, scope_members to ${subgraph}_app, ${subgraph}_worker`);
  // For a rebuild.
  await runner.query(`grant delete on scopes, scope_members to ${subgraph}_worker`);
}
