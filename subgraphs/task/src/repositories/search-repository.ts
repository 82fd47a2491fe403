// Full-text search over title and description, kept in the transaction that writes the task.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Rows } from '../database.js';
import type { TaskRow } from '../entities/task.js';

type Searched = Pick<TaskRow, 'id' | 'scopeId' | 'title' | 'description'>;

/** Words are taken as they are written, in any language. */
const configuration = 'simple';

/** The word by which a document tells its scope. */
const scopeWord = (scope: string) => `'scope' || replace((${scope})::text, '-', '')`;

/** A tsquery as text that holds for documents of the given scopes. As a value it is known when the statement is planned. */
export const scopesQuery = (scopes: readonly string[]): string => scopes.map((scope) => `scope${scope.replaceAll('-', '')}`).join(' | ');

/** Whether the document of task `t` matches, looked up for each row: the planner does not turn it around. */
export const matchesNow = (query: string): string =>
  `exists (select 1 from task_search s where s.task_id = t.id and s.document @@ websearch_to_tsquery('${configuration}', ${query}) offset 0)`;

/** How many documents of the scopes match, and how many there are, as the planner's statistics have it. */
export async function estimateMatches(rows: Rows, query: string, scopes: readonly string[]): Promise<{ matching: number; all: number }> {
  const inScopes = 's.document @@ $2::tsquery';
  const [row] = await rows<{ 'QUERY PLAN': [{ Plan: { Plans?: { 'Plan Rows': number }[] } }] }>(
    `explain (format json) select 1 from task_search s where s.document @@ websearch_to_tsquery('${configuration}', $1) and ${inScopes}
     union all select 1 from task_search s where ${inScopes}`,
    [query, scopesQuery(scopes)],
  );
  const [matching, all] = row?.['QUERY PLAN'][0].Plan.Plans ?? [];
  return { matching: matching?.['Plan Rows'] ?? 0, all: all?.['Plan Rows'] ?? 0 };
}

/** The document of a row with the columns title, description and scope_id, as an expression over its alias. */
export const searchDocument = (row: string): string =>
  `setweight(to_tsvector('${configuration}', ${row}.title), 'A') || setweight(to_tsvector('${configuration}', coalesce(${row}.description, '')), 'B') || array_to_tsvector(array[${scopeWord(`${row}.scope_id`)}])`;

/** Call after the task's row was written whenever its title, description or scope may have changed. */
export async function indexForSearch(tx: Pick<WriteTransaction, 'query'>, task: Searched): Promise<void> {
  await tx.query(
    `insert into task_search (task_id, document) values ($1,
       setweight(to_tsvector('${configuration}', $2), 'A') || setweight(to_tsvector('${configuration}', $3), 'B') || array_to_tsvector(array[${scopeWord('$4::uuid')}]))
     on conflict (task_id) do update set document = excluded.document`,
    [task.id, task.title, task.description ?? '', task.scopeId],
  );
}

/** The same for many new tasks at once. */
export async function indexAllForSearch(tx: Pick<WriteTransaction, 'query'>, tasks: readonly Searched[]): Promise<void> {
  await tx.query(
    `insert into task_search (task_id, document) select r.id, ${searchDocument('r')} from jsonb_to_recordset($1::jsonb) as r (id uuid, title text, description text, scope_id uuid)`,
    [JSON.stringify(tasks.map(({ id, title, description, scopeId }) => ({ id, title, description, scope_id: scopeId })))],
  );
}

/** Which of the tasks that the viewer sees match the query now. Runs inside `readAs`. */
export async function findMatching(rows: Rows, ids: readonly string[], text: string): Promise<Set<string>> {
  const found = await rows<{ id: string }>(
    `select t.id from tasks t join task_search s on s.task_id = t.id
     where t.id = any ($1::uuid[]) and s.document @@ websearch_to_tsquery('${configuration}', $2)`,
    [ids, text],
  );
  return new Set(found.map((row) => row.id));
}
