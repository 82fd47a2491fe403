import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Addresses to which events of a project or channel are posted, and the record of each post. */
export class AddWebhooks1763800000064 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table webhooks (
        id uuid primary key,
        project_id uuid,
        channel_id uuid,
        url text not null,
        format text not null check (format in ('STANDARD', 'SLACK', 'TEAMS')),
        events text[] not null,
        active boolean not null default true,
        disabled_reason text,
        creator_id uuid not null,
        -- The secret is derived from it and the id, and never stored.
        generation integer not null default 1,
        -- When the secret was rotated last; the one before is signed with for a day.
        rotated_at timestamptz,
        -- The first failure since the last success.
        failing_since timestamptz,
        -- When its maker is to be told that it was disabled; null where nothing is to be told.
        tell_at timestamptz,
        disabled_at timestamptz,
        -- Seen by nobody any more; its deliveries go in batches, and then it.
        deleted_at timestamptz,
        created_at timestamptz(3) not null default now(),
        check (num_nonnulls(project_id, channel_id) = 1)
      )`);
    await runner.query('create index webhooks_project on webhooks (project_id) where project_id is not null and deleted_at is null');
    await runner.query('create index webhooks_channel on webhooks (channel_id) where channel_id is not null and deleted_at is null');
    await runner.query('create index webhooks_telling on webhooks (tell_at) where tell_at is not null');
    await runner.query('create index webhooks_deleted on webhooks (deleted_at) where deleted_at is not null');
    await runner.query(`
      create table webhook_deliveries (
        id uuid primary key,
        webhook_id uuid not null references webhooks (id),
        event_id uuid not null,
        event text not null,
        -- What the body is made from: ids and public fields as of the event.
        facts jsonb not null,
        task_id uuid,
        state text not null default 'PENDING' check (state in ('PENDING', 'DELIVERED', 'DEAD')),
        attempts integer not null default 0,
        response_status integer,
        last_error text,
        created_at timestamptz(3) not null default now(),
        next_attempt_at timestamptz not null default now(),
        queued_at timestamptz not null default now(),
        unique (webhook_id, event_id)
      )`);
    await runner.query('create index webhook_deliveries_log on webhook_deliveries (webhook_id, created_at desc, id desc)');
    await runner.query(`create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_attempt_at) where state = 'PENDING'`);
    await runner.query('create index webhook_deliveries_task on webhook_deliveries (task_id) where task_id is not null');
    await runner.query('create index webhook_deliveries_age on webhook_deliveries (created_at)');
    await runner.query('grant select, insert, update on webhooks, webhook_deliveries to channel_app');
    await runner.query('grant select, insert, update, delete on webhooks, webhook_deliveries to channel_worker');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table webhook_deliveries, webhooks');
  }
}
