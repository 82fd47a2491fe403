import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who answers for a webhook: it posts only while that person manages its place. */
export class KeepWebhooks1763800000065 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Who turned it on again after it had been off; null while that is its maker.
    await runner.query('alter table webhooks add column keeper_id uuid');
    await runner.query('create index webhooks_kept on webhooks ((coalesce(keeper_id, creator_id))) where active and deleted_at is null');
    // Those of accounts that were deactivated before anybody looked; the rights of all others are judged at each post.
    await runner.query(`
      update webhooks w set active = false, disabled_at = now(), disabled_reason = 'The account of whoever kept it was deactivated.'
      from contacts c where c.user_id = w.creator_id and not c.active and w.active and w.deleted_at is null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index webhooks_kept');
    await runner.query('alter table webhooks drop column keeper_id');
  }
}
