import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A person sees figures in their own days: their time zone, as the user log tells it, and nothing else of them. */
export class KnowTimeZones1763800000051 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table people (user_id uuid primary key, time_zone text not null, version integer not null)');
    await runner.query('grant select on people to stats_app');
    await runner.query('grant select, insert, update, truncate on people to stats_worker');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: the user log would have to be forgotten too');
  }
}
