import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where labels, comments and templates lie, and what is left to do on tasks in the background. */
export class PlaceAttachments1763700000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // What is left to do on the tasks of a scope, a few at a time (jobs/follow-up.ts).
    await runner.query(`
      create table follow_ups (
        id uuid primary key,
        kind text not null check (kind in ('LABEL_DELETED', 'ACCESS_LOST', 'ACCESS_REGAINED')),
        scope_id uuid not null,
        label_id uuid unique,
        user_id uuid,
        -- Who deleted the label; null where somebody lost or regained the scope.
        actor_id uuid,
        trace_id text,
        -- The last of the tasks they made that the person has been told of; told: all of them.
        told_task_id uuid,
        told boolean not null default false,
        created_at timestamptz not null default now(),
        look_at timestamptz not null default clock_timestamp(),
        check (case kind when 'LABEL_DELETED' then label_id else user_id end is not null)
      )`);
    await runner.query('create index follow_ups_due on follow_ups (look_at)');
    await runner.query('create index follow_ups_user on follow_ups (user_id, scope_id) where user_id is not null');
    await runner.query('grant select, insert on follow_ups to task_app');
    await runner.query('grant select, insert, update, delete on follow_ups to task_worker');
    // A membership comes back through the feed or through the owner's answer to a question: a trigger sees both.
    await runner.query(`
      create function follow_up_regained() returns trigger language plpgsql set search_path from current as $$
      begin
        insert into follow_ups (id, kind, scope_id, user_id) values (gen_random_uuid(), 'ACCESS_REGAINED', new.scope_id, new.user_id);
        return null;
      end $$`);
    await runner.query(`
      create trigger scope_members_regained after update on scope_members for each row
      when (old.role is null and new.role is not null) execute function follow_up_regained()`);
    await runner.query('create index tasks_creator on tasks (creator_id, scope_id, id)');

    // A label that is going is gone for everybody at once, however many tasks still carry it.
    await runner.query(`
      create policy labels_going on labels as restrictive to task_app
      using (not exists (select 1 from follow_ups r where r.label_id = labels.id)) with check (true)`);

    // Where something lies, for asking its place's owner whether the viewer may see it; tells nothing else.
    const places = [
      ['label_places', 'project_id', 'select l.id, l.project_id from labels l where l.id = any (ids) and not exists (select 1 from follow_ups r where r.label_id = l.id)'],
      ['comment_places', 'task_id', 'select c.id, c.task_id from comments c where c.id = any (ids)'],
    ] as const;
    for (const [name, column, statement] of places) {
      await runner.query(`
        create function ${name}(ids uuid[]) returns table (id uuid, ${column} uuid)
        language sql stable security definer set search_path from current as $$ ${statement} $$`);
      await runner.query(`revoke all on function ${name} from public`);
      await runner.query(`grant execute on function ${name} to task_app`);
    }
    await runner.query(`
      create function template_places(ids uuid[]) returns table (id uuid, project_id uuid, owner_id uuid)
      language sql stable security definer set search_path from current
      as $$ select t.id, t.project_id, t.owner_id from task_templates t where t.id = any (ids) $$`);
    await runner.query('revoke all on function template_places from public');
    await runner.query('grant execute on function template_places to task_app');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: follow-ups under way would be forgotten');
  }
}
