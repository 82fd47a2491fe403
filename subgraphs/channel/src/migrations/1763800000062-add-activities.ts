import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened in projects and channels, for the feed. */
export class AddActivities1763800000062 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table activities (
        -- The event's own id.
        id uuid primary key,
        kind text not null,
        actor_id uuid,
        task_id uuid,
        -- Where the task is now, or where it happened; exactly one is set, none where the task became a personal one.
        project_id uuid,
        channel_id uuid,
        summary text not null,
        at timestamptz not null,
        -- The task lies in the trash.
        trashed boolean not null default false
      )`);
    await runner.query('create index activities_project on activities (project_id, at desc, id desc) where project_id is not null and not trashed');
    await runner.query('create index activities_channel on activities (channel_id, at desc, id desc) where channel_id is not null and not trashed');
    await runner.query('create index activities_task on activities (task_id) where task_id is not null');
    await runner.query('create index activities_age on activities (at)');
    await runner.query('grant select, insert on activities to channel_app');
    await runner.query('grant select, insert, update, delete on activities to channel_worker');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: the logs are not read again for what happened before');
  }
}
