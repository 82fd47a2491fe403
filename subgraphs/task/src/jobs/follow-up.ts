// Finishes on the tasks what a deleted label or a lost membership began: a few tasks at a time, each a write with its own
// version and event. The row in follow_ups is the record; whatever dies, the next turn goes on from there. Several workers may
// run this: the second to lock a task finds nothing left to do on it.
import { selectRows } from '@taskgraph/shared/database';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { changeTask } from '../commands/change-task.js';
import { tellOne } from '../commands/change-watchers.js';
import type { Author } from '../commands/write-task.js';
import {
  isMember, lookAgain, lossUnderWay, nextFollowUp, remove, removeRegained, saveTold, settleSeconds, tasksToStrip, tasksToTell, type FollowUp,
} from '../repositories/follow-up-repository.js';
import { namingLabels } from '../repositories/label-names.js';
import { loadTask, saveEventCount, saveTask } from '../repositories/write-repository.js';
import { createPace, pacedWrite, taskBatch, type Pace } from './pace.js';

/** Pause while there is nothing to do, in milliseconds. */
const idleMs = 500;

/** Starts the loop; `stop` waits for the transaction under way. */
export function startFollowUps(dataSource: DataSource, log: Logger): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const pace = createPace(taskBatch);
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const worked = await followUp(dataSource, pace, log).catch((error: unknown) => {
        log.warn({ err: error }, 'follow-ups paused');
        return false;
      });
      if (!worked) await pause(idleMs, stopping.signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });

/** One step of the follow-up that has waited longest. Answers whether there was one. */
async function followUp(dataSource: DataSource, pace: Pace, log: Logger): Promise<boolean> {
  const query: WriteTransaction['query'] = (sql, parameters) => selectRows(dataSource, sql, parameters);
  const work = await nextFollowUp(query);
  if (!work) return false;
  try {
    await step(dataSource, pace, query, work);
  } catch (error) {
    // One that fails must not keep the others waiting.
    log.error({ err: error, followUp: work.id, kind: work.kind }, 'a follow-up failed; trying again');
    await lookAgain(query, work, 5);
  }
  return true;
}

async function step(dataSource: DataSource, pace: Pace, query: WriteTransaction['query'], work: FollowUp): Promise<void> {
  const strip = work.kind === 'ACCESS_REGAINED' ? [] : await tasksToStrip(query, work, pace.rows());
  const tell = strip.length > 0 || work.kind === 'LABEL_DELETED' || work.told ? [] : await tasksToTell(query, work, pace.rows());
  const lock = [`follow-up:${work.id}`, ...[...strip, ...tell].map((id) => `task:${id}`)];
  await pacedWrite(pace, strip.length + tell.length, dataSource, { lock }, async (plain) => {
    const tx = namingLabels(plain);
    if (work.kind === 'LABEL_DELETED') {
      for (const id of strip) await stripLabel(tx, work, id);
      if (strip.length === 0 && work.settled) await tx.query('delete from labels where id = $1', [work.labelId]);
    } else if (await isOver(tx, work)) {
      return;
    } else {
      for (const id of strip) await stripPerson(tx, work, id);
      for (const id of tell) await tellOfScope(tx, work, id);
      if (strip.length === 0 && !work.told) await saveTold(tx.query, work, tell.at(-1) ?? null);
    }
    if (strip.length + tell.length > 0) await lookAgain(tx.query, work, 0);
    // A second look finds what a write that had been checked before brought back meanwhile.
    else if (work.settled || work.kind === 'ACCESS_REGAINED') await remove(tx.query, work);
    else await lookAgain(tx.query, work, settleSeconds);
  });
}

/** Whether the membership has turned again, so that this follow-up has nothing more to do, or must wait for another one. */
async function isOver(tx: WriteTransaction, work: FollowUp): Promise<boolean> {
  const member = await isMember(tx.query, work);
  if (work.kind === 'ACCESS_LOST') {
    if (!member || (work.toldTaskId !== null && !work.told)) return false;
    if (!work.told) await removeRegained(tx.query, work);
    await remove(tx.query, work);
    return true;
  }
  if (member && (await lossUnderWay(tx.query, work))) await lookAgain(tx.query, work, 1);
  else if (member) return false;
  else await remove(tx.query, work);
  return true;
}

async function stripLabel(tx: WriteTransaction, { labelId, actorId, traceId }: FollowUp, taskId: string): Promise<void> {
  const task = await loadTask(tx, taskId);
  if (!task) return;
  const author: Author = { viewer: actorId === null ? null : { id: actorId }, requestId: traceId };
  await changeTask(author, tx, task, { labelIds: task.labelIds.filter((id) => id !== labelId) });
}

/** Nobody in particular. */
const nobody: Author = { viewer: null, requestId: null };

/** Who loses access stops being assignee and watcher (RULES §1). They hear that the task has left their list, and nothing else of it. */
async function stripPerson(tx: WriteTransaction, { userId, scopeId }: FollowUp, taskId: string): Promise<void> {
  const before = await loadTask(tx, taskId);
  if (!before || before.scopeId !== scopeId || userId === null) return;
  const quiet = { ...tx, emit: (event: Parameters<WriteTransaction['emit']>[0]) => tx.emit({ ...event, audience: (event.audience ?? []).filter((id) => id !== userId) }) };
  const [assigneeIds, watcherIds] = [before.assigneeIds, before.watcherIds].map((ids) => ids.filter((id) => id !== userId)) as [string[], string[]];
  if (assigneeIds.length < before.assigneeIds.length) await changeTask(nobody, quiet, before, { assigneeIds, watcherIds });
  else await saveTask(tx, before, { ...before, watcherIds });
  // Of a task that they made themselves they hear with all the others that they made.
  if (before.creatorId !== userId) await tellOfScope(tx, { kind: 'ACCESS_LOST', userId, scopeId }, taskId);
}

async function tellOfScope(tx: WriteTransaction, { kind, userId, scopeId }: Pick<FollowUp, 'kind' | 'userId' | 'scopeId'>, taskId: string): Promise<void> {
  const before = await loadTask(tx, taskId);
  if (!before || before.scopeId !== scopeId || userId === null) return;
  const after = { ...before, eventSeq: before.eventSeq + 1 };
  await saveEventCount(tx, after);
  await tellOne(nobody, tx, kind === 'ACCESS_LOST' ? 'task.left' : 'task.entered', userId, before, after);
}
