// Tells that a task is due within 24 hours, and that its due date has passed: once per task and due date, as events without a
// new version (RULES §4). A task that is given a date in the past is told of as overdue only.
import { selectRows } from '@taskgraph/shared/database';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import { blocksOthers } from '../commands/blocking.js';
import { nobody, taskEvent } from '../commands/write-task.js';
import type { TaskRow } from '../entities/task.js';
import { namingLabels } from '../repositories/label-names.js';
import { databaseNow, planNotice, takeNotice, tasksToNotice, type NoticeKind } from '../repositories/notice-repository.js';
import { loadTask } from '../repositories/write-repository.js';
import { createPace, pacedWrite, taskBatch } from './pace.js';

const aheadMs = 24 * 3_600_000;

/** One batch. Answers whether there may be more. */
export async function tellDueTasks(dataSource: DataSource, pace = createPace(taskBatch)): Promise<boolean> {
  const limit = pace.rows();
  const ids = await tasksToNotice((sql, parameters) => selectRows(dataSource, sql, parameters), limit);
  if (ids.length === 0) return false;
  await pacedWrite(pace, ids.length, dataSource, { lock: ids.map((id) => `task:${id}`) }, async (plain) => {
    const tx = namingLabels(plain);
    const now = await databaseNow(tx.query);
    for (const id of ids) {
      const task = await loadTask(tx, id);
      if (task) await tellOf(tx, task, now);
    }
  });
  return ids.length === limit;
}

async function tellOf(tx: WriteTransaction, before: TaskRow, now: Date): Promise<void> {
  const { dueAt } = before;
  // Completed, trashed or given another date since it was found.
  if (dueAt === null || !blocksOthers(before)) return;
  const left = dueAt.getTime() - now.getTime();
  const kind: NoticeKind | null = left <= 0 ? 'OVERDUE' : left <= aheadMs ? 'DUE_SOON' : null;
  const next = kind === 'OVERDUE' ? null : kind === 'DUE_SOON' ? dueAt : new Date(dueAt.getTime() - aheadMs);
  const told = kind !== null && (await takeNotice(tx.query, before.id, kind, dueAt));
  const after = told ? { ...before, eventSeq: before.eventSeq + 1 } : before;
  await planNotice(tx.query, after, next);
  if (told) await tx.emit({ ...taskEvent(nobody, before, after, []), type: kind === 'OVERDUE' ? 'task.overdue' : 'task.due-soon' });
}
