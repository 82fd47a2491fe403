import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds what was given a place last, for whoever waits for news. */
export class FollowNotifications1763800000070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index notifications_order on notifications (place, user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index notifications_order');
  }
}
