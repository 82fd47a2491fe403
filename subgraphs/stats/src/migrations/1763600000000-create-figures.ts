import { createAccessTables } from '@taskgraph/shared/access/schema';
import { createTailTables } from '@taskgraph/shared/event-log-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of each task, the counts made from it, the access copy and the positions in the logs. */
export class CreateFigures1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table task_facts (
        task_id uuid primary key,
        -- The task's newest event that is counted here: an older or equal one changes nothing.
        seq integer not null,
        project_id uuid,
        channel_id uuid,
        owner_id uuid,
        assignee_ids uuid[] not null,
        status text not null,
        priority smallint not null,
        due_at timestamptz
      )`);
    await runner.query(`
      create table counters (
        -- A person, a project or a channel; their ids are made apart, so that only kind and id together name a subject.
        kind text not null check (kind in ('user', 'project', 'channel')),
        subject_id uuid not null,
        status text not null,
        priority smallint not null,
        n integer not null,
        primary key (kind, subject_id, status, priority)
      )`);
    // Open tasks with a due date, once per subject: how many are overdue changes as time passes, without an event.
    await runner.query(`
      create table due_tasks (
        kind text not null check (kind in ('user', 'project', 'channel')),
        subject_id uuid not null,
        task_id uuid not null,
        due_at timestamptz not null,
        primary key (kind, subject_id, task_id)
      )`);
    await runner.query('create index due_tasks_due on due_tasks (kind, subject_id, due_at)');
    await createTailTables(runner, 'stats');
    await createAccessTables(runner, 'stats');
    await runner.query('grant select on counters, due_tasks to stats_app');
    await runner.query('grant select, insert, update on task_facts, counters to stats_worker');
    await runner.query('grant select, insert, update, delete on due_tasks to stats_worker');
  }

  async down(): Promise<void> {
    throw new Error('the first migration is not undone: empty the schema instead');
  }
}
