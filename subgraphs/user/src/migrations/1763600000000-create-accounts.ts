import { createEventLog } from '@taskgraph/shared/event-log-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts, sessions, signing keys and the event log. */
export class CreateAccounts1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table users (
        id uuid primary key,
        -- "C" compares bytes: folding is done by the application, so that two servers sort alike.
        handle text collate "C" not null unique,
        email text not null,
        email_key text collate "C" not null unique,
        email_verified boolean not null default false,
        name text not null,
        name_key text collate "C" not null generated always as (lower(name)) stored,
        bio text,
        avatar_url text,
        time_zone text not null,
        role text not null check (role in ('ADMIN', 'MEMBER')),
        active boolean not null default true,
        password_hash text not null,
        registered_as text not null,
        created_at timestamptz not null,
        version integer not null,
        event_seq integer not null
      )`);
    await runner.query('create index users_name on users (name_key text_pattern_ops)');
    await runner.query(`
      create table sessions (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        token_hash text not null unique,
        created_at timestamptz not null,
        last_seen_at timestamptz not null,
        expires_at timestamptz not null,
        revoked_at timestamptz
      )`);
    await runner.query('create index sessions_user on sessions (user_id)');
    await runner.query(`
      create table spent_refresh_tokens (
        token_hash text primary key,
        session_id uuid not null references sessions (id) on delete cascade,
        spent_at timestamptz not null
      )`);
    await runner.query(`
      create table password_checks (
        account text primary key,
        since timestamptz not null,
        checks integer not null
      )`);
    await runner.query(`
      create table signing_keys (
        kid text primary key,
        public_jwk jsonb not null,
        -- AES-256-GCM under a key derived from SECRET_KEY.
        sealed_private_jwk text not null,
        created_at timestamptz not null default now()
      )`);
    await createEventLog(runner, 'user');
    await runner.query('grant select, insert, update on users, sessions, password_checks to user_app');
    await runner.query('grant select, insert on spent_refresh_tokens to user_app');
    await runner.query('grant select, insert on signing_keys to user_app');
  }

  async down(): Promise<void> {
    throw new Error('the first migration is not undone: empty the schema instead');
  }
}
