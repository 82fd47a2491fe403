import { addEpochToPositions } from '@taskgraph/shared/event-log-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Facts know of the trash, and the read models can be made again when a log they come from begins a new epoch. */
export class CountTrash1763700000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addEpochToPositions(runner, 'stats');
    await runner.query('alter table task_facts add column trashed boolean not null default false');
    await runner.query('grant delete on task_facts to stats_worker');
    await runner.query('grant truncate on task_facts, counters, due_tasks to stats_worker');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: trashed tasks would count again');
  }
}
