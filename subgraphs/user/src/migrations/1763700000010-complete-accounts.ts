import { createIdempotencyTable } from '@taskgraph/shared/idempotency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where sessions come from, API tokens, mails with their one-time tokens, and signing keys that follow one another. */
export class CompleteAccounts1763700000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table sessions
        add column mode text not null default 'TOKEN' check (mode in ('TOKEN', 'COOKIE')),
        add column user_agent text,
        add column ip text`);
    await runner.query('create index sessions_end on sessions (expires_at)');
    await runner.query('create index spent_refresh_tokens_session on spent_refresh_tokens (session_id)');
    await runner.query('create index spent_refresh_tokens_age on spent_refresh_tokens (spent_at)');
    await runner.query('create index password_checks_age on password_checks (since)');
    await runner.query(`create index users_admins on users (id) where role = 'ADMIN' and active`);
    await runner.query(`
      create table api_tokens (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        name text not null,
        scopes text[] not null,
        -- SHA-256 of the secret, which is derived and never kept.
        secret_hash text not null unique,
        created_at timestamptz not null,
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz
      )`);
    await runner.query('create index api_tokens_user on api_tokens (user_id)');
    await runner.query(`
      create table mails (
        id uuid primary key,
        kind text not null check (kind in ('VERIFY', 'RESET')),
        -- Null for a reset: whether the address is anybody's is found out when the mail is made, so that asking takes the same time.
        user_id uuid references users (id) on delete cascade,
        email text not null,
        email_key text collate "C" not null,
        state text not null default 'PENDING' check (state in ('PENDING', 'SENT', 'SKIPPED', 'DEAD')),
        attempts integer not null default 0,
        next_attempt_at timestamptz not null default clock_timestamp(),
        queued_at timestamptz,
        last_error text,
        created_at timestamptz not null default clock_timestamp()
      )`);
    await runner.query(`create index mails_due on mails (next_attempt_at) where state = 'PENDING'`);
    await runner.query('create index mails_age on mails (created_at)');
    await runner.query('create index mails_user on mails (user_id)');
    await runner.query(`
      create table mail_tokens (
        token_hash text primary key,
        kind text not null,
        user_id uuid not null references users (id) on delete cascade,
        email text not null,
        email_key text collate "C" not null,
        expires_at timestamptz not null
      )`);
    await runner.query('create index mail_tokens_user on mail_tokens (user_id)');
    await runner.query('create index mail_tokens_end on mail_tokens (expires_at)');
    await runner.query('alter table signing_keys add column activates_at timestamptz');
    await runner.query('update signing_keys set activates_at = created_at');
    await runner.query('alter table signing_keys alter column activates_at set not null');
    await createIdempotencyTable(runner, 'user');
    await runner.query('grant select, insert, update on api_tokens, mails to user_app');
    await runner.query('grant select, delete on mail_tokens to user_app');
    await runner.query('grant delete on signing_keys to user_app');
    await runner.query('grant select on users to user_worker');
    await runner.query('grant select, update, delete on mails to user_worker');
    await runner.query('grant select, insert, update, delete on mail_tokens to user_worker');
    await runner.query('grant select, delete on sessions, spent_refresh_tokens, password_checks, idempotency to user_worker');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table api_tokens, mail_tokens, mails, idempotency');
    await runner.query('alter table signing_keys drop column activates_at');
    await runner.query('alter table sessions drop column mode, drop column user_agent, drop column ip');
    await runner.query('drop index spent_refresh_tokens_session, spent_refresh_tokens_age, password_checks_age, users_admins, sessions_end');
  }
}
