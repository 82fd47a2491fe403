// Reads of tasks, each inside `readAs`: row level security is on.
import type { TwoWayPageRequest } from '@taskgraph/shared/pagination';
import { scopeId } from '@taskgraph/shared/scope';
import type { Rows } from '../database.js';
import { TaskEntity, type TaskRow } from '../entities/task.js';
import { sizeOf, textsOf, type Condition } from '../filter/conditions.js';
import { anyOf, asOneRange, listOrder, rangesBehind, type Columns, type Range } from '../filter/keyset.js';
import { alwaysSet, foundDirectly, narrowed, onlyOpen, scopesOf, soleText, withoutTrash } from '../filter/narrowing.js';
import type { Sort } from '../filter/sort.js';
import { createBinder, toSql, type Bind } from '../filter/to-sql.js';
import { estimateMatches, matchesNow, scopesQuery } from './search-repository.js';

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

function readFilter(condition: Condition, now: Date, { viewerId }: ListOwners, bind: Bind, searched: readonly string[] | null): string {
  const filter = toSql(condition, now, bind, searched && (() => bind(scopesQuery(searched), 'tsquery')));
  return withoutTrash(condition) ? filter : `${filter} and ${restorable(viewerId, bind)}`;
}

/** The scopes in which a search looks for what the list holds; null where the filter has no text. */
async function searchedScopes(rows: Rows, owners: ListOwners, { condition }: TaskSelection): Promise<readonly string[] | null> {
  if (textsOf(condition).length === 0) return null;
  if (owners.kind === 'scopes') return owners.scopes;
  const visible = await visibleScopes(rows, owners.viewerId);
  const named = owners.kind === 'visible' ? scopesOf(condition, scopeId('user', owners.viewerId)) : null;
  return named ? visible.filter((scope) => named.includes(scope)) : visible;
}

/** `byScope`: one list per scope also where what is wanted could be looked up at once. */
function readOwners(owners: ListOwners, condition: Condition, bind: Bind, byScope: boolean): { from: string; owner: string; sources: Source[]; rest: Condition } {
  const rest = condition;
  const inScope: Source = { from: 'tasks t', where: ['t.scope_id = p.scope_id'], columns: {} };
  switch (owners.kind) {
    case 'scopes':
      return { from: `unnest(${bind(owners.scopes, 'uuid[]')}) as p (scope_id)`, owner: 'p.scope_id', sources: [inScope], rest };
    case 'people': {
      // Assigned to them, in the order of the assignment's own copy of the dates; and their personal ones that are not.
      const assigned: Source = {
        from: 'task_assignees a join tasks t on t.id = a.task_id',
        where: ['a.user_id = p.user_id', ...(onlyOpen(condition) ? ['a.open'] : [])],
        columns: { CREATED_AT: 'a.created_at', DUE_AT: 'a.due_at', ID: 'a.task_id' },
      };
      const personal: Source = { ...inScope, where: [...inScope.where, 'not t.assignee_ids @> array[p.user_id]'] };
      const scopes = owners.users.map((user) => scopeId('user', user));
      return { from: `unnest(${bind(owners.users, 'uuid[]')}, ${bind(scopes, 'uuid[]')}) as p (user_id, scope_id)`, owner: 'p.user_id', sources: [assigned, personal], rest };
    }
    case 'visible': {
      const narrow = narrowed(condition, scopeId('user', owners.viewerId));
      const all = viewerScopes(owners.viewerId, bind);
      const scopes = narrow.scopes ? `(select v.scope_id from ${all} v where v.scope_id = any (${bind(narrow.scopes, 'uuid[]')}))` : all;
      const common = { owner: 'null', rest: narrow.rest };
      if (byScope || !foundDirectly(condition)) return { from: `${scopes} as p (scope_id)`, sources: [inScope], ...common };
      // As an array it is worked out once and then compared, like the policy of row level security does.
      const everywhere: Source = { from: 'tasks t', where: [`t.scope_id = any (array(select v.scope_id from ${scopes} v))`], columns: {} };
      return { from: '(select 1) as p', sources: [everywhere], ...common };
    }
  }
}

/** A search among so many matches that they are met soon when the list is walked in its order. */
interface Walk {
  query: string;
  /** Rows of each list and range that are looked at, at most. */
  candidates: number;
}

/** Rows that a walk may look at, over all lists: each is one look-up in the search table. */
const walkLimit = 100_000;

/** What looking up one match anywhere costs, in rows of a walk, which lie together. */
const directCost = 4;

/**
 * Looking up every match costs as many look-ups as there are; walking each list until a page is full costs, where the matches lie
 * evenly, a page times the distance between them. Answers how to walk where that is less.
 */
async function walkOf(rows: Rows, owners: ListOwners, { condition, page }: TaskList, searched: readonly string[] | null): Promise<Walk | null> {
  const text = soleText(condition);
  if (searched === null || searched.length === 0 || owners.kind === 'people' || text === null || foundDirectly(text.rest)) return null;
  const { matching, all } = await estimateMatches(rows, text.query, searched);
  const walked = (searched.length * (page.size + 1) * all) / Math.max(1, matching);
  return walked < Math.min(walkLimit, matching * directCost) ? { query: text.query, candidates: Math.ceil(walkLimit / searched.length) } : null;
}

