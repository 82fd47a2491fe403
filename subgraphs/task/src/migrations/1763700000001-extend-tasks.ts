import { createIdempotencyTable } from '@taskgraph/shared/idempotency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Everything that hangs on a task: order, trash, parents, blockers, labels, watchers, comments, recurrence, undo, templates. */
export class ExtendTasks1763700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createIdempotencyTable(runner, 'task');
    await runner.query(`
      alter table tasks
        add column parent_id uuid references tasks (id),
        add column deleted_at timestamptz(3),
        -- Manual order inside the scope; compared byte by byte.
        add column rank text collate "C" not null default 'a0',
        -- Whether an open blocker exists; kept by the commands that change one.
        add column blocked boolean not null default false,
        add column label_ids uuid[] not null default '{}',
        add column watcher_ids uuid[] not null default '{}',
        add column recurrence_rule text,
        add column recurrence_time_zone text,
        add column series_id uuid,
        -- The title folded to lower case by the application, so that every evaluator compares alike.
        add column title_key text collate "C" not null default ''`);
    await runner.query('create index tasks_scope_rank on tasks (scope_id, rank, id) where deleted_at is null');
    await runner.query('create index tasks_parent on tasks (parent_id) where parent_id is not null');
    await runner.query('create index tasks_trash on tasks (deleted_at) where deleted_at is not null');
    // Refs a task had before it moved to another project still find it.
    await runner.query('create table past_refs (ref text collate "C" primary key, task_id uuid not null references tasks (id) on delete cascade)');
    await runner.query(`
      create table labels (
        id uuid primary key,
        scope_id uuid not null,
        project_id uuid not null,
        name text not null,
        name_key text collate "C" not null,
        color text not null,
        created_as text not null,
        unique (scope_id, name_key)
      )`);
    await runner.query(`
      create table task_labels (
        task_id uuid not null references tasks (id) on delete cascade,
        label_id uuid not null references labels (id) on delete cascade,
        scope_id uuid not null,
        primary key (task_id, label_id)
      )`);
    await runner.query('create index task_labels_label on task_labels (label_id, task_id)');
    await runner.query(`
      create table task_watchers (
        task_id uuid not null references tasks (id) on delete cascade,
        user_id uuid not null,
        scope_id uuid not null,
        primary key (task_id, user_id)
      )`);
    await runner.query('create index task_watchers_user on task_watchers (user_id, task_id)');
    // May cross scopes; holds ids only and tells nothing to who cannot see the tasks.
    await runner.query(`
      create table task_dependencies (
        task_id uuid not null references tasks (id) on delete cascade,
        blocked_by_id uuid not null references tasks (id) on delete cascade,
        created_at timestamptz(3) not null default now(),
        primary key (task_id, blocked_by_id),
        check (task_id <> blocked_by_id)
      )`);
    await runner.query('create index task_dependencies_blocker on task_dependencies (blocked_by_id, task_id)');
    await runner.query(`
      create table comments (
        id uuid primary key,
        task_id uuid not null references tasks (id) on delete cascade,
        scope_id uuid not null,
        author_id uuid not null,
        body text not null,
        mention_ids uuid[] not null default '{}',
        created_as text not null,
        created_at timestamptz(3) not null,
        edited_at timestamptz(3),
        version integer not null
      )`);
    await runner.query('create index comments_task on comments (task_id, created_at, id)');
    await runner.query(`
      create table task_templates (
        id uuid primary key,
        -- Null for a template of one person.
        project_id uuid,
        scope_id uuid not null,
        owner_id uuid not null,
        name text not null,
        tasks jsonb not null,
        created_as text not null,
        created_at timestamptz(3) not null
      )`);
    await runner.query('create index task_templates_scope on task_templates (scope_id, name, id)');
    await runner.query(`
      create table undo_tokens (
        -- The token is this id with an HMAC; nothing secret is kept.
        id uuid primary key,
        viewer_id uuid not null,
        entries jsonb not null,
        created_at timestamptz not null default now(),
        used_at timestamptz
      )`);
    // Each occurrence of a series is made once, whoever completes first.
    await runner.query(`
      create table occurrences (
        series_id uuid not null,
        due_at timestamptz not null,
        task_id uuid not null,
        primary key (series_id, due_at)
      )`);
    // DUE_SOON and OVERDUE are told once per task and due date.
    await runner.query(`
      create table due_notices (
        task_id uuid not null references tasks (id) on delete cascade,
        kind text not null check (kind in ('DUE_SOON', 'OVERDUE')),
        due_at timestamptz not null,
        primary key (task_id, kind, due_at)
      )`);

    const visible = `scope_id = any ((
      select array_append(coalesce(array_agg(m.scope_id), '{}'), nullif(current_setting('app.personal_scope', true), '')::uuid)
      from scope_members m
      where m.user_id = nullif(current_setting('app.viewer', true), '')::uuid and m.role is not null
    )::uuid[])`;
    for (const table of ['labels', 'task_labels', 'task_watchers', 'comments', 'task_templates']) {
      await runner.query(`alter table ${table} enable row level security`);
      await runner.query(`alter table ${table} force row level security`);
      await runner.query(`create policy ${table}_viewer on ${table} to task_app using (${visible})`);
      await runner.query(`create policy ${table}_worker on ${table} to task_worker using (true)`);
      await runner.query(`create policy ${table}_owner on ${table} to task_owner using (true)`);
      await runner.query(`grant select, insert, update, delete on ${table} to task_app, task_worker`);
    }
    await runner.query('grant select, insert, update, delete on past_refs, task_dependencies, undo_tokens, occurrences to task_app, task_worker');
    await runner.query('grant select, insert, delete on due_notices to task_worker');
    await runner.query('grant update on task_assignees to task_app');
    await runner.query('grant insert, update, delete on tasks, task_assignees to task_worker');
    await runner.query('grant select, insert, update on ref_counters to task_worker');
    // A task that moved is still found under its old refs.
    await runner.query(`
      create or replace function task_places(ids uuid[], wanted_ref text) returns table (id uuid, project_id uuid, channel_id uuid, owner_id uuid)
      language sql stable security definer set search_path from current
      as $$
        select t.id, t.project_id, t.channel_id, t.owner_id from tasks t
        where t.id = any (ids) or t.ref = wanted_ref or t.id = (select p.task_id from past_refs p where p.ref = wanted_ref)
      $$`);
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: tasks would lose what hangs on them');
  }
}
