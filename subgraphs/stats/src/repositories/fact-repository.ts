import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Moves, TaskFact } from '../facts.js';

type Transaction = Pick<WriteTransaction, 'query'>;

/** What is counted for a task now, locked until the end of the transaction. */
export async function findFact(tx: Transaction, taskId: string): Promise<TaskFact | null> {
  const [fact] = await tx.query<TaskFact>(
    `select task_id as "taskId", seq, project_id as "projectId", channel_id as "channelId", owner_id as "ownerId",
            assignee_ids as "assigneeIds", status, priority, due_at as "dueAt", trashed
     from task_facts where task_id = $1 for update`,
    [taskId],
  );
  return fact ?? null;
}

/** Writes the fact and moves the counts, in one statement: a batch of events holds the horizon of the server for as long as it runs. */
export async function saveFact(tx: Transaction, fact: TaskFact, { counters, due, notDue }: Moves): Promise<void> {
  await tx.query(
    `with fact as (
       insert into task_facts (task_id, seq, project_id, channel_id, owner_id, assignee_ids, status, priority, due_at, trashed)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $20)
       on conflict (task_id) do update set
         seq = excluded.seq, project_id = excluded.project_id, channel_id = excluded.channel_id, owner_id = excluded.owner_id,
         assignee_ids = excluded.assignee_ids, status = excluded.status, priority = excluded.priority, due_at = excluded.due_at,
         trashed = excluded.trashed
     ), counted as (
       insert into counters as c (kind, subject_id, status, priority, n)
       select * from unnest($10::text[], $11::uuid[], $12::text[], $13::smallint[], $14::integer[])
       on conflict (kind, subject_id, status, priority) do update set n = c.n + excluded.n
     ), no_longer_due as (
       delete from due_tasks d using unnest($15::text[], $16::uuid[]) as gone (kind, subject_id)
       where d.kind = gone.kind and d.subject_id = gone.subject_id and d.task_id = $1
     )
     insert into due_tasks (kind, subject_id, task_id, due_at)
     select kind, subject_id, $1, due_at from unnest($17::text[], $18::uuid[], $19::timestamptz[]) as due (kind, subject_id, due_at)
     on conflict (kind, subject_id, task_id) do update set due_at = excluded.due_at`,
    [
      fact.taskId, fact.seq, fact.projectId, fact.channelId, fact.ownerId, fact.assigneeIds, fact.status, fact.priority, fact.dueAt,
      counters.map((move) => move.kind), counters.map((move) => move.subjectId), counters.map((move) => move.status),
      counters.map((move) => move.priority), counters.map((move) => move.by),
      notDue.map((subject) => subject.kind), notDue.map((subject) => subject.subjectId),
      due.map((subject) => subject.kind), due.map((subject) => subject.subjectId), due.map((subject) => subject.dueAt),
      fact.trashed,
    ],
  );
}

/** The caller has taken it out of the counts. */
export async function forgetFact(tx: Transaction, taskId: string): Promise<void> {
  await tx.query('delete from task_facts where task_id = $1', [taskId]);
}

/** Empties the figures, for a rebuild from the start of the task log. */
export async function forgetTasks(tx: Transaction): Promise<void> {
  await tx.query('truncate task_facts, counters, due_tasks');
}
