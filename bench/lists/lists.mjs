// The lists that screens show, and where their pages lie.
import { readFilter } from '@taskgraph/task/dist/filter/read-filter.js';
import { positionOf, readSort, sortColumns } from '@taskgraph/task/dist/filter/sort.js';
import { createBinder, toSql } from '@taskgraph/task/dist/filter/to-sql.js';
import { taskColumns } from '@taskgraph/task/dist/repositories/task-repository.js';

export const pageSize = 50;
/** Of the lists: what `within` and `overdue` count from. */
export const now = new Date('2026-11-01T12:00:00Z');

const fields = ['PRIORITY', 'DUE_AT', 'START_AT', 'CREATED_AT', 'UPDATED_AT', 'COMPLETED_AT', 'TITLE', 'STATUS', 'RANK'];
const open = { status: { in: ['PENDING', 'IN_PROGRESS'] } };

/** Lists of one project: every sort in both directions, and what screens filter by. */
export const inProject = [
  { name: 'newest first (no sort)' },
  ...fields.flatMap((field) => ['ASC', 'DESC'].map((direction) => ({ name: `${field} ${direction}`, sort: [{ field, direction }] }))),
  { name: 'open, newest first', filter: open },
  { name: 'open, DUE_AT ASC', filter: open, sort: [{ field: 'DUE_AT' }] },
  { name: 'open, PRIORITY ASC', filter: open, sort: [{ field: 'PRIORITY' }] },
  { name: 'column of a board (PENDING by RANK)', filter: { status: { eq: 'PENDING' } }, sort: [{ field: 'RANK' }] },
  { name: 'done, COMPLETED_AT DESC', filter: { status: { eq: 'COMPLETED' } }, sort: [{ field: 'COMPLETED_AT', direction: 'DESC' }] },
  { name: 'top level only, RANK ASC', filter: { parentId: { isNull: true } }, sort: [{ field: 'RANK' }] },
  // Page 10,000 of these lies among tasks without the date; here it is one among those that have it.
  ...['DUE_AT', 'START_AT'].flatMap((field) => ['ASC', 'DESC'].map((direction) => ({ name: `${field} ${direction}, among the dated`, sort: [{ field, direction }], share: 0.1 }))),
];

export function listOf({ filter, sort }, after = null) {
  const keys = readSort(sort);
  return { condition: readFilter(filter), sort: keys, now, page: { size: pageSize, backward: false, after, before: null } };
}

/** The place behind which page `page` begins, or 80 % of the way where the list has fewer pages, or the share that the list names; worked out without row level security. */
export async function placeOf(admin, scope, list, page) {
  const { condition, sort } = listOf(list);
  const { bind, parameters } = createBinder();
  const from = `from tasks t where t.scope_id = ${bind(scope, 'uuid')} and ${toSql(condition, now, bind)}`;
  const [{ count }] = await admin.query(`select count(*)::int as count ${from}`, parameters);
  const wanted = (page - 1) * pageSize;
  const row = (list.share === undefined && wanted < count ? wanted : Math.floor(count * (list.share ?? 0.8))) - 1;
  const order = sort.map(({ field, descending }) => `${sortColumns[field].sql} ${descending ? 'desc' : 'asc'} nulls last`).join(', ');
  const [task] = await admin.query(`select ${taskColumns} ${from} order by ${order} offset ${row} limit 1`, parameters);
  return { row: row + 1, place: positionOf(sort, task) };
}
