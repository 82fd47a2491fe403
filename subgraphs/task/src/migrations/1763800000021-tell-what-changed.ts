import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Labels that were renamed and whose tasks the log has not told of yet, and who belonged where before a restore (jobs/tell-*.ts). */
export class TellWhatChanged1763800000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table label_renames (
        label_id uuid primary key references labels (id) on delete cascade,
        -- Another one with each renaming, so that work on an earlier one does not move this one on.
        id uuid not null,
        actor_id uuid,
        trace_id text,
        -- The last task that was looked at; all are looked at twice.
        seen_task_id uuid,
        again boolean not null default false,
        created_at timestamptz not null default clock_timestamp(),
        look_at timestamptz not null default clock_timestamp()
      )`);
    await runner.query('create index label_renames_due on label_renames (look_at)');
    await runner.query('grant select, insert, update on label_renames to task_app');
    await runner.query('grant select, update, delete on label_renames to task_worker');

    // Members as the copy knew them when it was emptied because a log had begun a new epoch.
    await runner.query(`
      create table members_before_restore (
        kind text not null check (kind in ('project', 'channel')),
        scope_id uuid not null,
        user_id uuid not null,
        version integer not null,
        primary key (scope_id, user_id)
      )`);
    await runner.query('grant select, insert, delete on members_before_restore to task_worker');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: what is left to tell would be forgotten');
  }
}