/**
 * One page of each list, with one row more than the page holds; backward from the end of the list. Rows are taken per owner (and
 * per range of keys, see keyset.ts) from an index in the order of the list and then merged, so that cost follows the number of
 * owners and the size of the page, not the number of tasks. One statement, but for two: a search asks the planner's statistics
 * before, and the page of a list on which the tasks without its first key begin takes one for each kind.
 */
export async function listTasks(rows: Rows, owners: ListOwners, list: TaskList): Promise<ListedTask[]> {
  const searched = await searchedScopes(rows, owners, list);
  const walk = await walkOf(rows, owners, list, searched);
  if (walk) {
    const { sql, parameters } = listStatement(owners, list, searched, { walk });
    const found = await rows<ListedTask>(sql, parameters);
    const lists = owners.kind === 'scopes' ? owners.scopes.length : 1;
    if (found.length === lists * (list.page.size + 1)) return found;
    // Not full: either that is all there is, or the matches lie further on than the walk went.
    const check = listStatement(owners, list, searched, { walk, capped: true });
    const [ended] = await rows<{ capped: boolean }>(check.sql, check.parameters);
    if (!ended?.capped) return found;
  }
  const { sql, parameters, shortened } = listStatement(owners, list, searched, { part: isSingle(owners) ? 'set' : 'all' });
  const found = await rows<ListedTask>(sql, parameters);
  const missing = list.page.size + 1 - found.length;
  if (!shortened || missing === 0) return found;
  const unset = listStatement(owners, list, searched, { part: 'unset' });
  const more = await rows<ListedTask>(unset.sql, unset.parameters);
  // Between the statements a task may have lost its key.
  return [...found, ...more.filter(({ id }) => found.every((task) => task.id !== id)).slice(0, missing)];
}

const isSingle = (owners: ListOwners): boolean => owners.kind === 'visible' || (owners.kind === 'scopes' ? owners.scopes : owners.users).length === 1;

interface StatementOptions {
  walk?: Walk;
  /** Instead of the page, whether a walk ends before its list does. */
  capped?: true;
  /**
   * Behind a place among tasks that have the first key: those that have it, or those without it, which come last of all.
   * Planning both takes longer than reading a page of one. `shortened` says whether something was left out.
   */
  part?: 'all' | 'set' | 'unset';
}

function listStatement(owners: ListOwners, { condition, sort, page, now }: TaskList, searched: readonly string[] | null, { walk, capped, part = 'all' }: StatementOptions): { sql: string; parameters: unknown[]; shortened: boolean } {
  const { bind, parameters } = createBinder();
  const { from, owner, sources, rest } = readOwners(owners, (walk && soleText(condition)?.rest) ?? condition, bind, walk !== undefined);
  const filter = readFilter(rest, now, owners, bind, searched);
  const [start, end] = page.backward ? [page.before, page.after] : [page.after, page.before];
  const limit = capped ? '' : bind(page.size + 1, 'int');
  const matches = walk && !capped ? matchesNow(bind(walk.query, 'text')) : '';
  const size = sizeOf(rest);
  const set = alwaysSet(condition);
  let shortened = false;
  const branches = sources.flatMap((source) => {
    const bound = end ? [anyOf(rangesBehind(sort, end, !page.backward, bind, source.columns, set))] : [];
    // The range without the key binds nothing, and what the others bind would be in no statement.
    const all = rangesBehind(sort, start, page.backward, part === 'unset' ? createBinder().bind : bind, source.columns, set);
    const ranges = all.filter(({ unset }) => part === 'all' || (part === 'unset') === (unset ?? false));
    shortened ||= ranges.length < all.length;
    const taken = ranges.length * size > planLimit ? [asOneRange(ranges, sort, page.backward, source.columns)] : ranges;
    return taken.map((range: Range) => {
      const inOrder = `from ${source.from} where ${[...source.where, ...range.where, ...bound, filter].join(' and ')} order by ${range.order}`;
      if (capped) return `select 1 ${inOrder} offset ${(walk as Walk).candidates - 1} limit 1`;
      const columns = `select ${taskColumns}, t.status_order as "statusOrder"`;
      if (!walk) return `${columns} ${inOrder} limit ${limit}`;
      return `${columns} from (select t.* ${inOrder} limit ${walk.candidates}) t where ${matches} order by ${range.order} limit ${limit}`;
    });
  });
  const union = branches.map((branch) => `(${branch})`).join(' union all ');
  if (capped) return { sql: `select exists (select 1 from ${from} cross join lateral (${union}) r) as capped`, parameters, shortened };
  const order = listOrder(sort, page.backward);
  const merged = branches.length === 1 ? branches[0] : `select * from (${union}) r order by ${order} limit ${limit}`;
  const whole = owners.kind === 'visible' ? ` limit ${limit}` : '';
  return { sql: `select ${owner} as owner, r.* from ${from} cross join lateral (${merged}) r order by ${order}${whole}`, parameters, shortened };
}

/** How many tasks each list holds in all; lists without any are left out. */
export async function countTasks(rows: Rows, owners: ListOwners, selection: TaskSelection): Promise<{ owner: string | null; count: number }[]> {
  const searched = await searchedScopes(rows, owners, selection);
  const { bind, parameters } = createBinder();
  const { from, owner, sources, rest } = readOwners(owners, selection.condition, bind, false);
  const filter = readFilter(rest, selection.now, owners, bind, searched);
  const counts = sources.map((source) => `(select count(*) from ${source.from} where ${[...source.where, filter].join(' and ')})`);
  return rows(`select ${owner} as owner, sum(${counts.join(' + ')})::int as count from ${from} group by 1`, parameters);
}
