// What is counted for each task, and the counts made from it, of one generation.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { TaskFact } from '../facts.js';
import type { Dependency, Moves } from '../moves.js';

type Transaction = Pick<WriteTransaction, 'query'>;

export interface KnownTask {
  taskId: string;
  /** Erased for good: nothing is counted for it ever again. */
  purged: boolean;
  fact: TaskFact | null;
}

const factColumns = `
  f.task_id as "taskId", f.seq, f.project_id as "projectId", f.channel_id as "channelId", f.owner_id as "ownerId",
  f.assignee_ids as "assigneeIds", f.status, f.priority, f.due_at as "dueAt", f.trashed, f.blocked, f.created_at as "createdAt",
  f.updated_at as "updatedAt", f.completed_at as "completedAt", f.started_at as "startedAt", f.closed_seq as "closedSeq",
  f.closed_at as "closedAt", f.closed_by as "closedBy", f.blocker_ids as "blockerIds", f.blockers_seq as "blockersSeq"`;

/** What is known of these tasks. The caller holds the generation, so nobody else writes them meanwhile. */
export async function findTasks(tx: Transaction, generation: number, taskIds: readonly string[]): Promise<KnownTask[]> {
  const rows = await tx.query<TaskFact & { id: string; purged: boolean }>(
    `select q.id, p.task_id is not null as purged, ${factColumns}
     from unnest($2::uuid[]) q (id)
     left join task_facts f on f.generation = $1 and f.task_id = q.id
     left join purged_tasks p on p.generation = $1 and p.task_id = q.id`,
    [generation, taskIds],
  );
  return rows.map(({ id, purged, ...fact }) => ({ taskId: id, purged, fact: (fact.taskId as string | null) === null ? null : fact }));
}

/**
 * Writes facts, forgets those of erased tasks, and moves the counts, in one statement: what tails a log holds the horizon of the
 * server for as long as it writes.
 */
