import { reportDeadLetters } from '@taskgraph/shared/dead-letters-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Parked events are told of and can be run again. */
export class ReportDeadLetters1763800000032 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await reportDeadLetters(runner, 'task');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table dead_letters drop column reported_at, drop column redrive_at');
  }
}
