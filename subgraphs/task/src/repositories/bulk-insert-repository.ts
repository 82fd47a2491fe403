// Many new tasks with a few statements, for imports, templates and subtasks of a series; the same as insertTask for each of them.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { TaskEntity, type TaskRow } from '../entities/task.js';
import { openStatuses } from '../filter/conditions.js';
import { indexAllForSearch } from './search-repository.js';

export async function insertTasks(tx: WriteTransaction, tasks: readonly TaskRow[]): Promise<void> {
  if (tasks.length === 0) return;
  await tx.manager.insert(TaskEntity, [...tasks]);
  const assigned = tasks.flatMap((task) => task.assigneeIds.map((id) => ({ task: task.id, other: id, scope: task.scopeId, at: task.createdAt, due: task.dueAt, open: openStatuses.includes(task.status) })));
  if (assigned.length > 0) {
    await tx.query(
      `insert into task_assignees (task_id, user_id, scope_id, created_at, due_at, open)
       select task, other, scope, at, due, open from jsonb_to_recordset($1::jsonb) as r (task uuid, other uuid, scope uuid, at timestamptz, due timestamptz, open boolean)`,
      [JSON.stringify(assigned)],
    );
  }
  const labelled = tasks.flatMap((task) => task.labelIds.map((id) => ({ task: task.id, other: id, scope: task.scopeId })));
  if (labelled.length > 0) {
    await tx.query(
      'insert into task_labels (task_id, label_id, scope_id) select task, other, scope from jsonb_to_recordset($1::jsonb) as r (task uuid, other uuid, scope uuid)',
      [JSON.stringify(labelled)],
    );
  }
  const watched = tasks.flatMap((task) => task.watcherIds.map((id) => ({ task: task.id, other: id, scope: task.scopeId })));
  if (watched.length > 0) {
    await tx.query(
      'insert into task_watchers (task_id, user_id, scope_id) select task, other, scope from jsonb_to_recordset($1::jsonb) as r (task uuid, other uuid, scope uuid)',
      [JSON.stringify(watched)],
    );
  }
  await indexAllForSearch(tx, tasks);
}

/** A due date that had passed, or was less than a day away, before the task came here is no news: nobody is told of it. */
export const passOverNotices = (tx: WriteTransaction, ids: readonly string[]): Promise<unknown> =>
  tx.query('update tasks set notice_at = case when due_at > now() then due_at end where id = any ($1::uuid[]) and notice_at <= now()', [ids]);

/** The first of `count` numbers of a project that follow each other; the caller holds the counter's lock. */
export async function takeNumbers(tx: WriteTransaction, scopeId: string, count: number): Promise<number> {
  const [row] = await tx.query<{ last: number }>(
    `insert into ref_counters as c (scope_id, last) values ($1, $2)
     on conflict (scope_id) do update set last = c.last + excluded.last returning last`,
    [scopeId, count],
  );
  return (row?.last ?? count) - count + 1;
}
