import { createIdempotencyTable } from '@taskgraph/shared/idempotency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invites with their e-mails, the budget of code look-ups, answers kept for resends, and changing a member's role. */
export class CreateInvites1763700000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table project_invites (
        id uuid primary key,
        project_id uuid not null references projects (id) on delete cascade,
        role text not null check (role in ('OWNER', 'MAINTAINER', 'MEMBER', 'VIEWER')),
        email text,
        -- Folded by the application.
        email_key text collate "C",
        -- Keyed hash, for finding; null for an invite by e-mail until its code was made.
        code_hash text collate "C" unique,
        -- AES-256-GCM, for showing; null for an invite by e-mail, whose code nobody is shown.
        sealed_code text,
        max_uses integer check (max_uses > 0),
        uses integer not null default 0 check (uses >= 0 and (max_uses is null or uses <= max_uses)),
        created_by_id uuid not null,
        created_at timestamptz(3) not null,
        expires_at timestamptz(3) not null,
        revoked_at timestamptz,
        check ((email is null) = (email_key is null) and (email is null) = (sealed_code is not null)),
        check (sealed_code is null or code_hash is not null),
        check (email is null or max_uses = 1)
      )`);
    await runner.query('create index project_invites_list on project_invites (project_id, created_at, id) where revoked_at is null');
    await runner.query('create index project_invites_mailed_by on project_invites (created_by_id, created_at) where email is not null');
    await runner.query('create index project_invites_age on project_invites (expires_at)');
    // The record of an e-mail; the job on the queue is only its hand.
    await runner.query(`
      create table invite_mails (
        invite_id uuid primary key references project_invites (id) on delete cascade,
        state text not null default 'PENDING' check (state in ('PENDING', 'SENT', 'SKIPPED', 'DEAD')),
        attempts integer not null default 0,
        next_attempt_at timestamptz not null default clock_timestamp(),
        queued_at timestamptz not null default '-infinity',
        sent_at timestamptz(3),
        last_error text
      )`);
    await runner.query(`create index invite_mails_due on invite_mails (next_attempt_at) where state = 'PENDING'`);
    // How often a person looked up codes in vain in the running window.
    await runner.query('create table code_lookups (user_id uuid primary key, since timestamptz not null, misses integer not null)');
    await createIdempotencyTable(runner, 'project');
    await runner.query('grant update on project_members to project_app');
    await runner.query('grant select, insert, update on project_invites, code_lookups to project_app');
    await runner.query('grant select, insert on invite_mails to project_app');
    await runner.query('grant select on projects to project_worker');
    await runner.query('grant select, delete on project_invites, code_lookups, idempotency to project_worker');
    await runner.query('grant update (code_hash) on project_invites to project_worker');
    await runner.query('grant select, update on invite_mails to project_worker');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: empty the schema instead');
  }
}
