import { createEventLog } from '@taskgraph/shared/event-log-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Projects, their members and the event log. */
export class CreateProjects1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table projects (
        id uuid primary key,
        -- "C" compares bytes: folding is done by the application, so that two servers sort alike.
        key text collate "C" not null unique,
        name text not null,
        name_key text collate "C" not null,
        description text,
        status text not null check (status in ('ACTIVE', 'ARCHIVED')),
        created_by_id uuid not null,
        created_as text not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        version integer not null,
        event_seq integer not null
      )`);
    await runner.query(`
      create table project_members (
        project_id uuid not null references projects (id) on delete cascade,
        user_id uuid not null,
        role text not null check (role in ('OWNER', 'MAINTAINER', 'MEMBER', 'VIEWER')),
        -- Milliseconds, as cursors carry it.
        joined_at timestamptz(3) not null,
        primary key (project_id, user_id)
      )`);
    await runner.query('create index project_members_joined on project_members (project_id, joined_at, user_id)');
    await runner.query('create index project_members_user on project_members (user_id, project_id)');
    await runner.query(`create index project_members_owners on project_members (project_id, user_id) where role = 'OWNER'`);
    await createEventLog(runner, 'project');
    await runner.query('grant select, insert, update on projects to project_app');
    await runner.query('grant select, insert, delete on project_members to project_app');
  }

  async down(): Promise<void> {
    throw new Error('the first migration is not undone: empty the schema instead');
  }
}
