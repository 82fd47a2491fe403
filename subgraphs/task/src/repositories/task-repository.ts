// Reads of tasks, each inside `readAs`: row level security is on.
import type { TwoWayPageRequest } from '@taskgraph/shared/pagination';
import { scopeId } from '@taskgraph/shared/scope';
import type { Rows } from '../database.js';
import { TaskEntity, type TaskRow } from '../entities/task.js';
import { sizeOf, type Condition } from '../filter/conditions.js';
import { anyOf, asOneRange, listOrder, rangesBehind, type Columns, type Range } from '../filter/keyset.js';
import { foundDirectly, narrowed, onlyOpen, withoutTrash } from '../filter/narrowing.js';
import type { Sort } from '../filter/sort.js';
import { createBinder, toSql, type Bind } from '../filter/to-sql.js';
import { searchScopes } from './search-repository.js';

/** Every column of the entity, read from `tasks t`. */
export const taskColumns = Object.entries(TaskEntity.options.columns)
  .map(([property, column]) => `t.${column?.name ?? property} as "${property}"`)
  .join(', ');

export const findTasks = (rows: Rows, ids: readonly string[]): Promise<TaskRow[]> =>
  rows(`select ${taskColumns} from tasks t where t.id = any ($1::uuid[])`, [ids]);

/** Comparisons of a filter, over all ranges of a page, up to which a statement is planned in a few milliseconds. */
const planLimit = 250;

/** Which tasks, in which order. */
export interface TaskSelection {
  condition: Condition;
  sort: Sort;
  /** The time of the request, which `within` and `overdue` count from. */
  now: Date;
}

export interface TaskList extends TaskSelection {
  page: TwoWayPageRequest;
}

/** Whose lists, as the viewer sees them: one per scope, one per person, or a single one over everything. */
export type ListOwners = { viewerId: string } & (
  | { kind: 'scopes'; scopes: readonly string[] }
  | { kind: 'people'; users: readonly string[] }
  | { kind: 'visible' }
);

/** A row with the scope or person whose list it is in; null in the list over everything. */
export type ListedTask = TaskRow & { owner: string | null };

/** Where rows come from, as FROM and WHERE over the owner `p`; `columns` are read there instead of in `tasks`. */
interface Source {
  from: string;
  where: string[];
  columns: Columns;
}

/** Every scope that the viewer sees: memberships by the copy, and the personal one. */
const viewerScopes = (viewerId: string, bind: Bind) =>
  `(select m.scope_id from scope_members m where m.user_id = ${bind(viewerId, 'uuid')} and m.role is not null union all select ${bind(scopeId('user', viewerId), 'uuid')})`;

/** Ids of the scopes whose tasks the viewer sees. */
export async function visibleScopes(rows: Rows, viewerId: string): Promise<string[]> {
  const { bind, parameters } = createBinder();
  return (await rows<{ scope_id: string }>(`select v.scope_id from ${viewerScopes(viewerId, bind)} v order by v.scope_id`, parameters)).map((row) => row.scope_id);
}

/** The same as `canDelete` in policies.ts: what lies in the trash is shown to those who may restore it. */
function restorable(viewerId: string, bind: Bind): string {
  const viewer = bind(viewerId, 'uuid');
  return `(t.deleted_at is null or t.owner_id = ${viewer} or exists (
    select 1 from scope_members m where m.scope_id = t.scope_id and m.user_id = ${viewer} and (m.role in ('OWNER', 'MAINTAINER', 'MODERATOR')
      or (m.role = 'MEMBER' and (t.creator_id = ${viewer} or (t.channel_id is not null and t.assignee_ids @> array[${viewer}]))))))`;
}

function readFilter(condition: Condition, now: Date, { viewerId }: ListOwners, bind: Bind, search: () => string): string {
  const filter = toSql(condition, now, bind, search);
  return withoutTrash(condition) ? filter : `${filter} and ${restorable(viewerId, bind)}`;
}

