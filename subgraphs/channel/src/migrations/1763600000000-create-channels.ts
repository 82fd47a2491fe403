import { createAccessTables } from '@taskgraph/shared/access/schema';
import { createEventLog, createTailTables } from '@taskgraph/shared/event-log-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Channels with their members, notifications with their deliveries, and what is copied from other subgraphs. */
export class CreateChannels1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table channels (
        id uuid primary key,
        name text not null,
        -- "C" compares bytes: folding is done by the application, so that two servers sort alike.
        name_key text collate "C" not null,
        description text,
        code text collate "C" not null unique,
        creator_id uuid not null,
        created_as text not null,
        member_count integer not null,
        created_at timestamptz not null,
        version integer not null,
        event_seq integer not null
      )`);
    await runner.query(`
      create table channel_members (
        channel_id uuid not null references channels (id) on delete cascade,
        user_id uuid not null,
        role text not null check (role in ('OWNER', 'MODERATOR', 'MEMBER')),
        joined_at timestamptz not null,
        primary key (channel_id, user_id)
      )`);
    await runner.query('create index channel_members_order on channel_members (channel_id, joined_at, user_id)');
    await runner.query('create index channel_members_user on channel_members (user_id)');
    // How often a person looked up codes in vain in the running window.
    await runner.query('create table code_lookups (user_id uuid primary key, since timestamptz not null, misses integer not null)');
    await runner.query(`
      create table contacts (
        user_id uuid primary key,
        handle text not null,
        name text not null,
        email text not null,
        email_verified boolean not null,
        time_zone text not null,
        role text not null,
        active boolean not null,
        version integer not null
      )`);
    await runner.query(`create index contacts_admin on contacts (user_id) where role = 'ADMIN' and active`);
    await runner.query(`
      create table notifications (
        id uuid primary key,
        user_id uuid not null,
        kind text not null,
        title text not null,
        body text,
        task_id uuid,
        project_id uuid,
        channel_id uuid,
        actor_id uuid,
        event_id uuid not null,
        created_at timestamptz not null,
        read_at timestamptz,
        unique (event_id, user_id)
      )`);
    await runner.query('create index notifications_list on notifications (user_id, created_at desc, id desc)');
    await runner.query('create index notifications_unread on notifications (user_id, created_at desc, id desc) where read_at is null');
    await runner.query(
      `create index notifications_joinable on notifications (user_id, task_id, created_at) where kind = 'TASK_UPDATED' and read_at is null`,
    );
    // The record of an e-mail; the job on the queue is only its hand.
    await runner.query(`
      create table deliveries (
        id uuid primary key,
        notification_id uuid not null unique references notifications (id) on delete cascade,
        state text not null check (state in ('PENDING', 'DELIVERED', 'SKIPPED', 'DEAD')),
        attempts integer not null default 0,
        next_attempt_at timestamptz not null default clock_timestamp(),
        queued_at timestamptz not null default clock_timestamp(),
        last_error text,
        created_at timestamptz not null default clock_timestamp()
      )`);
    await runner.query(`create index deliveries_due on deliveries (next_attempt_at) where state = 'PENDING'`);
    await createEventLog(runner, 'channel');
    await createTailTables(runner, 'channel');
    await createAccessTables(runner, 'channel');
    await runner.query('grant select, insert, update, delete on channels, channel_members, code_lookups to channel_app');
    await runner.query('grant select, insert, update on notifications to channel_app, channel_worker');
    await runner.query('grant select on contacts to channel_app');
    await runner.query('grant select, insert, update on contacts, deliveries to channel_worker');
    await runner.query('grant select on channels, channel_members to channel_worker');
  }

  async down(): Promise<void> {
    throw new Error('the first migration is not undone: empty the schema instead');
  }
}
