// Turns a task with its subtasks into what a template holds: without people, status and comments, dates as spans.
import { badInput } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import { readAs } from '../database.js';
import type { TaskRow } from '../entities/task.js';
import { findTasks } from '../repositories/task-repository.js';
import { subtreeIds } from '../repositories/write-repository.js';
import { requireTask } from '../standing.js';
import { templateBytes, templateLimit, writeSpan, type TemplateTask } from '../template-tasks.js';

const path = 'input.fromTaskId';

export async function templateOfTask(context: Context, viewerId: string, id: string): Promise<TemplateTask[]> {
  const { task } = await requireTask(context, viewerId, id);
  const tasks = await readAs(context.database, viewerId, async (rows) => {
    const ids = await subtreeIds({ query: rows }, task.id);
    if (ids.length > templateLimit) throw badInput(path, `has more than ${templateLimit} subtasks, itself included`);
    return findTasks(rows, ids);
  });
  const labels = await context.labels.loadMany([...new Set(tasks.flatMap((row) => row.labelIds))]);
  const names = new Map(labels.flatMap((label) => (label && !(label instanceof Error) ? [[label.id, label.name] as const] : [])));
  const base = task.startAt ?? task.createdAt;
  const span = (date: Date | null) => (date ? writeSpan(date.getTime() - base.getTime()) : undefined);

  const below = (parentId: string): TemplateTask[] =>
    tasks.filter((row) => row.parentId === parentId).sort((a, b) => (a.rank < b.rank || (a.rank === b.rank && a.id < b.id) ? -1 : 1)).map(one);
  const one = (row: TaskRow): TemplateTask => {
    const [subtasks, labelNames] = [below(row.id), row.labelIds.flatMap((labelId) => names.get(labelId) ?? [])];
    const recurrence = row.recurrenceRule && row.recurrenceTimeZone ? { rule: row.recurrenceRule, timeZone: row.recurrenceTimeZone } : undefined;
    return {
      title: row.title, description: row.description ?? undefined, priority: row.priority, startAfter: span(row.startAt), dueAfter: span(row.dueAt),
      labels: labelNames.length > 0 ? labelNames : undefined, recurrence, subtasks: subtasks.length > 0 ? subtasks : undefined,
    };
  };
  // Written out and read again, so that what is absent is absent.
  const text = JSON.stringify([one(tasks.find((row) => row.id === task.id) ?? task)]);
  if (Buffer.byteLength(text) > templateBytes) throw badInput(path, `has more than ${templateBytes / 1_024} KiB of text`);
  return JSON.parse(text) as TemplateTask[];
}