function readOwners(owners: ListOwners, { condition }: TaskSelection, bind: Bind): { from: string; owner: string; sources: Source[]; search: () => string; rest: Condition } {
  const rest = condition;
  const inScope: Source = { from: 'tasks t', where: ['t.scope_id = p.scope_id'], columns: {} };
  switch (owners.kind) {
    case 'scopes': {
      const scopes = `unnest(${bind(owners.scopes, 'uuid[]')})`;
      return { from: `${scopes} as p (scope_id)`, owner: 'p.scope_id', sources: [inScope], search: () => searchScopes(scopes), rest };
    }
    case 'people': {
      // Assigned to them, in the order of the assignment's own copy of the dates; and their personal ones that are not.
      const assigned: Source = {
        from: 'task_assignees a join tasks t on t.id = a.task_id',
        where: ['a.user_id = p.user_id', ...(onlyOpen(condition) ? ['a.open'] : [])],
        columns: { CREATED_AT: 'a.created_at', DUE_AT: 'a.due_at', ID: 'a.task_id' },
      };
      const personal: Source = { ...inScope, where: [...inScope.where, 'not t.assignee_ids @> array[p.user_id]'] };
      const scopes = owners.users.map((user) => scopeId('user', user));
      return {
        from: `unnest(${bind(owners.users, 'uuid[]')}, ${bind(scopes, 'uuid[]')}) as p (user_id, scope_id)`,
        owner: 'p.user_id', sources: [assigned, personal], search: () => searchScopes(viewerScopes(owners.viewerId, bind)), rest,
      };
    }
    case 'visible': {
      const narrow = narrowed(condition, scopeId('user', owners.viewerId));
      const all = viewerScopes(owners.viewerId, bind);
      const scopes = narrow.scopes ? `(select v.scope_id from ${all} v where v.scope_id = any (${bind(narrow.scopes, 'uuid[]')}))` : all;
      const common = { owner: 'null', search: () => searchScopes(scopes), rest: narrow.rest };
      if (!foundDirectly(condition)) return { from: `${scopes} as p (scope_id)`, sources: [inScope], ...common };
      // As an array it is worked out once and then compared, like the policy of row level security does.
      const everywhere: Source = { from: 'tasks t', where: [`t.scope_id = any (array(select v.scope_id from ${scopes} v))`], columns: {} };
      return { from: '(select 1) as p', sources: [everywhere], ...common };
    }
  }
}

/**
 * One page of each list in one statement, with one row more than the page holds; backward from the end of the list. Rows are
 * taken per owner (and per range of keys, see keyset.ts) from an index in the order of the list and then merged, so that cost
 * follows the number of owners and the size of the page, not the number of tasks.
 */
export async function listTasks(rows: Rows, owners: ListOwners, list: TaskList): Promise<ListedTask[]> {
  const { sort, page } = list;
  const { bind, parameters } = createBinder();
  const { from, owner, sources, search, rest } = readOwners(owners, list, bind);
  const filter = readFilter(rest, list.now, owners, bind, search);
  const [start, end] = page.backward ? [page.before, page.after] : [page.after, page.before];
  const limit = bind(page.size + 1, 'int');
  const size = sizeOf(rest);
  const branches = sources.flatMap((source) => {
    const bound = end ? [anyOf(rangesBehind(sort, end, !page.backward, bind, source.columns))] : [];
    const ranges = rangesBehind(sort, start, page.backward, bind, source.columns);
    const taken = ranges.length * size > planLimit ? [asOneRange(ranges, sort, page.backward, source.columns)] : ranges;
    return taken.map((range: Range) => {
      const where = [...source.where, ...range.where, ...bound, filter].join(' and ');
      return `select ${taskColumns}, t.status_order as "statusOrder" from ${source.from} where ${where} order by ${range.order} limit ${limit}`;
    });
  });
  const order = listOrder(sort, page.backward);
  const merged = branches.length === 1 ? branches[0] : `select * from (${branches.map((branch) => `(${branch})`).join(' union all ')}) r order by ${order} limit ${limit}`;
  const whole = owners.kind === 'visible' ? ` limit ${limit}` : '';
  return rows<ListedTask>(`select ${owner} as owner, r.* from ${from} cross join lateral (${merged}) r order by ${order}${whole}`, parameters);
}

/** How many tasks each list holds in all; lists without any are left out. */
export async function countTasks(rows: Rows, owners: ListOwners, selection: TaskSelection): Promise<{ owner: string | null; count: number }[]> {
  const { bind, parameters } = createBinder();
  const { from, owner, sources, search, rest } = readOwners(owners, selection, bind);
  const filter = readFilter(rest, selection.now, owners, bind, search);
  const counts = sources.map((source) => `(select count(*) from ${source.from} where ${[...source.where, filter].join(' and ')})`);
  return rows(`select ${owner} as owner, sum(${counts.join(' + ')})::int as count from ${from} group by 1`, parameters);
}
