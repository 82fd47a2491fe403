import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports with their progress, and exports that wait to be fetched. */
export class CreateImports1763700000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table imports (
        id uuid primary key,
        owner_id uuid not null,
        -- Where the tasks go; neither is the owner's personal list.
        project_id uuid,
        channel_id uuid,
        format text not null check (format in ('CSV', 'JSON')),
        mapping jsonb,
        dry_run boolean not null,
        created_as text not null,
        status text not null check (status in ('AWAITING_UPLOAD', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
        -- Why it is FAILED, for its owner.
        failure text,
        -- Encoding, delimiter and columns, found by reading the file once.
        layout jsonb,
        total_rows integer,
        -- Rows of the file that are done; committed together with the tasks they became.
        processed_rows integer not null default 0,
        created_rows integer not null default 0,
        failed_rows integer not null default 0,
        -- Bytes of the error file that count; what lies behind them was never committed.
        error_bytes integer not null default 0,
        created_at timestamptz(3) not null,
        started_at timestamptz(3),
        finished_at timestamptz(3),
        -- Until when uploadUrl works.
        upload_until timestamptz(3) not null,
        -- Signs of a living job.
        queued_at timestamptz,
        touched_at timestamptz,
        -- Tries since the last row that was done.
        idle_tries integer not null default 0,
        check (num_nonnulls(project_id, channel_id) <= 1)
      )`);
    await runner.query(`create index imports_open on imports (owner_id) where status in ('AWAITING_UPLOAD', 'RUNNING')`);
    await runner.query('create index imports_finished on imports (finished_at) where error_bytes > 0');
    // What rows of one file call each other, while the import runs; task ids of a dry run are nobody's.
    await runner.query(`
      create table import_keys (
        import_id uuid not null references imports (id) on delete cascade,
        key text collate "C" not null,
        task_id uuid not null,
        depth integer not null,
        primary key (import_id, key)
      )`);
    await runner.query(`
      create table exports (
        id uuid primary key,
        viewer_id uuid not null,
        format text not null check (format in ('CSV', 'JSON')),
        filter jsonb,
        created_at timestamptz(3) not null,
        until timestamptz(3) not null
      )`);
    await runner.query('create index exports_until on exports (until)');
    // Files that were loaded at start, by content.
    await runner.query('create table startup_loads (sha256 text collate "C" primary key, import_id uuid not null, loaded_at timestamptz not null default now())');

    for (const [table, owner] of [['imports', 'owner_id'], ['exports', 'viewer_id']]) {
      await runner.query(`alter table ${table} enable row level security`);
      await runner.query(`alter table ${table} force row level security`);
      await runner.query(`create policy ${table}_viewer on ${table} to task_app using (${owner} = nullif(current_setting('app.viewer', true), '')::uuid)`);
      await runner.query(`create policy ${table}_worker on ${table} to task_worker using (true)`);
      await runner.query(`create policy ${table}_owner on ${table} to task_owner using (true)`);
    }
    await runner.query('grant select, insert, update on imports to task_app');
    await runner.query('grant select, insert on exports to task_app');
    await runner.query('grant select, insert, update, delete on imports, import_keys, exports, startup_loads to task_worker');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: imports under way would be forgotten');
  }
}
