import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deliveries that have ended are deleted after a time. */
export class KeepDeliveriesForATime1763800000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index deliveries_ended on deliveries (created_at) where state <> 'PENDING'`);
    await runner.query('grant delete on deliveries to channel_worker');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('revoke delete on deliveries from channel_worker');
    await runner.query('drop index deliveries_ended');
  }
}
