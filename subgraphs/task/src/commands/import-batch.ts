// One batch of an import: its rows become tasks, and the import's position moves, in one transaction. So whatever dies,
// each row is done once.
import type { Access } from '@taskgraph/shared/access/access';
import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import type { NewEvent } from '@taskgraph/shared/event-log';
import { newId } from '@taskgraph/shared/ids';
import type { Peer } from '@taskgraph/shared/peer';
import { writeTransaction, type WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import type { ImportRow } from '../entities/task-import.js';
import type { TaskRow } from '../entities/task.js';
import { fold } from '../filter/fold.js';
import { writeErrors, type BadRow } from '../imports/error-file.js';
import type { FileRow } from '../imports/file-row.js';
import { openLabels, type Labels } from '../imports/labels.js';
import { openParents, type Parents } from '../imports/parents.js';
import { prepareRows, type PreparedRow } from '../imports/prepare-rows.js';
import type { Layout } from '../imports/read-file.js';
import type { TaskPlace } from '../policies.js';
import { spreadRanks } from '../rank.js';
import { insertTasks, passOverNotices, takeNumbers } from '../repositories/bulk-insert-repository.js';
import { importLock, loadImport, saveProgress } from '../repositories/import-repository.js';
import { lastRank, rankLock } from '../repositories/rank-repository.js';
import { scopeOf } from '../standing.js';
import { levelLimit, treeLock } from './check-parent.js';
import { diff, taskEvent } from './write-task.js';

/** Tasks due later than this need no look at what is told of their due date: 24 h, and a difference of clocks. */
const noticeMs = 25 * 3_600_000;

export interface BatchServices {
  database: DataSource;
  access: Access;
  users: Peer;
}

export interface Batch {
  taskImport: ImportRow & { layout: Layout };
  place: TaskPlace;
  /** Key of the project, for refs. */
  key: string | null;
  rows: readonly FileRow[];
  /** Rows of the file before these. */
  from: number;
  errorPath: string;
}

export interface BatchDone {
  /** False where the import is no longer running or another worker has done the rows. */
  went: boolean;
  /** How long the transaction held its locks, up to its commit. */
  tookMs: number;
}

/** Does the rows in one transaction. The person whose import it is has been checked by the caller. Emits task.created with `imported` for each task. */
export async function importBatch(services: BatchServices, batch: Batch): Promise<BatchDone> {
  const { taskImport, place, rows, from } = batch;
  const scope = scopeOf(place);
  const prepared = await prepareRows(services, place, taskImport, rows);
  const ids = prepared.good.map(() => newId());
  const lock = [
    importLock(taskImport.id),
    ...(taskImport.dryRun ? [] : [rankLock(scope), ...(place.projectId ? [`counter:${scope}`] : []), ...ids.map((id) => `task:${id}`)]),
    ...(place.projectId && prepared.good.some((row) => row.values.labels.length > 0) ? [`labels:${scope}`] : []),
  ];
  let started = 0;
  const went = await writeTransaction(services.database, { lock }, async (tx) => {
    started = Date.now();
    const now = await loadImport(tx, taskImport.id);
    if (now?.status !== 'RUNNING' || now.processedRows !== from) return false;
    const bad = [...prepared.bad];
    const created = await createTasks(tx, batch, scope, prepared.good, ids, bad);
    const errors = bad.toSorted((a, b) => a.line - b.line);
    await saveProgress(tx, taskImport.id, {
      processedRows: from + rows.length,
      createdRows: now.createdRows + created,
      failedRows: now.failedRows + errors.length,
      errorBytes: errors.length > 0 ? await writeErrors(batch.errorPath, now.errorBytes, errors) : now.errorBytes,
    });
    return true;
  });
  return { went, tookMs: Date.now() - started };
}

/** Answers how many tasks were made; adds the rows that cannot become one to `bad`. */
async function createTasks(tx: WriteTransaction, batch: Batch, scope: string, rows: PreparedRow[], ids: string[], bad: BadRow[]): Promise<number> {
  const { taskImport, place } = batch;
  const parents = await openParents(tx, taskImport.id, scope, rows.flatMap((row) => row.values.parent ?? []), taskImport.dryRun);
  if (!taskImport.dryRun && parents.existing.size > 0) tx.alsoLock([treeLock(scope), ...[...parents.existing].map((id) => `task:${id}`)]);
  const project = place.projectId ? { id: place.projectId, scopeId: scope } : null;
  const createdAs = JSON.stringify([taskImport.ownerId, { importId: taskImport.id }]);
  const labels = await openLabels(tx, project, [...new Set(rows.flatMap((row) => row.values.labels))], createdAs, taskImport.dryRun);

  const tasks: TaskRow[] = [];
  const at = new Date();
  for (const [index, row] of rows.entries()) {
    const found = resolveRow(row, parents, labels);
    if ('reason' in found) {
      bad.push(found);
      continue;
    }
    const id = ids[index] as string;
    parents.add(row.values, { id, depth: found.depth });
    tasks.push(taskOf(id, row, found, batch, scope, createdAs, at));
  }
  if (Object.values(taskImport.layout.columns).includes('parent')) await saveKeys(tx, taskImport.id, parents);
  if (taskImport.dryRun || tasks.length === 0) return 0;

  const ranks = spreadRanks(await lastRank(tx, scope, taskImport.id), null, tasks.length);
  if (!ranks) throw new Error(`scope ${scope} has no ranks left at its end`);
  const first = project ? await takeNumbers(tx, scope, tasks.length) : 0;
  for (const [index, task] of tasks.entries()) {
    task.rank = ranks[index] as string;
    if (project) task.ref = `${batch.key ?? ''}-${first + index}`;
  }
  await insertTasks(tx, tasks);
  const soon = tasks.filter((task) => task.dueAt && task.dueAt.getTime() < at.getTime() + noticeMs);
  if (soon.length > 0) await passOverNotices(tx, soon.map((task) => task.id));
  await tx.emitAll(tasks.map((task) => createdEvent(task, labels, taskImport)));
  return tasks.length;
}

interface Resolved {
  parentId: string | null;
  depth: number;
  labelIds: string[];
}

function resolveRow({ line, values, columns }: PreparedRow, parents: Parents, labels: Labels): Resolved | BadRow {
  const labelIds = labels.find(values.labels);
  if ('problem' in labelIds) return { line, column: columns.get('labels') ?? 'labels', reason: labelIds.problem };
  if (values.parent === null) return { parentId: null, depth: 0, labelIds };
  const column = columns.get('parent') ?? 'parent';
  const parent = parents.find(values.parent);
  if (!parent) return { line, column, reason: 'must name a row further up or a task of the same place that is not in the trash' };
  if (parent.depth + 2 > levelLimit) return { line, column, reason: `would nest more than ${levelLimit} levels` };
  return { parentId: parent.id, depth: parent.depth + 1, labelIds };
}

function taskOf(id: string, { values, assigneeIds }: PreparedRow, { parentId, labelIds }: Resolved, { taskImport, place }: Batch, scopeId: string, createdAs: string, at: Date): TaskRow {
  const { title, description, status, priority, startAt, dueAt } = values;
  return {
    id, scopeId, projectId: place.projectId, channelId: place.channelId, ownerId: place.ownerId, ref: null, title, description, status, priority,
    startAt, dueAt, completedAt: status === 'COMPLETED' ? at : null, creatorId: taskImport.ownerId, assigneeIds, watcherIds: [], labelIds, parentId,
    deletedAt: null, rank: '', blocked: false, recurrenceRule: null, recurrenceTimeZone: null, recurrenceStart: null, seriesId: null, titleKey: fold(title), createdAs,
    createdAt: at, updatedAt: at, version: 1, eventSeq: 1,
  };
}

function createdEvent(task: TaskRow, labels: Labels, { ownerId, id }: ImportRow): NewEvent {
  const event = taskEvent({ viewer: { id: ownerId }, requestId: id }, null, task, diff(null, task));
  const payload = event.payload as TaskChanged;
  const named = task.labelIds.flatMap((label) => labels.names.get(label) ?? []);
  return { ...event, payload: { ...payload, state: { ...payload.state, labels: named }, imported: true } };
}

async function saveKeys(tx: WriteTransaction, importId: string, parents: Parents): Promise<void> {
  await tx.query(
    `insert into import_keys as k (import_id, key, task_id, depth)
     select $1, r.key, r.id, r.depth from jsonb_to_recordset($2::jsonb) as r (key text, id uuid, depth int)
     on conflict (import_id, key) do update set task_id = excluded.task_id, depth = excluded.depth`,
    [importId, JSON.stringify(parents.added())],
  );
}
