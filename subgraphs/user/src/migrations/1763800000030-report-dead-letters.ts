import { reportDeadLetters } from '@taskgraph/shared/dead-letters-schema';
import { createTailTables } from '@taskgraph/shared/event-log-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails that were given up are dead letters, and the worker follows the channel log to hear which to run again. */
export class ReportDeadLetters1763800000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTailTables(runner, 'user');
    await reportDeadLetters(runner, 'user');
    await runner.query(`
      insert into dead_letters (id, queue, name, reason, attempts, payload)
      select gen_random_uuid(), 'mails', 'send-mail', coalesce(last_error, ''), attempts, jsonb_build_object('mailId', id, 'userId', user_id)
      from mails where state = 'DEAD'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table dead_letters, event_attempts, positions');
  }
}
