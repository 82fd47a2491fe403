// What a schema needs to tell of its dead letters and to run them again; called from a subgraph's migration.
import type { QueryRunner } from 'typeorm';

/** Adds to the table of `createTailTables` what has been told and what is to be run again. */
export async function reportDeadLetters(runner: QueryRunner, subgraph: string): Promise<void> {
  await runner.query(`
    alter table dead_letters
      -- When the list in the channel subgraph was told of it.
      add column reported_at timestamptz,
      -- When somebody asked for it to be run again.
      add column redrive_at timestamptz`);
  await runner.query('create index dead_letters_unreported on dead_letters (failed_at) where reported_at is null');
  await runner.query('create index dead_letters_redriven on dead_letters (redrive_at) where redrive_at is not null');
  await runner.query(`grant select, insert, update, delete on dead_letters to ${subgraph}_worker`);
}
