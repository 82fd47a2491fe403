import { reportDeadLetters } from '@taskgraph/shared/dead-letters-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The list of everybody's dead letters that nobody has asked to run again. */
export class ListDeadLetters1763800000034 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await reportDeadLetters(runner, 'channel');
    await runner.query(`
      create table listed_dead_letters (
        id uuid primary key,
        owner text not null,
        queue text collate "C" not null,
        name text not null,
        reason text not null,
        attempts integer not null,
        failed_at timestamptz(3) not null,
        -- By name. Nothing else of what the work was about is ever told.
        ids jsonb not null
      )`);
    await runner.query('create index listed_dead_letters_list on listed_dead_letters (failed_at, id)');
    await runner.query('create index listed_dead_letters_queue on listed_dead_letters (queue, failed_at, id)');
    await runner.query('grant select, delete on listed_dead_letters to channel_app');
    await runner.query('grant select, insert on listed_dead_letters to channel_worker');
    // Whoever asks for letters of this subgraph marks them in the transaction that takes them from the list.
    await runner.query('grant select (id), update (redrive_at) on dead_letters to channel_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table listed_dead_letters');
    await runner.query('alter table dead_letters drop column reported_at, drop column redrive_at');
  }
}
