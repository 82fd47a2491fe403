import { reportDeadLetters } from '@taskgraph/shared/dead-letters-schema';
import { createEventLog } from '@taskgraph/shared/event-log-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A log of its own, in which parked events are told of. */
export class ReportDeadLetters1763800000033 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createEventLog(runner, 'stats');
    await reportDeadLetters(runner, 'stats');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table dead_letters drop column reported_at, drop column redrive_at');
    await runner.query('drop table events, event_log');
  }
}
