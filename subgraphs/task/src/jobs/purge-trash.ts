// Erases what has lain in the trash for 30 days: task, comments, history. One task.purged with ids and scope is left, so that
// whoever follows the log hears of it (RULES §4, §6).
import { selectRows } from '@taskgraph/shared/database';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import { changeTask } from '../commands/change-task.js';
import { nobody } from '../commands/write-task.js';
import type { TaskRow } from '../entities/task.js';
import { namingLabels } from '../repositories/label-names.js';
import { eraseTask, isToPurge, liveSubtasks, tasksToPurge } from '../repositories/purge-repository.js';
import { loadTask } from '../repositories/write-repository.js';
import { createPace, pacedWrite, taskBatch } from './pace.js';

/** One batch. Answers whether there may be more: parents follow when their subtasks are gone. */
export async function purgeTrash(dataSource: DataSource, pace = createPace(taskBatch)): Promise<boolean> {
  const ids = await tasksToPurge((sql, parameters) => selectRows(dataSource, sql, parameters), pace.rows());
  if (ids.length === 0) return false;
  await pacedWrite(pace, ids.length, dataSource, { lock: ids.map((id) => `task:${id}`) }, async (plain) => {
    const tx = namingLabels(plain);
    for (const id of ids) {
      const task = (await isToPurge(tx.query, id)) ? await loadTask(tx, id) : null;
      if (task) await purge(tx, task);
    }
  });
  return true;
}

async function purge(tx: WriteTransaction, task: TaskRow): Promise<void> {
  const { id: taskId, projectId, channelId, ownerId, scopeId, creatorId, assigneeIds, watcherIds } = task;
  const live = await liveSubtasks(tx.query, taskId);
  tx.alsoLock(live.map((id) => `task:${id}`));
  for (const id of live) {
    const subtask = await loadTask(tx, id);
    if (subtask) await changeTask(nobody, tx, subtask, { parentId: null });
  }
  await eraseTask(tx.query, taskId);
  const version = task.version + 1;
  await tx.emit({
    type: 'task.purged', aggregateId: taskId, seq: task.eventSeq + 1, version, payload: { taskId, projectId, channelId, ownerId, version },
    actorId: null, traceId: null, scopeId, audience: [...new Set([creatorId, ...assigneeIds, ...watcherIds])],
  });
}
