// Tells in the log of each task that carries a renamed label, so that a reader with a filter on `label` hears what enters and
// leaves (RULES §4): an event without a new version, since the task was not written. Until a task was told of, any other event of
// it tells of the new name (repositories/label-names.ts); then there is nothing left to tell here. Several workers may run this.
import { selectRows } from '@taskgraph/shared/database';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import { taskEvent, type Author } from '../commands/write-task.js';
import { fold } from '../filter/fold.js';
import { labelNames, namingLabels } from '../repositories/label-names.js';
import { endRename, findUntold, lookAgain, nextRename, saveSeen, toldLabels, type LabelRename } from '../repositories/label-rename-repository.js';
import { loadTask, saveEventCount } from '../repositories/write-repository.js';
import { createPace, pacedWrite, taskBatch } from './pace.js';

/** One batch of one label. Answers whether there may be more. */
export async function tellRenames(dataSource: DataSource, pace = createPace(taskBatch)): Promise<boolean> {
  const query: WriteTransaction['query'] = (sql, parameters) => selectRows(dataSource, sql, parameters);
  const rename = await nextRename(query);
  if (!rename) return false;
  const { untold, seenTaskId } = await findUntold(query, rename, fold(rename.name), pace.rows());
  if (untold.length > 0) {
    await pacedWrite(pace, untold.length, dataSource, { lock: untold.map((id) => `task:${id}`) }, async (tx) => {
      for (const id of untold) await tell(tx, rename, id);
    });
  }
  if (seenTaskId !== null) await saveSeen(query, rename, seenTaskId);
  else if (rename.again) await endRename(query, rename);
  else await lookAgain(query, rename);
  return true;
}

async function tell(tx: WriteTransaction, { labelId, actorId, traceId }: LabelRename, taskId: string): Promise<void> {
  const before = await loadTask(tx, taskId);
  if (!before || before.deletedAt || !before.labelIds.includes(labelId)) return;
  const [old, now] = [await toldLabels(tx.query, taskId), await labelNames(tx.query, before.labelIds)];
  if (old === null || JSON.stringify(old) === JSON.stringify(now)) return;
  const author: Author = { viewer: actorId === null ? null : { id: actorId }, requestId: traceId };
  const after = { ...before, eventSeq: before.eventSeq + 1 };
  await saveEventCount(tx, after);
  await namingLabels(tx).emit({ ...taskEvent(author, before, after, [{ field: 'labels', before: old, after: now }]), type: 'task.relabelled' });
}
