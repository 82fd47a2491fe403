// Task.history: the part of the change log that is about one task, oldest first.
import { badInput } from '@taskgraph/shared/errors';
import { queryOf, readHead } from '@taskgraph/shared/event-reader';
import type { PageArguments } from '@taskgraph/shared/pagination';
import { cursorAt } from '../commands/write-task.js';
import type { Context } from '../context.js';
import type { TaskRow } from '../entities/task.js';
import { readChanges, toChange, type ChangePage } from '../repositories/change-repository.js';

export async function taskHistory(task: TaskRow, args: PageArguments, context: Context): Promise<ChangePage> {
  const { defaultSize, maxSize } = context.pageLimits;
  const limit = args.first ?? defaultSize;
  if (limit < 1 || limit > maxSize) throw badInput('first', `must lie between 1 and ${maxSize}`);
  const [epoch, xid, ordinal] = args.after == null ? [] : (context.logCursors.decode(args.after, 'after') as [number, string, number]);
  const after = epoch === undefined || xid === undefined || ordinal === undefined ? null : { epoch, xid, ordinal };
  const scope = { kind: 'task', taskId: task.id } as const;
  const query = queryOf(context.database);
  const page = await readChanges(query, context.sampler, scope, after, limit);
  const edges = page.events.flatMap((event) => {
    const node = toChange(event, scope, cursorAt(context, event.place));
    return node ? [{ cursor: node.cursor, node }] : [];
  });
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: { hasNextPage: page.more, hasPreviousPage: after !== null, startCursor: edges[0]?.cursor ?? null, endCursor: cursorAt(context, page.next) },
    head: async () => cursorAt(context, await readHead(query)),
  };
}
