// Who waits for whom. The rows hold ids only; who may see a task is asked of the tasks themselves.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Rows } from '../database.js';
import type { TaskRow } from '../entities/task.js';
import { taskColumns } from './task-repository.js';

type Queries = Pick<WriteTransaction, 'query'>;

export interface Dependency {
  taskId: string;
  blockedById: string;
}

const pair = 'd.task_id as "taskId", d.blocked_by_id as "blockedById"';

export const blockersOf = (rows: Rows, taskIds: readonly string[]): Promise<Dependency[]> =>
  rows(`select ${pair} from task_dependencies d where d.task_id = any ($1::uuid[]) order by d.created_at, d.blocked_by_id`, [taskIds]);

export const dependentsOf = (rows: Rows, blockerIds: readonly string[]): Promise<Dependency[]> =>
  rows(`select ${pair} from task_dependencies d where d.blocked_by_id = any ($1::uuid[]) order by d.created_at, d.task_id`, [blockerIds]);

/** Everything that a task waits for, directly and by way of others. */
export const dependenciesAbove = (tx: Queries, taskId: string): Promise<Dependency[]> =>
  tx.query(
    `with recursive above (task_id, blocked_by_id) as (
       select d.task_id, d.blocked_by_id from task_dependencies d where d.task_id = $1
       union
       select d.task_id, d.blocked_by_id from task_dependencies d join above on d.task_id = above.blocked_by_id
     ) select task_id as "taskId", blocked_by_id as "blockedById" from above`,
    [taskId],
  );

/** Blockers are shown in the order of `at`; null: now. Answers it. */
export async function insertDependency(tx: Queries, { taskId, blockedById }: Dependency, at: Date | null): Promise<Date> {
  const [row] = await tx.query<{ at: Date }>(
    'insert into task_dependencies (task_id, blocked_by_id, created_at) values ($1, $2, coalesce($3, now())) returning created_at as at',
    [taskId, blockedById, at],
  );
  return (row as { at: Date }).at;
}

/** Answers since when the task waited. */
export async function deleteDependency(tx: Queries, { taskId, blockedById }: Dependency): Promise<Date> {
  const [row] = await tx.query<{ at: Date }>('delete from task_dependencies where task_id = $1 and blocked_by_id = $2 returning created_at as at', [taskId, blockedById]);
  return (row as { at: Date }).at;
}

/** Open blockers, those that the viewer cannot see included: ids only. */
export const openBlockers = (tx: Queries, taskId: string): Promise<Dependency[]> =>
  tx.query('select task_id as "taskId", blocked_by_id as "blockedById" from open_blockers(array[$1]::uuid[])', [taskId]);

/** What the viewer can see of some tasks. */
export const namesOf = (tx: Queries, ids: readonly string[]): Promise<Pick<TaskRow, 'id' | 'ref' | 'title' | 'scopeId'>[]> =>
  tx.query('select id, ref, title, scope_id as "scopeId" from tasks where id = any ($1::uuid[]) order by created_at, id', [ids]);

/** Tasks behind these blockers whose `blocked` is no longer true to fact, whether or not the viewer can see them. */
export const tasksToRecount = (tx: Queries, blockerIds: readonly string[]): Promise<TaskRow[]> =>
  tx.query(`select ${taskColumns} from tasks_to_recount($1::uuid[]) t`, [blockerIds]);

export const writeBlocked = (tx: Queries, task: TaskRow): Promise<unknown> =>
  tx.query('select write_blocked($1, $2, $3)', [task.id, task.blocked, task.updatedAt]);
