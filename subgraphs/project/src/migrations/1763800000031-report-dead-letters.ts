import { reportDeadLetters } from '@taskgraph/shared/dead-letters-schema';
import { createTailTables } from '@taskgraph/shared/event-log-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** E-mails that were given up are dead letters; guesses at codes are counted by the channel subgraph. */
export class ReportDeadLetters1763800000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTailTables(runner, 'project');
    await reportDeadLetters(runner, 'project');
    await runner.query(`
      insert into dead_letters (id, queue, name, reason, attempts, payload)
      select gen_random_uuid(), 'invite-mails', 'mail-invite', coalesce(last_error, ''), attempts, jsonb_build_object('inviteId', invite_id)
      from invite_mails where state = 'DEAD'`);
    await runner.query('drop table code_lookups');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: counts of guesses would begin anew');
  }
}
