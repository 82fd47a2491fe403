import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Inbox states, a place for live readers, and deliveries that wait for others to join them. */
export class WidenNotifications1763800000060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Given out under the lock "notifications" only, so that the order of places is the order of commits: whoever has read up
    // to a place has missed nothing before it.
    await runner.query('create sequence notification_places');
    await runner.query(`
      alter table notifications
        add column place bigint,
        -- Order of the list: created_at, or when it came back from snooze.
        add column listed_at timestamptz,
        add column in_app boolean not null default true,
        add column snoozed_until timestamptz,
        add column archived_at timestamptz,
        -- Whose personal task it is about.
        add column owner_id uuid,
        -- The task lies in the trash: nothing is sent about it.
        add column trashed boolean not null default false,
        -- Fields that the changes joined in a TASK_UPDATED touched.
        add column changed text[]`);
    await runner.query(`
      update notifications n set place = o.place, listed_at = n.created_at
      from (select id, row_number() over (order by created_at, id) as place from notifications) o where o.id = n.id`);
    await runner.query(`select setval('notification_places', coalesce(max(place), 0) + 1, false) from notifications`);
    await runner.query(`
      alter table notifications
        alter column place set default nextval('notification_places'), alter column place set not null,
        alter column listed_at set not null`);
    await runner.query('drop index notifications_list, notifications_unread, notifications_joinable');
    const inbox = 'in_app and archived_at is null and snoozed_until is null';
    await runner.query(`create index notifications_inbox on notifications (user_id, listed_at desc, id desc) where ${inbox}`);
    await runner.query(`create index notifications_inbox_kind on notifications (user_id, kind, listed_at desc, id desc) where ${inbox}`);
    await runner.query(`create index notifications_unread on notifications (user_id, listed_at desc, id desc) where ${inbox} and read_at is null`);
    await runner.query('create index notifications_archived on notifications (user_id, listed_at desc, id desc) where in_app and archived_at is not null');
    await runner.query('create index notifications_snoozed on notifications (user_id, listed_at desc, id desc) where in_app and snoozed_until is not null');
    await runner.query('create index notifications_waking on notifications (snoozed_until) where snoozed_until is not null');
    await runner.query('create index notifications_places on notifications (user_id, place)');
    await runner.query('create index notifications_task on notifications (task_id) where task_id is not null');
    await runner.query(`
      create index notifications_joinable on notifications (user_id, task_id, created_at)
      where kind = 'TASK_UPDATED' and read_at is null and archived_at is null and snoozed_until is null`);

    await runner.query(`
      alter table deliveries
        drop constraint deliveries_notification_id_key,
        drop constraint deliveries_state_check,
        add constraint deliveries_state_check check (state in ('PENDING', 'DELIVERED', 'SKIPPED', 'DEAD', 'GATHERED')),
        -- Null for a digest.
        alter column notification_id drop not null,
        add column user_id uuid,
        -- The event that made it; part of the Message-ID. Null for a digest.
        add column event_id uuid,
        -- Why it waits: for more changes of the task, or for the person's digest.
        add column hold text check (hold in ('GROUP', 'DIGEST')),
        -- The digest that carries it, once GATHERED.
        add column digest_id uuid references deliveries (id) on delete set null`);
    await runner.query('update deliveries d set user_id = n.user_id, event_id = n.event_id from notifications n where n.id = d.notification_id');
    await runner.query('alter table deliveries alter column user_id set not null');
    await runner.query(`create unique index deliveries_pending on deliveries (notification_id) where state = 'PENDING' and notification_id is not null`);
    await runner.query('create index deliveries_notification on deliveries (notification_id)');
    await runner.query('create index deliveries_digest on deliveries (digest_id) where digest_id is not null');
    await runner.query(`create index deliveries_held on deliveries (user_id, next_attempt_at) where state = 'PENDING'`);

    await runner.query('grant usage on sequence notification_places to channel_app, channel_worker');
    await runner.query('grant select, insert, update on deliveries to channel_app');
    await runner.query('grant delete on notifications to channel_worker');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: what was snoozed and archived would be lost');
  }
}
