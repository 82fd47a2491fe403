// When due-soon and overdue have to be told. `tasks.notice_at` is kept by a trigger of the table, and moved on here.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { TaskRow } from '../entities/task.js';

type Query = WriteTransaction['query'];

export type NoticeKind = 'DUE_SOON' | 'OVERDUE';

/** Tasks whose notice is due, longest waiting first. Those of an archived project wait until it is restored. */
export async function tasksToNotice(query: Query, limit: number): Promise<string[]> {
  const rows = await query<{ id: string }>(
    `select t.id from tasks t left join scopes s on s.scope_id = t.scope_id
     where t.notice_at <= now() and s.writable is distinct from false order by t.notice_at, t.id limit $1`,
    [limit],
  );
  return rows.map((row) => row.id);
}

/** The database's clock: the one that `notice_at` is compared with. */
export async function databaseNow(query: Query): Promise<Date> {
  const [row] = await query<{ now: Date }>('select now() as now');
  return (row as { now: Date }).now;
}

/** Answers false where it has been told before for this due date. */
export async function takeNotice(query: Query, taskId: string, kind: NoticeKind, dueAt: Date): Promise<boolean> {
  const rows = await query('insert into due_notices (task_id, kind, due_at) values ($1, $2, $3) on conflict do nothing returning task_id', [taskId, kind, dueAt]);
  return rows.length > 0;
}

export const planNotice = (query: Query, task: Pick<TaskRow, 'id' | 'eventSeq'>, at: Date | null): Promise<unknown> =>
  query('update tasks set notice_at = $2, event_seq = $3 where id = $1', [task.id, at, task.eventSeq]);
