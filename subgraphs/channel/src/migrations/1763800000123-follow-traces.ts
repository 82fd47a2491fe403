import { addTraceParent } from '@taskgraph/shared/event-log-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An event remembers the trace of its request, which goes on where it is read. */
export class FollowTraces1763800000123 implements MigrationInterface {
  up(runner: QueryRunner): Promise<void> {
    return addTraceParent(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table events drop column trace_parent');
  }
}
