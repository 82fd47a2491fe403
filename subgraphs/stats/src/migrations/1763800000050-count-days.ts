import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = 'task_facts, purged_tasks, counters, workloads, due_tasks, open_tasks, dependencies';

/**
 * Figures by day, by duration and by person, kept in generations: one is served while another may be made anew beside it. Facts
 * of before do not say when a task was made or finished, so the task log is read again from its start.
 */
export class CountDays1763800000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop table task_facts, counters, due_tasks');
    await runner.query(`update positions set place = '', as_of = null, applied_until = null where source = 'task'`);
    await runner.query(`
      create table generations (
        generation integer primary key generated always as identity,
        -- 'building': made from the start of the log. 'retired': emptied row by row, then forgotten.
        state text not null check (state in ('building', 'serving', 'retired')),
        since timestamptz not null default clock_timestamp()
      )`);
    await runner.query(`create unique index generations_one on generations (state) where state <> 'retired'`);
    await runner.query(`insert into generations (state) values ('serving')`);
    await runner.query(`
      create table task_facts (
        generation integer not null,
        task_id uuid not null,
        seq integer not null,
        project_id uuid,
        channel_id uuid,
        owner_id uuid,
        assignee_ids uuid[] not null,
        status text not null,
        priority smallint not null,
        due_at timestamptz,
        trashed boolean not null,
        blocked boolean not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        completed_at timestamptz,
        -- First time IN_PROGRESS.
        started_at timestamptz,
        -- The newest event by which it became COMPLETED or CANCELLED.
        closed_seq integer not null,
        closed_at timestamptz,
        closed_by uuid,
        -- Tasks of the same place that it waits for, as of the event of that number.
        blocker_ids uuid[] not null,
        blockers_seq integer not null,
        primary key (generation, task_id)
      )`);
    // What was erased stays erased, should an earlier event of it be heard late.
    await runner.query(`
      create table purged_tasks (
        generation integer not null,
        task_id uuid not null,
        at timestamptz not null default clock_timestamp(),
        primary key (generation, task_id)
      )`);
    await runner.query(`
      create table counters (
        generation integer not null,
        -- A person, a project or a channel; their ids are made apart, so that only kind and id together name a subject.
        kind text not null check (kind in ('user', 'project', 'channel')),
        subject_id uuid not null,
        figure text not null check (figure in ('status', 'created', 'completed', 'closed', 'cycle', 'lead')),
        -- Status and priority, quarter of an hour since 1970, or bucket of duration.
        key integer not null,
        n integer not null,
        primary key (generation, kind, subject_id, figure, key)
      )`);
    await runner.query(`
      create table workloads (
        generation integer not null,
        kind text not null check (kind in ('project', 'channel')),
        subject_id uuid not null,
        user_id uuid not null,
        open integer not null,
        completed integer not null,
        primary key (generation, kind, subject_id, user_id)
      )`);
    // Open tasks with a due date, once per subject: how many are overdue changes as time passes, without an event.
    await runner.query(`
      create table due_tasks (
        generation integer not null,
        kind text not null check (kind in ('user', 'project', 'channel')),
        subject_id uuid not null,
        task_id uuid not null,
        due_at timestamptz not null,
        primary key (generation, kind, subject_id, task_id)
      )`);
    await runner.query('create index due_tasks_due on due_tasks (generation, kind, subject_id, due_at)');
    // Open tasks of a person, found from the front of each thing that speaks for one.
    await runner.query(`
      create table open_tasks (
        generation integer not null,
        user_id uuid not null,
        task_id uuid not null,
        priority smallint not null,
        due_at timestamptz,
        updated_at timestamptz not null,
        -- Whether any task is known to wait for it.
        blocks boolean not null,
        primary key (generation, user_id, task_id)
      )`);
    await runner.query('create index open_tasks_due on open_tasks (generation, user_id, due_at) where due_at is not null');
    await runner.query('create index open_tasks_priority on open_tasks (generation, user_id, priority, updated_at desc)');
    await runner.query('create index open_tasks_updated on open_tasks (generation, user_id, updated_at desc)');
    await runner.query('create index open_tasks_blocks on open_tasks (generation, user_id, updated_at desc) where blocks');
    await runner.query('create index open_tasks_task on open_tasks (generation, task_id)');
    await runner.query(`
      create table dependencies (
        generation integer not null,
        blocker_id uuid not null,
        -- Waits for the blocker.
        task_id uuid not null,
        primary key (generation, blocker_id, task_id)
      )`);
    await runner.query(`grant select on ${tables} to stats_app`);
    await runner.query(`grant select, insert, update, delete on ${tables} to stats_worker`);
    await runner.query('grant select on generations to stats_app');
    await runner.query('grant select, insert, update, delete on generations to stats_worker');
    // Where a rebuild has ended, its place becomes the one from which the log is followed.
    await runner.query('grant delete on positions to stats_worker');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: what it emptied is made from the log');
  }
}
