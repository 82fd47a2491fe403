// What the four `tasks` fields have in common: reading their arguments and answering a page.
import { readTwoWayPageArguments, toTwoWayConnection, type TwoWayPageArguments } from '@taskgraph/shared/pagination';
import type { Context } from '../context.js';
import type { TaskPage } from '../entities/task.js';
import { readFilter } from '../filter/read-filter.js';
import { listCursors, readSort } from '../filter/sort.js';
import type { TaskFilter, TaskSort } from '../generated/resolver-types.js';
import type { ListKey } from '../list-loaders.js';
import type { ListedTask, TaskList } from '../repositories/task-repository.js';

export interface TaskListArguments extends TwoWayPageArguments {
  filter?: TaskFilter | null | undefined;
  sort?: readonly TaskSort[] | null | undefined;
}

/** Throws BAD_USER_INPUT for arguments that make no list. */
export function readList(args: TaskListArguments, context: Context): TaskList {
  const sort = readSort(args.sort);
  return {
    condition: readFilter(args.filter),
    sort,
    page: readTwoWayPageArguments(args, context.pageLimits, listCursors(context.listCursors, sort).decode),
    now: context.now,
  };
}

/** `rows` as the statement answers them, backward from the end of a backward page. */
export function toPage(rows: ListedTask[], { page, sort }: TaskList, context: Context, count: () => Promise<number>): TaskPage {
  const { encode } = listCursors(context.listCursors, sort);
  return toTwoWayConnection(page.backward ? rows.toReversed() : rows, page, encode, count);
}

/** The list of one scope or one person, read together with all others that this field is asked of. */
export async function listOf(kind: ListKey['kind'], owner: string, args: TaskListArguments, list: TaskList, context: Context): Promise<TaskPage> {
  const key: ListKey = { kind, owner, args: JSON.stringify(args), list };
  return toPage(await context.taskLists.load(key), list, context, () => context.taskCounts.load(key));
}
