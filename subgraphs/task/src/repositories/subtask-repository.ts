// The tree of tasks, under row level security: parent and child share a scope, so who sees one sees the other.
import type { PageRequest } from '@taskgraph/shared/pagination';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Rows } from '../database.js';
import type { TaskRow } from '../entities/task.js';
import { taskColumns } from './task-repository.js';

type Queries = Pick<WriteTransaction, 'query'>;

/** Sort key of subtasks: their manual order. */
export const subtaskKey = (task: TaskRow): [string, string] => [task.rank, task.id];

/** The first subtasks of each parent behind the key, one row more than the page holds. */
export const listSubtasks = (rows: Rows, parentIds: readonly string[], { after, size }: PageRequest): Promise<TaskRow[]> =>
  rows(
    `select t.* from unnest($1::uuid[]) as p (id) cross join lateral (
       select ${taskColumns} from tasks t
       where t.parent_id = p.id and t.deleted_at is null ${after ? 'and (t.rank, t.id) > ($3::text collate "C", $4::uuid)' : ''}
       order by t.rank, t.id limit $2
     ) t order by t.rank, t.id`,
    [parentIds, size + 1, ...(after ?? [])],
  );

export interface SubtaskCount {
  parentId: string;
  total: number;
  completed: number;
}

export const countSubtasks = (rows: Rows, parentIds: readonly string[]): Promise<SubtaskCount[]> =>
  rows(
    `select t.parent_id as "parentId", count(*)::int as total, (count(*) filter (where t.status = 'COMPLETED'))::int as completed
     from tasks t where t.parent_id = any ($1::uuid[]) and t.deleted_at is null group by t.parent_id`,
    [parentIds],
  );

/** Everything above a task, nearest first. */
export async function ancestorsOf(tx: Queries, id: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `with recursive above (id, parent_id, distance) as (
       select p.id, p.parent_id, 1 from tasks t join tasks p on p.id = t.parent_id where t.id = $1
       union all
       select p.id, p.parent_id, above.distance + 1 from above join tasks p on p.id = above.parent_id where above.distance < 50
     ) select id from above order by distance`,
    [id],
  );
  return rows.map((row) => row.id);
}

/** Levels of the subtree below and with a task, trashed subtasks included: they may come back. 1 for a task without any. */
export async function heightOf(tx: Queries, id: string): Promise<number> {
  const [row] = await tx.query<{ height: number }>(
    `with recursive below (id, level) as (
       select $1::uuid, 1
       union all
       select c.id, below.level + 1 from below join tasks c on c.parent_id = below.id where below.level < 50
     ) select max(level) as height from below`,
    [id],
  );
  return row?.height ?? 1;
}

/** These tasks and everything below them that is not in the trash; the little that locks are made of. */
export const subtreesOf = (tx: Queries, ids: readonly string[]): Promise<Pick<TaskRow, 'id' | 'seriesId' | 'scopeId' | 'projectId' | 'parentId'>[]> =>
  tx.query(
    `with recursive below (id) as (
       select unnest($1::uuid[])
       union
       select c.id from below join tasks c on c.parent_id = below.id where c.deleted_at is null
     ) select t.id, t.series_id as "seriesId", t.scope_id as "scopeId", t.project_id as "projectId", t.parent_id as "parentId" from below join tasks t on t.id = below.id`,
    [ids],
  );
