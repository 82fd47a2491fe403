// Which occurrences of a series have been made: one row each, whoever completes first.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';

type Queries = Pick<WriteTransaction, 'query'>;

/** Answers false where the occurrence has been made before. */
export async function takeOccurrence(tx: Queries, seriesId: string, dueAt: Date, taskId: string): Promise<boolean> {
  const rows = await tx.query(
    'insert into occurrences (series_id, due_at, task_id) values ($1, $2, $3) on conflict do nothing returning task_id',
    [seriesId, dueAt, taskId],
  );
  return rows.length > 0;
}

/** Undo alone unmakes an occurrence: completing again then makes it again. */
export const forgetOccurrence = (tx: Queries, taskId: string): Promise<unknown> => tx.query('delete from occurrences where task_id = $1', [taskId]);

/** Key of a project as the copy of its place knows it. */
export async function keyOfScope(tx: Queries, scopeId: string): Promise<string> {
  const [row] = await tx.query<{ key: string | null }>('select key from scopes where scope_id = $1', [scopeId]);
  return row?.key ?? '';
}
