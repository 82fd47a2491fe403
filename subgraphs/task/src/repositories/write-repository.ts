// Statements of commands, inside their transaction and under row level security as the viewer.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { TaskEntity, type TaskRow } from '../entities/task.js';
import { openStatuses } from '../filter/conditions.js';
import { indexForSearch } from './search-repository.js';

export const loadTask = (tx: WriteTransaction, id: string): Promise<TaskRow | null> => tx.manager.findOneBy(TaskEntity, { id });

export async function insertTask(tx: WriteTransaction, task: TaskRow): Promise<void> {
  await tx.manager.insert(TaskEntity, task);
  await indexForSearch(tx, task);
  await insertAssignees(tx, task, task.assigneeIds);
  await insertTies(tx, 'task_labels', task, task.labelIds);
  await insertTies(tx, 'task_watchers', task, task.watcherIds);
}

/** Writes the task's row and, where they changed, its assignees. */
export async function saveTask(tx: WriteTransaction, before: TaskRow, after: TaskRow): Promise<void> {
  await tx.manager.update(TaskEntity, { id: after.id }, after);
  if (before.ref !== null && before.ref !== after.ref) {
    await tx.query('insert into past_refs (ref, task_id) values ($1, $2) on conflict do nothing', [before.ref, after.id]);
  }
  if (before.scopeId !== after.scopeId) await moveAttachments(tx, after);
  if (before.title !== after.title || before.description !== after.description || before.scopeId !== after.scopeId) await indexForSearch(tx, after);
  if (before.dueAt?.getTime() !== after.dueAt?.getTime() || isOpen(before) !== isOpen(after)) {
    await tx.query('update task_assignees set due_at = $2, open = $3 where task_id = $1', [after.id, after.dueAt, isOpen(after)]);
  }
  const added = after.assigneeIds.filter((id) => !before.assigneeIds.includes(id));
  const removed = before.assigneeIds.filter((id) => !after.assigneeIds.includes(id));
  if (removed.length > 0) await tx.query('delete from task_assignees where task_id = $1 and user_id = any ($2::uuid[])', [after.id, removed]);
  await insertAssignees(tx, after, added);
  await saveTies(tx, 'task_labels', after, before.labelIds, after.labelIds);
  await saveTies(tx, 'task_watchers', after, before.watcherIds, after.watcherIds);
}

/** Tables that say which tasks a label or a watcher has; written together with the lists in the task's row. */
const tied = { task_labels: 'label_id', task_watchers: 'user_id' } as const;

async function saveTies(tx: WriteTransaction, table: keyof typeof tied, task: TaskRow, before: string[], after: string[]): Promise<void> {
  const removed = before.filter((id) => !after.includes(id));
  if (removed.length > 0) await tx.query(`delete from ${table} where task_id = $1 and ${tied[table]} = any ($2::uuid[])`, [task.id, removed]);
  await insertTies(tx, table, task, after.filter((id) => !before.includes(id)));
}

async function insertTies(tx: WriteTransaction, table: keyof typeof tied, task: TaskRow, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(`insert into ${table} (task_id, ${tied[table]}, scope_id) select $1, i, $3 from unnest($2::uuid[]) i`, [task.id, ids, task.scopeId]);
}

/** Whether it is still to be done; kept with each assignee for lists per person. */
const isOpen = ({ status }: Pick<TaskRow, 'status'>): boolean => openStatuses.includes(status);

async function insertAssignees(tx: WriteTransaction, task: TaskRow, userIds: string[]): Promise<void> {
  if (userIds.length === 0) return;
  await tx.query(
    'insert into task_assignees (task_id, user_id, scope_id, created_at, due_at, open) select $1, u, $3, $4, $5, $6 from unnest($2::uuid[]) u',
    [task.id, userIds, task.scopeId, task.createdAt, task.dueAt, isOpen(task)],
  );
}

/** The next number in a project. The caller holds the counter's lock, so that a rolled back number is given out again. */
export async function nextNumber(tx: WriteTransaction, scopeId: string): Promise<number> {
  const [row] = await tx.query<{ last: number }>(
    `insert into ref_counters as c (scope_id, last) values ($1, 1)
     on conflict (scope_id) do update set last = c.last + 1 returning last`,
    [scopeId],
  );
  return row?.last ?? 1;
}

/** Counts one event more, for a row in the log that changes nothing else. */
export const saveEventCount = (tx: WriteTransaction, task: Pick<TaskRow, 'id' | 'eventSeq'>): Promise<unknown> =>
  tx.manager.update(TaskEntity, { id: task.id }, { eventSeq: task.eventSeq });

/** Writes rank and event count alone, of many tasks at once. */
export const saveRanks = (tx: WriteTransaction, tasks: readonly Pick<TaskRow, 'id' | 'rank' | 'eventSeq'>[]): Promise<unknown> =>
  tx.query('update tasks t set rank = r.rank, event_seq = r.seq from unnest($1::uuid[], $2::text[], $3::int[]) as r (id, rank, seq) where t.id = r.id', [
    tasks.map((task) => task.id),
    tasks.map((task) => task.rank),
    tasks.map((task) => task.eventSeq),
  ]);

/** The task and everything below it, parents first; with `trashedAt` only what went to the trash at that moment. */
export async function subtreeIds(tx: Pick<WriteTransaction, 'query'>, id: string, trashedAt?: Date | null): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `with recursive tree (id, depth) as (
       select t.id, 0 from tasks t where t.id = $1
       union all
       select c.id, tree.depth + 1 from tasks c join tree on c.parent_id = tree.id
       where ${trashedAt ? 'c.deleted_at = $2' : 'c.deleted_at is null'} and tree.depth < 50
     ) select id from tree order by depth, id`,
    trashedAt ? [id, trashedAt] : [id],
  );
  return rows.map((row) => row.id);
}

/** Rows that carry their task's scope for row level security follow the task. */
async function moveAttachments(tx: WriteTransaction, task: Pick<TaskRow, 'id' | 'scopeId'>): Promise<void> {
  for (const table of ['task_assignees', 'task_watchers', 'task_labels', 'comments']) {
    await tx.query(`update ${table} set scope_id = $2 where task_id = $1`, [task.id, task.scopeId]);
  }
}
