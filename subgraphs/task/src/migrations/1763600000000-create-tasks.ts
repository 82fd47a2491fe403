import { createAccessTables } from '@taskgraph/shared/access/schema';
import { createEventLog, createTailTables } from '@taskgraph/shared/event-log-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tasks with row level security, their refs, the copy of memberships and the event log. */
export class CreateTasks1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createEventLog(runner, 'task');
    await createTailTables(runner, 'task');
    await createAccessTables(runner, 'task');
    await runner.query('create index events_aggregate on events (aggregate_id, epoch, xid, ordinal)');
    await runner.query('create index events_audience on events using gin (audience)');

    await runner.query(`
      create table tasks (
        id uuid primary key,
        scope_id uuid not null,
        project_id uuid,
        channel_id uuid,
        owner_id uuid,
        ref text collate "C" unique,
        title text not null,
        description text,
        status text not null check (status in ('PENDING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED')),
        priority smallint not null check (priority between 1 and 10),
        start_at timestamptz,
        due_at timestamptz,
        completed_at timestamptz,
        creator_id uuid not null,
        assignee_ids uuid[] not null,
        created_as text not null,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        version integer not null,
        event_seq integer not null,
        check (num_nonnulls(project_id, channel_id, owner_id) = 1)
      )`);
    await runner.query('create index tasks_scope_newest on tasks (scope_id, created_at desc, id desc)');
    // Who is assigned to what, for lists per person; written together with tasks.assignee_ids.
    await runner.query(`
      create table task_assignees (
        task_id uuid not null references tasks (id) on delete cascade,
        user_id uuid not null,
        scope_id uuid not null,
        created_at timestamptz(3) not null,
        primary key (task_id, user_id)
      )`);
    await runner.query('create index task_assignees_user_newest on task_assignees (user_id, created_at desc, task_id desc)');
    // Last number given out per project; numbers are never reused.
    await runner.query('create table ref_counters (scope_id uuid primary key, last integer not null)');

    // The second wall: whatever a query forgets, the application role sees rows of the viewer's scopes only.
    const visible = `scope_id = any ((
      select array_append(coalesce(array_agg(m.scope_id), '{}'), nullif(current_setting('app.personal_scope', true), '')::uuid)
      from scope_members m
      where m.user_id = nullif(current_setting('app.viewer', true), '')::uuid and m.role is not null
    )::uuid[])`;
    for (const table of ['tasks', 'task_assignees']) {
      await runner.query(`alter table ${table} enable row level security`);
      await runner.query(`alter table ${table} force row level security`);
      await runner.query(`create policy ${table}_viewer on ${table} to task_app using (${visible})`);
      await runner.query(`create policy ${table}_worker on ${table} to task_worker using (true)`);
      await runner.query(`create policy ${table}_owner on ${table} to task_owner using (true)`);
    }
    // Where a task lies, for asking its place's owner whether the viewer may see it; tells nothing else.
    await runner.query(`
      create function task_places(ids uuid[], wanted_ref text) returns table (id uuid, project_id uuid, channel_id uuid, owner_id uuid)
      language sql stable security definer set search_path from current
      as $$ select t.id, t.project_id, t.channel_id, t.owner_id from tasks t where t.id = any (ids) or t.ref = wanted_ref $$`);
    await runner.query('revoke all on function task_places from public');
    await runner.query('grant execute on function task_places to task_app');
    await runner.query('grant select, insert, update on tasks to task_app');
    await runner.query('grant select, insert, delete on task_assignees to task_app');
    await runner.query('grant select, insert, update on ref_counters to task_app');
    await runner.query('grant select on tasks, task_assignees to task_worker');
  }

  async down(): Promise<void> {
    throw new Error('the first migration is not undone: empty the schema instead');
  }
}
