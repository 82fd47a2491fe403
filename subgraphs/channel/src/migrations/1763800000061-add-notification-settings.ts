import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people have decided about how they are told. Who has decided nothing has no row. */
export class AddNotificationSettings1763800000061 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table notification_settings (
        user_id uuid primary key,
        -- From kind to list of methods; a kind that is absent has its default.
        methods jsonb not null,
        -- HH:MM in the person's own time zone; both or neither.
        quiet_from text collate "C",
        quiet_to text collate "C",
        digest text not null check (digest in ('OFF', 'HOURLY', 'DAILY')),
        version integer not null,
        check ((quiet_from is null) = (quiet_to is null))
      )`);
    await runner.query('grant select, insert, update on notification_settings to channel_app');
    await runner.query('grant select on notification_settings to channel_worker');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: people would be mailed what they have unsubscribed from');
  }
}
