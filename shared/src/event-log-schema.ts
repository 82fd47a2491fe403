// Tables of the event log and of tailing, the same in each schema; called from a subgraph's first migration.
import type { DataSource, QueryRunner } from 'typeorm';

/** Creates the log and lets both roles of the subgraph add to and read from it; nobody may change a row. */
export async function createEventLog(runner: QueryRunner, subgraph: string): Promise<void> {
  await runner.query(`
    create table event_log (
      only_row boolean primary key default true check (only_row),
      epoch integer not null,
      system_identifier text not null,
      timeline integer not null
    )`);
  await runner.query(`
    create table events (
      epoch integer not null,
      xid xid8 not null default pg_current_xact_id(),
      ordinal integer not null,
      id uuid not null,
      aggregate_id uuid not null,
      seq integer not null,
      version integer not null,
      type text not null,
      payload jsonb not null,
      actor_id uuid,
      trace_id text,
      scope_id uuid,
      from_scope_id uuid,
      audience uuid[] not null default '{}',
      trace_parent text,
      at timestamptz not null default clock_timestamp(),
      primary key (epoch, xid, ordinal, at),
      unique (aggregate_id, seq, at)
    ) partition by range (at)`);
  // Rows that no monthly partition takes (none was made in time) land here instead of failing the write.
  await runner.query('create table events_default partition of events default');
  await runner.query('create index events_scope on events (scope_id, epoch, xid, ordinal) where scope_id is not null');
  await runner.query('create index events_from_scope on events (from_scope_id, epoch, xid, ordinal) where from_scope_id is not null');
  await runner.query(`grant select, insert on events to ${subgraph}_app, ${subgraph}_worker`);
  await runner.query(`grant select on event_log to ${subgraph}_app, ${subgraph}_worker`);
}

/** Creates what a consumer of other subgraphs' logs needs: positions, attempts and dead letters. */
export async function createTailTables(runner: QueryRunner, subgraph: string): Promise<void> {
  await runner.query(`
    create table positions (
      consumer text not null,
      source text not null,
      place text not null,
      -- Epoch of the source's log that the consumer follows; null before the first answer.
      epoch integer,
      -- Where the consumer stood when it began again because of a new epoch: what lies before has taken effect once already.
      applied_until text,
      -- Up to when the copy is complete: the source's own statement, null before the first answer.
      as_of timestamptz,
      lease_owner uuid,
      lease_until timestamptz not null default '-infinity',
      primary key (consumer, source)
    )`);
  await runner.query(`
    create table event_attempts (
      consumer text not null,
      event_id uuid not null,
      attempts integer not null,
      first_at timestamptz not null default clock_timestamp(),
      primary key (consumer, event_id)
    )`);
  await runner.query(`
    create table dead_letters (
      id uuid primary key,
      queue text not null,
      name text not null,
      reason text not null,
      attempts integer not null,
      failed_at timestamptz not null default clock_timestamp(),
      payload jsonb not null,
      unique (queue, id)
    )`);
  await runner.query(`grant select, insert, update on positions to ${subgraph}_app, ${subgraph}_worker`);
  await runner.query(`grant select, insert, update, delete on event_attempts, dead_letters to ${subgraph}_worker`);
}

/** Brings a log of before traces were followed up to date; no row is touched. */
export async function addTraceParent(runner: QueryRunner): Promise<void> {
  await runner.query('alter table events add column if not exists trace_parent text');
}

/** Brings tables of before epochs were followed up to date. */
export async function addEpochToPositions(runner: QueryRunner, subgraph: string): Promise<void> {
  await runner.query('alter table positions add column if not exists epoch integer, add column if not exists applied_until text');
  await runner.query(`grant delete on scopes, scope_members to ${subgraph}_worker`);
}

/**
 * Settles the log's epoch and its partitions; run at start under the migration lock. A database that was restored from a
 * backup has another timeline or identity: its transaction ids start over, so places of before must not be compared with new ones.
 * The next epoch is the minute in which it begins: counted up by one, two restores of one backup would give the same number to
 * two different logs.
 */
export async function prepareEventLog(owner: DataSource): Promise<void> {
  await owner.query(`
    insert into event_log (epoch, system_identifier, timeline)
    select 1, s.system_identifier::text, c.timeline_id from pg_control_system() s, pg_control_checkpoint() c
    on conflict (only_row) do update set
      epoch = greatest(event_log.epoch + 1, floor(extract(epoch from now()) / 60)::integer), system_identifier = excluded.system_identifier, timeline = excluded.timeline
    where (event_log.system_identifier, event_log.timeline) is distinct from (excluded.system_identifier, excluded.timeline)`);
  for (const offset of [0, 1, 2]) {
    const [month] = (await owner.query(
      `select to_char(d, '"events_y"YYYY"m"MM') as name, (d at time zone 'UTC')::text as starts, ((d + interval '1 month') at time zone 'UTC')::text as ends
       from (select date_trunc('month', now() at time zone 'UTC') + make_interval(months => $1) as d) m`,
      [offset],
    )) as { name: string; starts: string; ends: string }[];
    if (!month) continue;
    // Rows of a month that began before anybody made its partition stay in the default one: Postgres refuses a partition that would take them.
    const [taken] = (await owner.query('select 1 from events_default where at >= $1 and at < $2 limit 1', [month.starts, month.ends])) as unknown[];
    if (taken) continue;
    await owner.query(`create table if not exists ${month.name} partition of events for values from ('${month.starts}') to ('${month.ends}')`);
  }
}
