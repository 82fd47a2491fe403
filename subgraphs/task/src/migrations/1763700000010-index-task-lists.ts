import type { MigrationInterface, QueryRunner } from 'typeorm';
import { fold } from '../filter/fold.js';
import { indexAllForSearch } from '../repositories/search-repository.js';

/** Full-text search, and the indexes behind the lists, filters and sorts that a screen shows. */
export class IndexTaskLists1763700000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Without row level security: under it the match operator, which is not leakproof, could not use the index. It is only read
    // joined to tasks, and holds each task's scope as a word that every search is narrowed by.
    await runner.query('create table task_search (task_id uuid primary key references tasks (id) on delete cascade, document tsvector not null)');
    await runner.query('create index task_search_document on task_search using gin (document)');
    await runner.query('grant select, insert, update on task_search to task_app, task_worker');
    await runner.query('grant delete on task_search to task_worker');

    await runner.query(`
      alter table tasks add column status_order smallint not null generated always as
        (case status when 'PENDING' then 1 when 'IN_PROGRESS' then 2 when 'COMPLETED' then 3 else 4 end) stored`);
    const inScope: Record<string, string> = {
      priority: 'priority, id',
      priority_desc: 'priority desc, id',
      due: 'due_at, id',
      start: 'start_at, id',
      completed: 'completed_at, id',
      updated: 'updated_at desc, id',
      title: 'title_key, id',
      status: 'status_order, id',
      status_desc: 'status_order desc, id',
      // One column of a board: its own status in manual order.
      board: 'status, rank, id',
      creator: 'creator_id, created_at desc, id desc',
    };
    for (const [name, keys] of Object.entries(inScope)) {
      await runner.query(`create index tasks_scope_${name} on tasks (scope_id, ${keys}) where deleted_at is null`);
    }
    // Old projects hold mostly what is done: what is open has its own indexes.
    const open = `deleted_at is null and status in ('PENDING', 'IN_PROGRESS')`;
    await runner.query(`create index tasks_open_due on tasks (scope_id, due_at, id) where ${open}`);
    await runner.query(`create index tasks_open_priority on tasks (scope_id, priority, id) where ${open}`);
    await runner.query(`create index tasks_open_newest on tasks (scope_id, created_at desc, id desc) where ${open}`);
    await runner.query('create index tasks_scope_trash on tasks (scope_id, created_at desc, id desc) where deleted_at is not null');

    // Lists per person: by due date, and what is open apart from what is done.
    await runner.query('alter table task_assignees add column due_at timestamptz, add column open boolean not null default true');
    await runner.query('create index task_assignees_user_due on task_assignees (user_id, due_at, task_id)');
    await runner.query('create index task_assignees_open_due on task_assignees (user_id, due_at, task_id) where open');
    await runner.query('create index task_assignees_open_newest on task_assignees (user_id, created_at desc, task_id desc) where open');
    await runner.query('grant update on task_assignees to task_app');
    await fill(runner);
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: the search index would have to be filled again');
  }
}

/** Tasks of before get what is written with each task from now on; titles are folded here because Postgres folds otherwise. */
async function fill(runner: QueryRunner): Promise<void> {
  await runner.query(
    `update task_assignees a set due_at = t.due_at, open = t.status in ('PENDING', 'IN_PROGRESS') from tasks t where t.id = a.task_id`,
  );
  for (;;) {
    const rows = (await runner.query(
      'select t.id, t.scope_id as "scopeId", t.title, t.description from tasks t where not exists (select 1 from task_search s where s.task_id = t.id) limit 1000',
    )) as Parameters<typeof indexAllForSearch>[1];
    if (rows.length === 0) return;
    await indexAllForSearch({ query: async (sql, parameters) => (await runner.query(sql, parameters)) as never }, rows);
    await runner.query('update tasks t set title_key = r.key from unnest($1::uuid[], $2::text[]) as r (id, key) where t.id = r.id', [
      rows.map((row) => row.id),
      rows.map((row) => fold(row.title)),
    ]);
  }
}
