// One patch for up to 500 tasks, with a result for each, in the order of the items.
import { badInput, conflict, DomainError, notFound, unauthenticated, type ErrorCode } from '@taskgraph/shared/errors';
import type { Place } from '@taskgraph/shared/event-log';
import { AlreadyDone } from '@taskgraph/shared/idempotency';
import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { BulkTaskRef, BulkUpdateTasksInput } from '../generated/resolver-types.js';
import type { Standing } from '../policies.js';
import { requireTask } from '../standing.js';
import { bulkPatch, checkBulkPatch } from './bulk-patch.js';
import { preloadPeople } from './check-task.js';
import { trashTask } from './delete-task.js';
import { applyPatch } from './patch-task.js';
import { saveUndo, undoEntry, undoTokenOf, type UndoEntry } from './undo-token.js';
import { locksOfMany } from './follow-change.js';
import { cursorAt, writeAs } from './write-task.js';

export interface BulkResult {
  id: string;
  /** Whether the task can be shown. */
  written: boolean;
  code: ErrorCode | null;
  message: string | null;
}

export interface BulkOutcome {
  results: BulkResult[];
  cursor: string | null;
  undoToken: string | null;
}

interface BatchRecord {
  results: BulkResult[];
  place: Place | null;
  /** Row of undo_tokens that collects what all batches did. */
  undoId: string | null;
}

const itemLimit = 500;
/** Items of one transaction, so that none lasts long; an atomic bulk is one transaction of up to two seconds (RULES §4). */
const batchSize = 25;

/** Carries the results out of a transaction that must leave nothing behind. */
class RolledBack extends Error {
  constructor(readonly record: BatchRecord) {
    super('nothing is kept of this bulk');
  }
}

/**
 * Patches every item, each by the rules of a patch of its own. `atomic`: all or none. `dryRun`: says what would happen. Under
 * an Idempotency-Key each batch is kept by itself and a resend goes on where the first one was cut off. One undo token for all.
 */
export async function bulkUpdateTasks(context: Context, input: BulkUpdateTasksInput): Promise<BulkOutcome> {
  if (!context.viewer) throw unauthenticated();
  const { items, atomic, dryRun } = input;
  if (items.length === 0 || items.length > itemLimit) throw badInput('input.items', `must hold 1 to ${itemLimit} items`);
  const ids = items.map((item) => item.id.toLowerCase());
  if (new Set(ids).size < ids.length) throw badInput('input.items', 'must not name a task twice');
  checkBulkPatch(input.patch);

  const size = atomic ? items.length : batchSize;
  const scope = context.idempotency;
  const records: BatchRecord[] = [];
  let undoId: string | null = null;
  try {
    for (let start = 0; start < items.length; start += size) {
      if (scope && !atomic) context.idempotency = { ...scope, field: `${scope.field}#${start}` };
      if (dryRun) context.idempotency = null;
      const record = await runBatch(context, input, items.slice(start, start + size), undoId);
      undoId = record.undoId ?? undoId;
      records.push(record);
    }
  } finally {
    context.idempotency = scope;
  }
  context.tasks.clearAll();
  return outcomeOf(context, records);
}

export function outcomeOf(context: Context, records: BatchRecord[]): BulkOutcome {
  const place = records.findLast((record) => record.place !== null)?.place ?? null;
  const undoId = records.findLast((record) => record.undoId !== null)?.undoId ?? null;
  return {
    results: records.flatMap((record) => record.results),
    cursor: place && cursorAt(context, place),
    undoToken: undoId && undoTokenOf(context, undoId),
  };
}

async function runBatch(context: Context, input: BulkUpdateTasksInput, items: BulkTaskRef[], undoId: string | null): Promise<BatchRecord> {
  const viewerId = context.viewer?.id ?? '';
  // Standings first: asking an owner is no work for a transaction.
  const standings = await Promise.all(items.map((item) => requireTask(context, viewerId, item.id).catch((error: Error) => error)));
  await context.labels.loadMany((input.patch.addLabelIds ?? []).map((id) => id.toLowerCase()));
  for (const standing of standings) if (!(standing instanceof Error)) await preloadPeople(context, standing.task, input.patch.addAssigneeIds ?? []);
  const known = items.filter((_, index) => !(standings[index] instanceof Error));
  try {
    return await writeAs(context, viewerId, known.map((item) => `task:${item.id.toLowerCase()}`), async (tx) => {
      if (input.patch.status != null || input.patch.delete) tx.alsoLock(await locksOfMany(tx, known.map((item) => item.id.toLowerCase())));
      const entries: UndoEntry[] = [];
      const record: BatchRecord = { results: [], place: null, undoId: null };
      for (const [index, item] of items.entries()) {
        record.results.push(await runItem(context, tx, input, item, standings[index] as { standing: Standing } | Error, record, entries));
      }
      if (input.atomic && record.results.some((result) => result.code !== null)) throw new RolledBack(noneDone(record));
      if (input.dryRun) throw new RolledBack({ ...record, place: null });
      if (entries.length > 0) {
        record.undoId = undoId ?? newId();
        await saveUndo(context, tx, entries, record.undoId);
      }
      tx.remember(record);
      return record;
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.record;
    // This batch was done by the first try of this mutation.
    if (error instanceof AlreadyDone) return error.record as BatchRecord;
    throw error;
  }
}

async function runItem(
  context: Context,
  tx: WriteTransaction,
  input: BulkUpdateTasksInput,
  item: BulkTaskRef,
  standing: { standing: Standing } | Error,
  record: BatchRecord,
  entries: UndoEntry[],
): Promise<BulkResult> {
  const id = item.id.toLowerCase();
  await tx.query('savepoint item');
  try {
    if (standing instanceof Error) throw standing;
    const done = input.patch.delete
      ? await trashTask(context, tx, standing.standing, id)
      : [await applyPatch(context, tx, standing.standing, id, item.expectedVersion ?? null, (task) => bulkPatch(context, task, input.patch))];
    const changed = done.filter((change) => change.changed);
    record.place = changed.at(-1)?.place ?? record.place;
    entries.push(...changed.flatMap((change) => [undoEntry(change), ...change.also]));
    return { id: item.id, written: true, code: null, message: null };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await tx.query('rollback to savepoint item');
    return { id: item.id, written: error.code !== notFound('task').code, code: error.code, message: error.message };
  } finally {
    await tx.query('release savepoint item').catch(() => undefined);
  }
}

function noneDone(record: BatchRecord): BatchRecord {
  const refusal = conflict('Nothing was changed, because another item was refused.');
  return { place: null, undoId: null, results: record.results.map((result) => (result.code ? result : { ...result, code: refusal.code, message: refusal.message })) };
}
