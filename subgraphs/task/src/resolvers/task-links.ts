// How a task hangs together with others: above and below it, before and after it.
import { createCursorCodec } from '@taskgraph/shared/cursor';
import { readPageArguments, toConnection, type PageArguments } from '@taskgraph/shared/pagination';
import type { Context } from '../context.js';
import type { TaskPage, TaskRow } from '../entities/task.js';
import { subtaskKey } from '../repositories/subtask-repository.js';

export async function subtasks(task: TaskRow, args: PageArguments, context: Context): Promise<TaskPage> {
  const codec = createCursorCodec(context.secretKey, 'subtasks');
  const page = readPageArguments(args, context.pageLimits, codec);
  const rows = await context.subtasksByParent.load({ parentId: task.id, page });
  return toConnection(rows, page, codec, subtaskKey, async () => (await context.subtaskCounts.load(task.id))?.total ?? 0);
}

export async function subtaskProgress(task: TaskRow, context: Context): Promise<number | null> {
  const count = await context.subtaskCounts.load(task.id);
  return count && count.completed / count.total;
}

/** What the viewer can see of these, without what lies in the trash; where seeing cannot be decided just now, it is left out too. */
export async function visible(ids: readonly string[], context: Context): Promise<TaskRow[]> {
  const tasks = await context.tasks.loadMany(ids);
  return tasks.filter((task): task is TaskRow => task !== null && !(task instanceof Error) && task.deletedAt === null);
}
