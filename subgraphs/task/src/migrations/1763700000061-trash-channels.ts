import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Channels that were deleted and whose tasks are on their way to the trash (jobs/trash-channels.ts). */
export class TrashChannels1763700000061 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table channel_purges (
        scope_id uuid primary key,
        -- Who deleted the channel, in which request, and when.
        actor_id uuid,
        trace_id text,
        deleted_at timestamptz(3) not null,
        created_at timestamptz not null default clock_timestamp()
      )`);
    await runner.query('grant select, insert, delete on channel_purges to task_worker');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: tasks of deleted channels would stay');
  }
}
