// What the worker ends for good.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';

type Query = WriteTransaction['query'];

/** How long the trash keeps a task. */
const trashed = `deleted_at < now() - interval '30 days'`;

/** Tasks whose time in the trash is over, subtasks before their parents, longest trashed first. */
export async function tasksToPurge(query: Query, limit: number): Promise<string[]> {
  const rows = await query<{ id: string }>(
    `select t.id from tasks t
     where t.${trashed} and not exists (select from tasks c where c.parent_id = t.id and c.deleted_at is not null)
     order by t.deleted_at, t.id limit $1`,
    [limit],
  );
  return rows.map((row) => row.id);
}

/** Whether it is still so, now that its lock is held. */
export async function isToPurge(query: Query, id: string): Promise<boolean> {
  const rows = await query(`select 1 from tasks where id = $1 and ${trashed}`, [id]);
  return rows.length > 0;
}

/** Subtasks that are not in the trash, which the parent must not take along. */
export async function liveSubtasks(query: Query, parentId: string): Promise<string[]> {
  const rows = await query<{ id: string }>('select id from tasks where parent_id = $1 and deleted_at is null', [parentId]);
  return rows.map((row) => row.id);
}

/** Erases the task with all that hangs on it, its history included. */
export async function eraseTask(query: Query, id: string): Promise<void> {
  await query('delete from events where aggregate_id = $1', [id]);
  await query('delete from tasks where id = $1', [id]);
}

/** Deletes undo tokens that are older than a day, a batch at a time. Answers whether there may be more. */
export async function deleteOldUndoTokens(query: Query, limit: number): Promise<boolean> {
  const rows = await query(
    `delete from undo_tokens where id = any (array(select id from undo_tokens where created_at < now() - interval '24 hours' order by created_at limit $1)) returning id`,
    [limit],
  );
  return rows.length === limit;
}
