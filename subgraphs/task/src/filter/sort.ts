// Sort keys of task lists: what a cursor holds, and the columns behind it.
import type { CursorCodec } from '@taskgraph/shared/cursor';
import { taskStatus } from '@taskgraph/shared/contracts/task-events';
import { badInput } from '@taskgraph/shared/errors';
import type { TaskRow } from '../entities/task.js';
import type { TaskSort, TaskSortField } from '../generated/resolver-types.js';

export interface SortKey {
  field: TaskSortField | 'ID';
  descending: boolean;
}

/** Keys in order of weight, the id last: no two tasks are equal. */
export type Sort = readonly SortKey[];

/** Values of one task's sort keys, as a cursor carries them. */
export type SortPosition = (string | number | null)[];

const keyLimit = 9;

/** The order of every list without a `sort`. */
const newestFirst: Sort = [{ field: 'CREATED_AT', descending: true }, { field: 'ID', descending: true }];

export function readSort(sort: readonly TaskSort[] | null | undefined, path = 'sort'): Sort {
  if (sort == null || sort.length === 0) return newestFirst;
  if (sort.length > keyLimit) throw badInput(path, `must hold at most ${keyLimit} keys`);
  const keys = new Map<string, SortKey>();
  // A field that comes again decides nothing more.
  for (const { field, direction } of sort) if (!keys.has(field)) keys.set(field, { field, descending: direction === 'DESC' });
  return [...keys.values(), { field: 'ID', descending: false }];
}

interface SortColumn {
  /** Expression over `tasks t`. */
  sql: string;
  /** Name of the same in the rows that a list statement answers. */
  alias: string;
  type: string;
  nullable?: true;
  /** Its negative, in a column with an index of its own: ids ascend in every order, so that a descending key is one range there. */
  down?: string;
  /**
   * Few tasks have the same: an instant that the server made, those of one bulk or one batch of an import; a rank, one of each
   * scope; a title, seldom more than a recurring task has instances.
   */
  fewAlike?: true;
  value: (task: TaskRow) => string | number | Date | null;
}

export const sortColumns: Record<SortKey['field'], SortColumn> = {
  PRIORITY: { sql: 't.priority', down: 't.priority_down', alias: 'priority', type: 'int', value: (task) => task.priority },
  DUE_AT: { sql: 't.due_at', alias: '"dueAt"', type: 'timestamptz', nullable: true, value: (task) => task.dueAt },
  START_AT: { sql: 't.start_at', alias: '"startAt"', type: 'timestamptz', nullable: true, value: (task) => task.startAt },
  CREATED_AT: { sql: 't.created_at', alias: '"createdAt"', type: 'timestamptz', fewAlike: true, value: (task) => task.createdAt },
  UPDATED_AT: { sql: 't.updated_at', alias: '"updatedAt"', type: 'timestamptz', fewAlike: true, value: (task) => task.updatedAt },
  COMPLETED_AT: { sql: 't.completed_at', alias: '"completedAt"', type: 'timestamptz', nullable: true, fewAlike: true, value: (task) => task.completedAt },
  TITLE: { sql: 't.title_key', alias: '"titleKey"', type: 'text', fewAlike: true, value: (task) => task.titleKey },
  // The generated column status_order counts the same way.
  STATUS: { sql: 't.status_order', down: 't.status_down', alias: '"statusOrder"', type: 'int', value: (task) => taskStatus.options.indexOf(task.status) + 1 },
  RANK: { sql: 't.rank', alias: 'rank', type: 'text', fewAlike: true, value: (task) => task.rank },
  ID: { sql: 't.id', alias: 'id', type: 'uuid', value: (task) => task.id },
};

export function positionOf(sort: Sort, task: TaskRow): SortPosition {
  return sort.map(({ field }) => {
    const value = sortColumns[field].value(task);
    return value instanceof Date ? value.toISOString() : value;
  });
}

const nameOf = (sort: Sort): string => sort.map(({ field, descending }) => `${descending ? '-' : ''}${field}`).join();

/** Cursors name their sort: one of another sort is a place nowhere in this list. */
export function listCursors(codec: CursorCodec, sort: Sort): { encode: (task: TaskRow) => string; decode: (cursor: string, path: string) => SortPosition } {
  const name = nameOf(sort);
  return {
    encode: (task) => codec.encode([name, ...positionOf(sort, task)]),
    decode(cursor, path) {
      const [of, ...position] = codec.decode(cursor, path);
      if (of !== name) throw badInput(path, 'is a cursor of another sort');
      return position;
    },
  };
}