export async function saveTasks(tx: Transaction, generation: number, facts: readonly TaskFact[], purged: readonly string[], moves: Moves): Promise<void> {
  await tx.query(
    `with fact as (
       insert into task_facts (generation, task_id, seq, project_id, channel_id, owner_id, assignee_ids, status, priority, due_at, trashed, blocked,
         created_at, updated_at, completed_at, started_at, closed_seq, closed_at, closed_by, blocker_ids, blockers_seq)
       select $1, "taskId", seq, "projectId", "channelId", "ownerId", "assigneeIds", status, priority, "dueAt", trashed, blocked,
         "createdAt", "updatedAt", "completedAt", "startedAt", "closedSeq", "closedAt", "closedBy", "blockerIds", "blockersSeq"
       from jsonb_to_recordset($2::jsonb) as f ("taskId" uuid, seq integer, "projectId" uuid, "channelId" uuid, "ownerId" uuid, "assigneeIds" uuid[],
         status text, priority smallint, "dueAt" timestamptz, trashed boolean, blocked boolean, "createdAt" timestamptz, "updatedAt" timestamptz,
         "completedAt" timestamptz, "startedAt" timestamptz, "closedSeq" integer, "closedAt" timestamptz, "closedBy" uuid, "blockerIds" uuid[], "blockersSeq" integer)
       on conflict (generation, task_id) do update set
         seq = excluded.seq, project_id = excluded.project_id, channel_id = excluded.channel_id, owner_id = excluded.owner_id,
         assignee_ids = excluded.assignee_ids, status = excluded.status, priority = excluded.priority, due_at = excluded.due_at,
         trashed = excluded.trashed, blocked = excluded.blocked, created_at = excluded.created_at, updated_at = excluded.updated_at,
         completed_at = excluded.completed_at, started_at = excluded.started_at, closed_seq = excluded.closed_seq,
         closed_at = excluded.closed_at, closed_by = excluded.closed_by, blocker_ids = excluded.blocker_ids, blockers_seq = excluded.blockers_seq
     ), gone as (
       delete from task_facts where generation = $1 and task_id = any($3::uuid[])
     ), tombstone as (
       insert into purged_tasks (generation, task_id) select $1, id from unnest($3::uuid[]) id on conflict do nothing
     ), counted as (
       insert into counters as c (generation, kind, subject_id, figure, key, n)
       select $1, kind, "subjectId", figure, key, by from jsonb_to_recordset($4::jsonb) as m (kind text, "subjectId" uuid, figure text, key integer, by integer)
       on conflict (generation, kind, subject_id, figure, key) do update set n = c.n + excluded.n
     ), worked as (
       insert into workloads as w (generation, kind, subject_id, user_id, open, completed)
       select $1, kind, "subjectId", "userId", open, completed
       from jsonb_to_recordset($5::jsonb) as m (kind text, "subjectId" uuid, "userId" uuid, open integer, completed integer)
       on conflict (generation, kind, subject_id, user_id) do update set open = w.open + excluded.open, completed = w.completed + excluded.completed
     ), no_longer_due as (
       delete from due_tasks d using jsonb_to_recordset($6::jsonb) as m (kind text, "subjectId" uuid, "taskId" uuid)
       where d.generation = $1 and d.kind = m.kind and d.subject_id = m."subjectId" and d.task_id = m."taskId"
     ), due as (
       insert into due_tasks (generation, kind, subject_id, task_id, due_at)
       select $1, kind, "subjectId", "taskId", "dueAt" from jsonb_to_recordset($7::jsonb) as m (kind text, "subjectId" uuid, "taskId" uuid, "dueAt" timestamptz)
       on conflict (generation, kind, subject_id, task_id) do update set due_at = excluded.due_at
     ), no_longer_open as (
       delete from open_tasks o using jsonb_to_recordset($8::jsonb) as m ("userId" uuid, "taskId" uuid)
       where o.generation = $1 and o.user_id = m."userId" and o.task_id = m."taskId"
     )
     insert into open_tasks (generation, user_id, task_id, priority, due_at, updated_at, blocks)
     select $1, "userId", "taskId", priority, "dueAt", "updatedAt", exists (select from dependencies d where d.generation = $1 and d.blocker_id = "taskId")
     from jsonb_to_recordset($9::jsonb) as m ("userId" uuid, "taskId" uuid, priority smallint, "dueAt" timestamptz, "updatedAt" timestamptz)
     on conflict (generation, user_id, task_id) do update set priority = excluded.priority, due_at = excluded.due_at, updated_at = excluded.updated_at`,
    [
      generation, JSON.stringify(facts), purged, JSON.stringify(moves.counters), JSON.stringify(moves.workloads), JSON.stringify(moves.due.drop),
      JSON.stringify(moves.due.set), JSON.stringify(moves.open.drop), JSON.stringify(moves.open.set),
    ],
  );
  if (moves.dependencies.set.length > 0 || moves.dependencies.drop.length > 0) await saveDependencies(tx, generation, moves.dependencies);
}

/** Who waits for whom; afterwards open tasks know again whether anything waits for them. */
async function saveDependencies(tx: Transaction, generation: number, { set, drop }: Moves['dependencies']): Promise<void> {
  const columns = (rows: readonly Dependency[]) => [rows.map((row) => row.blockerId), rows.map((row) => row.taskId)];
  await tx.query(
    `delete from dependencies d using unnest($2::uuid[], $3::uuid[]) as gone (blocker_id, task_id)
     where d.generation = $1 and d.blocker_id = gone.blocker_id and d.task_id = gone.task_id`,
    [generation, ...columns(drop)],
  );
  await tx.query(
    `insert into dependencies (generation, blocker_id, task_id) select $1, * from unnest($2::uuid[], $3::uuid[]) on conflict do nothing`,
    [generation, ...columns(set)],
  );
  await tx.query(
    `update open_tasks o set blocks = exists (select from dependencies d where d.generation = $1 and d.blocker_id = o.task_id)
     where o.generation = $1 and o.task_id = any($2::uuid[])`,
    [generation, [...set, ...drop].map((row) => row.blockerId)],
  );
}
