import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Ids ascend in every order, so a list by descending priority or status is no one range of an index over them: what lies behind
 * a place is the rest of the equal ones and then all lower ones, and planning the second range took half as long as the whole
 * read of a page. Over the negative it is one comparison of rows. The table is written anew once; there are as many indexes as before.
 */
export class TurnSortKeys1763800000080 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Dropped first: writing the table anew would make them again.
    await runner.query('drop index tasks_scope_priority_desc');
    await runner.query('drop index tasks_scope_status_desc');
    await runner.query(`
      alter table tasks
        add column priority_down smallint not null generated always as (-priority) stored,
        add column status_down smallint not null generated always as
          (case status when 'PENDING' then -1 when 'IN_PROGRESS' then -2 when 'COMPLETED' then -3 else -4 end) stored`);
    await runner.query('create index tasks_scope_priority_down on tasks (scope_id, priority_down, id) where deleted_at is null');
    await runner.query('create index tasks_scope_status_down on tasks (scope_id, status_down, id) where deleted_at is null');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: the table would have to be written anew');
  }
}
