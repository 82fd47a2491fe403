// Puts the tasks of deleted channels into the trash (RULES §6), a few at a time, each a write with its own version and event.
// The row in channel_purges is the record: whatever dies, the next turn goes on from what is left. Several workers may run this:
// the second to lock a task finds it trashed.
import { selectRows } from '@taskgraph/shared/database';
import type { DataSource } from 'typeorm';
import { changeTask } from '../commands/change-task.js';
import { locksOfMany } from '../commands/follow-change.js';
import type { Author } from '../commands/write-task.js';
import { endPurge, findPurges, type ChannelPurge } from '../repositories/channel-purge-repository.js';
import { namingLabels } from '../repositories/label-names.js';
import { loadTask } from '../repositories/write-repository.js';
import { createPace, pacedWrite, taskBatch, type Pace } from './pace.js';

/** One batch of each deleted channel. Answers whether there may be more. */
export async function trashChannels(dataSource: DataSource, pace = createPace(taskBatch)): Promise<boolean> {
  const query = <R>(sql: string, parameters?: unknown[]) => selectRows<R>(dataSource, sql, parameters);
  const purges = await findPurges(query, pace.rows());
  for (const { taskIds, settled, ...purge } of purges) {
    if (taskIds.length > 0) await trash(dataSource, pace, purge, taskIds);
    // A task may still come in by a write that was checked before: the record stays until none can be under way.
    else if (settled) await endPurge(query, purge.scopeId);
  }
  return purges.some((purge) => purge.taskIds.length > 0);
}

async function trash(dataSource: DataSource, pace: Pace, { scopeId, actorId, traceId, deletedAt }: ChannelPurge, ids: string[]): Promise<void> {
  const author: Author = { viewer: actorId === null ? null : { id: actorId }, requestId: traceId };
  await pacedWrite(pace, ids.length, dataSource, { lock: ids.map((id) => `task:${id}`) }, async (plain) => {
    const tx = namingLabels(plain);
    tx.alsoLock(await locksOfMany(tx, ids));
    for (const id of ids) {
      const task = await loadTask(tx, id);
      // Moved away or trashed since it was found.
      if (task?.scopeId === scopeId && task.deletedAt === null) await changeTask(author, tx, task, { deletedAt });
    }
  });
}
