// Pages by key instead of by count. What lies behind a place in a list with several sort keys is written as a few ranges that
// follow each other, each of which an index can walk: equal in the first keys, beyond in the next, free in the rest.
import { sortColumns, type Sort, type SortKey, type SortPosition } from './sort.js';
import type { Bind } from './to-sql.js';

export interface Range {
  /** Conditions over `tasks t`; all must hold. */
  where: string[];
  /** ORDER BY inside the range. */
  order: string;
  /** Rows without the first key, behind all that have it. */
  unset?: true;
}

/** Other expressions for some columns, where the same value stands in another table with an index of its own. */
export type Columns = Partial<Record<SortKey['field'], string>>;

const nothing: ReadonlySet<string> = new Set();

/** Where a key is read, and which way it goes there: its negative goes up where it goes down. */
function columnOf({ field, descending }: SortKey, columns: Columns): { sql: string; descending: boolean; turned: boolean } {
  const { sql, down } = sortColumns[field];
  const other = columns[field];
  const turned = descending && other === undefined && down !== undefined;
  return { sql: other ?? (turned ? down : sql), descending: descending && !turned, turned };
}

/** By the field's name in a task: DUE_AT is dueAt. */
const isNullable = (field: SortKey['field'], set: ReadonlySet<string>): boolean =>
  sortColumns[field].nullable === true && !set.has(field.toLowerCase().replace('_at', 'At'));

/**
 * The rows of the list behind `position` (all for null) in the order in which a reader meets them: forward, or backward from
 * the end. Null comes last in the list whatever the direction of its key. `set` names fields that are never null in this list
 * although they can be: looking for the rows without them would be looking through all others.
 */
export function rangesBehind(sort: Sort, position: SortPosition | null, backward: boolean, bind: Bind, columns: Columns = {}, set: ReadonlySet<string> = nothing): Range[] {
  const at = (index: number) => {
    const key = sort[index] as SortKey;
    const { type } = sortColumns[key.field];
    const { sql, descending, turned } = columnOf(key, columns);
    const nullable = isNullable(key.field, set);
    const value = position?.[index] ?? null;
    const bound = () => bind(value !== null && type === 'timestamptz' ? new Date(value) : turned ? -(value as number) : value, type);
    return { sql, nullable, value, bound, descending, way: descending === backward ? 'asc' : 'desc' };
  };
  /** Sorts by the keys from `index` on, nulls at the end of the list. */
  const rest = (index: number): string[] =>
    sort.slice(index).map((_, offset) => {
      const { sql, nullable, way } = at(index + offset);
      return nullable ? `${sql} ${way} nulls ${backward ? 'first' : 'last'}` : `${sql} ${way}`;
    });
  /** A key that is null throughout stays in ORDER BY, pointing where the next one does: so it reads like the index. */
  const fixedNull = (index: number): string => `${at(index).sql} ${at(index + 1).way}`;

  const ranges: Range[] = [];
  const add = (where: string[], order: string[]) => ranges.push({ where, order: order.join(', ') });

  if (position === null) {
    const { sql, nullable, way, descending } = at(0);
    // An ascending key with nulls last is how an index lies anyway.
    // Where the key is always set, saying so keeps the walk away from rows without it, which lie at an end of the index.
    if (!nullable || !descending) add(!nullable && isNullable(sort[0]?.field as SortKey['field'], nothing) ? [`${sql} is not null`] : [], rest(0));
    else {
      const set: Range = { where: [`${sql} is not null`], order: [`${sql} ${way}`, ...rest(1)].join(', ') };
      const unset: Range = { where: [`${sql} is null`], order: [fixedNull(0), ...rest(1)].join(', ') };
      ranges.push(...(backward ? [unset, set] : [set, unset]));
    }
    return ranges;
  }

  // The last keys that point the same way and are never null make one comparison of rows, which an index takes whole; a key that
  // can be null may begin it. Where all keys are such, one range is enough.
  let joined = sort.length - 1;
  while (joined > 0 && !at(joined).nullable && at(joined - 1).way === at(joined).way && at(joined - 1).value !== null) joined -= 1;

  // Few tasks share an instant that the server made, a rank or a title. Where the id points the other way, passing over those few costs less than
  // planning a range of their own.
  const id = at(sort.length - 1);
  const passes = joined === sort.length - 1 && joined > 0 && sortColumns[(sort[joined - 1] as SortKey).field].fewAlike === true && at(joined - 1).value !== null;

  for (let index = passes ? joined - 1 : joined; index >= 0; index -= 1) {
    const { sql, nullable, value, bound, way } = at(index);
    // Null is the last value there is: nothing lies behind it, and nothing is bound that no range would use.
    if (value === null && !backward) continue;
    const equal: string[] = [];
    const order: string[] = [];
    for (let earlier = 0; earlier < index; earlier += 1) {
      const fixed = at(earlier);
      equal.push(fixed.value === null ? `${fixed.sql} is null` : `${fixed.sql} = ${fixed.bound()}`);
      if (fixed.value === null) order.push(fixedNull(earlier));
    }
    const next = rest(index + 1);
    const compare = way === 'asc' ? '>' : '<';
    if (passes && index === joined - 1) {
      const behind = `(${sql} ${compare} ${bound()} or ${id.sql} ${id.way === 'asc' ? '>' : '<'} ${id.bound()})`;
      add([...equal, `${sql} ${compare}= ${bound()}`, behind], [...order, `${sql} ${way}`, ...next]);
    } else if (index === joined) {
      const keys = sort.slice(index).map((_, offset) => at(index + offset));
      add([...equal, `(${keys.map((key) => key.sql).join(', ')}) ${compare} (${keys.map((key) => key.bound()).join(', ')})`], [...order, `${sql} ${way}`, ...next]);
    } else if (value !== null) add([...equal, `${sql} ${compare} ${bound()}`], [...order, `${sql} ${way}`, ...next]);
    else add([...equal, `${sql} is not null`], [...order, `${sql} ${way}`, ...next]);
    if (value !== null && nullable && !backward) {
      add([...equal, `${sql} is null`], [...order, fixedNull(index), ...next]);
      if (index === 0) (ranges.at(-1) as Range).unset = true;
    }
  }
  return ranges;
}

/** The same rows as one range, for statements that would be too large to plan with many: an index helps only with the first key. */
export function asOneRange(ranges: Range[], sort: Sort, backward: boolean, columns: Columns = {}): Range {
  const order = sort.map((key) => {
    const { nullable } = sortColumns[key.field];
    const { sql, descending } = columnOf(key, columns);
    return `${sql} ${descending === backward ? 'asc' : 'desc'}${nullable ? ` nulls ${backward ? 'first' : 'last'}` : ''}`;
  });
  return { where: [anyOf(ranges)], order: order.join(', ') };
}

/** ORDER BY of the whole list over the aliases of its rows; backward it is the reverse. */
export const listOrder = (sort: Sort, backward: boolean): string =>
  sort
    .map(({ field, descending }) => {
      const { alias, nullable } = sortColumns[field];
      return `r.${alias} ${descending === backward ? 'asc' : 'desc'}${nullable ? ` nulls ${backward ? 'first' : 'last'}` : ''}`;
    })
    .join(', ');

/** One condition that holds for the same rows as the ranges. */
export const anyOf = (ranges: Range[]): string => `(${ranges.map(({ where }) => `(${where.join(' and ') || 'true'})`).join(' or ')})`;
