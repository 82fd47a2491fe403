import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Subtasks in order, what a blocker's change does to tasks of other places, the start of a series, and when a notice is due. */
export class LinkTasks1763700000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table tasks
        -- DTSTART of the recurrence rule: COUNT and INTERVAL are counted from here.
        add column recurrence_start timestamptz,
        -- When due-soon or overdue has to be told next; null while there is nothing to tell.
        add column notice_at timestamptz`);
    await runner.query('create index tasks_children on tasks (parent_id, rank, id) where parent_id is not null and deleted_at is null');
    await runner.query('create index tasks_notice on tasks (notice_at, id) where notice_at is not null');

    // Kept by the table itself, so that no command, import or load can forget it. 24 h before the due date comes due-soon.
    await runner.query(`
      create function plan_notice() returns trigger language plpgsql set search_path from current as $$
      begin
        if new.due_at is null or new.deleted_at is not null or new.status in ('COMPLETED', 'CANCELLED') then
          new.notice_at := null;
        elsif tg_op = 'INSERT' then
          new.notice_at := new.due_at - interval '24 hours';
        elsif (old.due_at, old.deleted_at, old.status) is distinct from (new.due_at, new.deleted_at, new.status) then
          new.notice_at := new.due_at - interval '24 hours';
        end if;
        return new;
      end $$`);
    await runner.query('create trigger tasks_plan_notice before insert or update of due_at, deleted_at, status on tasks for each row execute function plan_notice()');
    await runner.query(`update tasks set notice_at = due_at - interval '24 hours' where due_at is not null and deleted_at is null and status in ('PENDING', 'IN_PROGRESS')`);

    // A dependency may cross places. Whether a blocker is open decides about tasks whose viewer cannot see it, and completing it
    // changes tasks that the one who completes it cannot see: these three look past row level security and answer no content
    // but to the command that writes it.
    await runner.query(`
      create function open_blockers(ids uuid[]) returns table (task_id uuid, blocked_by_id uuid)
      language sql stable security definer set search_path from current
      as $$
        select d.task_id, d.blocked_by_id from task_dependencies d join tasks b on b.id = d.blocked_by_id
        where d.task_id = any (ids) and b.deleted_at is null and b.status not in ('COMPLETED', 'CANCELLED')
      $$`);
    await runner.query(`
      create function tasks_to_recount(blockers uuid[]) returns setof tasks
      language sql stable security definer set search_path from current
      as $$
        select t.* from tasks t
        where t.id in (select d.task_id from task_dependencies d where d.blocked_by_id = any (blockers))
          and t.blocked <> exists (select from open_blockers(array[t.id]))
        order by t.id
      $$`);
    await runner.query(`
      create function write_blocked(task uuid, value boolean, at timestamptz) returns void
      language sql volatile security definer set search_path from current
      as $$
        update tasks set blocked = value, version = version + 1, event_seq = event_seq + 1, updated_at = at where id = task
      $$`);
    for (const name of ['open_blockers(uuid[])', 'tasks_to_recount(uuid[])', 'write_blocked(uuid, boolean, timestamptz)']) {
      await runner.query(`revoke all on function ${name} from public`);
      await runner.query(`grant execute on function ${name} to task_app, task_worker`);
    }

    // Up to where tombstones of purged tasks have been taken out of the log: a cursor from before it may have missed one.
    await runner.query(`
      create table log_floor (
        only_row boolean primary key default true check (only_row),
        epoch integer not null,
        xid xid8 not null,
        ordinal integer not null
      )`);
    await runner.query('grant select on log_floor to task_app, task_worker');
    await runner.query('grant insert, update on log_floor to task_worker');
    await runner.query(`create index events_purged on events (at) where type = 'task.purged'`);

    // The worker ends what is older than its time: purged tasks with their history, resends, undo tokens.
    await runner.query('grant delete on events to task_worker');
    await runner.query('grant select, delete on idempotency to task_worker');
    await runner.query('create index undo_tokens_age on undo_tokens (created_at)');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: series would lose their start');
  }
}
