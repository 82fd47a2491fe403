// Writes tasks in short transactions, each with everything that lists, search, figures and the log know of them.
import { eventModels } from '@taskgraph/shared/contracts/events';
import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import { selectRows } from '@taskgraph/shared/database';
import { DomainError } from '@taskgraph/shared/errors';
import type { NewEvent } from '@taskgraph/shared/event-log';
import { newId } from '@taskgraph/shared/ids';
import { writeTransaction, type WriteTransaction } from '@taskgraph/shared/write-transaction';
import { diff, taskEvent } from '@taskgraph/task/dist/commands/write-task.js';
import { CommentEntity } from '@taskgraph/task/dist/entities/comment.js';
import { TaskEntity } from '@taskgraph/task/dist/entities/task.js';
import { openStatuses } from '@taskgraph/task/dist/filter/conditions.js';
import { fold } from '@taskgraph/task/dist/filter/fold.js';
import { createPace } from '@taskgraph/task/dist/jobs/pace.js';
import { rankLock } from '@taskgraph/task/dist/repositories/rank-repository.js';
import { searchDocument } from '@taskgraph/task/dist/repositories/search-repository.js';
import { spreadRanks } from '@taskgraph/task/dist/rank.js';
import type { DataSource, EntitySchema } from 'typeorm';
import { copyInto, copyText, type Value } from './copy.js';
import type { Plan, ProjectPlan } from './plan.js';
import { makeTasks, type LoadedTask } from './tasks.js';

export interface Report {
  written: number;
  /** Longest write transaction so far, in milliseconds. */
  longestMs: number;
  /** Write transactions, and how many of them took longer than RULES §4 lets them. */
  transactions: number;
  overLimit: number;
  /** Transactions that became too long and were begun again with fewer tasks. */
  undone: number;
}

/** Readers of the log wait for the oldest open transaction: none may take longer, in milliseconds (RULES §4). */
const limitMs = 200;
/** What a batch should take, in milliseconds: the next one may meet a busier server. */
const usualAimMs = 60;
/** Times its aim after which a batch is undone and begun again with fewer rows: what slows a server down is seen only inside a batch. */
const patience = 2.5;
const sizes = { first: 50, fewest: 20, most: 5_000 };

/** Columns of an entity with what reads them from its row. */
const columnsOf = (entity: EntitySchema): [string, string][] => Object.entries(entity.options.columns).map(([property, column]) => [column?.name ?? property, property]);

const taskColumns = columnsOf(TaskEntity);
const commentColumns = columnsOf(CommentEntity);
const names = (columns: [string, string][]): string => columns.map(([name]) => name).join(', ');

/**
 * `stopped` is asked between batches. What was written when it says yes, or when the process dies, is whole and stays. Connect
 * as the owner of the task schema: COPY cannot write under row level security, so rows come into unlogged tables first. Where
 * nobody reads, `aimMs` may be longer.
 */
export async function writeTasks(database: DataSource, plan: Plan, stopped: () => boolean, progress: (report: Report) => void, aimMs = usualAimMs): Promise<Report> {
  await database.query('drop table if exists load_tasks, load_comments');
  await database.query(`create unlogged table load_tasks as select ${names(taskColumns)}, null::uuid[] as blocked_by from tasks with no data`);
  await database.query(`create unlogged table load_comments as select ${names(commentColumns)} from comments with no data`);
  try {
    await writeLabels(database, plan);
    const [log] = await selectRows<{ epoch: number }>(database, 'select epoch from event_log');
    const report: Report = { written: 0, longestMs: 0, transactions: 0, overLimit: 0, undone: 0 };
    const pace = createPace({ ...sizes, aimMs });
    let waiting: LoadedTask[] = [];
    const flush = async () => {
      const batch = waiting.slice(0, pace.rows());
      // With the fewest rows there are, it takes what it takes.
      const patienceMs = batch.length > sizes.fewest ? aimMs * patience : null;
      const { written, tookMs } = await writeBatch(database, plan.projects, batch, log?.epoch ?? 1, patienceMs);
      report.longestMs = Math.max(report.longestMs, tookMs);
      report.transactions += 1;
      if (tookMs > limitMs) report.overLimit += 1;
      pace.took(batch.length, tookMs);
      if (!written) return void (report.undone += 1);
      waiting = waiting.slice(batch.length);
      report.written += batch.length;
      progress(report);
    };
    for (const loaded of makeTasks(plan)) {
      waiting.push(loaded);
      while (waiting.length >= pace.rows()) {
        await flush();
        if (stopped()) return report;
      }
    }
    while (waiting.length > 0) await flush();
    return report;
  } finally {
    await database.query('drop table load_tasks, load_comments');
  }
}

async function writeLabels(database: DataSource, plan: Plan): Promise<void> {
  for (const { id: projectId, scopeId, labels } of plan.projects) {
    const rows = labels.map((label) => ({ ...label, projectId, scopeId, nameKey: fold(label.name) }));
    await writeTransaction(database, { lock: [`labels:${scopeId}`] }, (tx) =>
      tx.query(
        `insert into labels (id, scope_id, project_id, name, name_key, color, created_as)
         select id, "scopeId", "projectId", name, "nameKey", color, 'load'
         from jsonb_to_recordset($1::jsonb) as l (id uuid, "scopeId" uuid, "projectId" uuid, name text, "nameKey" text, color text)`,
        [JSON.stringify(rows)],
      ),
    );
  }
}

class TooLong extends Error {}

/** Answers for how many milliseconds the transaction held a transaction id, and `written: false` where it was undone for passing `patienceMs`. */
async function writeBatch(database: DataSource, projects: readonly ProjectPlan[], batch: readonly LoadedTask[], epoch: number, patienceMs: number | null): Promise<{ written: boolean; tookMs: number }> {
  const scopes = new Map<string, LoadedTask[]>();
  for (const loaded of batch) scopes.set(loaded.task.scopeId, [...(scopes.get(loaded.task.scopeId) ?? []), loaded]);
  const keys = new Map(projects.map((project) => [project.scopeId, project.key]));
  const lock = [...scopes.keys()].flatMap((scope) => [rankLock(scope), ...(keys.has(scope) ? [`counter:${scope}`] : [])]);
  let began: number | null = null;
  const tookMs = () => (began === null ? 0 : performance.now() - began);
  try {
    await writeTransaction(database, { lock }, async (tx) => {
      const ends = await endsOf(tx, scopes, keys);
      for (const [scope, loaded] of scopes) place(loaded, ends.get(scope) as End, keys.get(scope) ?? null);
      const tasks = copyText(batch.map(({ task, blockedBy }) => [...valuesOf(taskColumns, task), blockedBy]));
      const comments = copyText(batch.flatMap((loaded) => loaded.comments.map((comment) => valuesOf(commentColumns, comment))));
      const events = copyText(batch.flatMap((loaded) => eventsOf(loaded)).map((event, ordinal) => eventRow(event, ordinal, epoch)));
      // A statement that hangs ends there.
      if (patienceMs !== null) await tx.query(`set local statement_timeout = ${Math.ceil(patienceMs)}`);
      // Up to here the transaction has no id and holds up no reader of the log.
      began = performance.now();
      const steps = [
        () => copyInto(tx, `load_tasks (${names(taskColumns)}, blocked_by)`, tasks),
        () => copyInto(tx, `load_comments (${names(commentColumns)})`, comments),
        () => copyInto(tx, `events (epoch, ordinal, id, aggregate_id, seq, version, type, payload, actor_id, scope_id, audience)`, events),
        () => tx.query(insertBatch),
      ];
      for (const step of steps) {
        if (patienceMs !== null && tookMs() > patienceMs) throw new TooLong();
        await step();
      }
    });
    return { written: true, tookMs: tookMs() };
  } catch (error) {
    // OVERLOADED is what a statement says that was ended for its time; while it waits for locks nothing has begun.
    const late = error instanceof TooLong || (error instanceof DomainError && error.code === 'OVERLOADED' && patienceMs !== null && tookMs() >= patienceMs);
    if (!late) throw error;
    return { written: false, tookMs: tookMs() };
  }
}

const valuesOf = (columns: [string, string][], row: object): Value[] => columns.map(([, property]) => row[property as keyof typeof row] as Value);

interface End {
  /** Last number given out in a project. */
  last: number;
  rank: string | null;
}

async function endsOf(tx: WriteTransaction, scopes: Map<string, unknown>, keys: Map<string, string>): Promise<Map<string, End>> {
  const rows = await tx.query<End & { scope: string }>(
    `select s.id as scope, coalesce(c.last, 0) as last, (select t.rank from tasks t where t.scope_id = s.id and t.deleted_at is null order by t.rank desc, t.id desc limit 1) as rank
     from unnest($1::uuid[]) as s (id) left join ref_counters c on c.scope_id = s.id`,
    [[...scopes.keys()]],
  );
  return new Map(rows.map(({ scope, last, rank }) => [scope, { last: keys.has(scope) ? last : 0, rank }]));
}

/** Ranks at the end of the manual order, and the next numbers of the project. */
function place(batch: readonly LoadedTask[], end: End, key: string | null): void {
  const ranks = spreadRanks(end.rank, null, batch.length);
  if (!ranks) throw new Error('the manual order of a scope has no room left at its end');
  for (const [index, { task }] of batch.entries()) {
    task.rank = ranks[index] as string;
    task.ref = key === null ? null : `${key}-${end.last + index + 1}`;
  }
}

/** From the tables that a batch came into; statements without parameters, so that they are one round trip. */
const insertBatch = [
  `insert into ref_counters as c (scope_id, last) select scope_id, count(*) from load_tasks where project_id is not null group by scope_id
   on conflict (scope_id) do update set last = c.last + excluded.last`,
  `insert into tasks (${names(taskColumns)}) select ${names(taskColumns)} from load_tasks`,
  `insert into task_search (task_id, document) select t.id, ${searchDocument('t')} from load_tasks t`,
  `insert into task_assignees (task_id, user_id, scope_id, created_at, due_at, open)
   select t.id, a, t.scope_id, t.created_at, t.due_at, t.status in (${openStatuses.map((status) => `'${status}'`).join(', ')}) from load_tasks t, unnest(t.assignee_ids) a`,
  'insert into task_labels (task_id, label_id, scope_id) select t.id, l, t.scope_id from load_tasks t, unnest(t.label_ids) l',
  'insert into task_watchers (task_id, user_id, scope_id) select t.id, w, t.scope_id from load_tasks t, unnest(t.watcher_ids) w',
  'insert into task_dependencies (task_id, blocked_by_id) select t.id, b from load_tasks t, unnest(t.blocked_by) b',
  `insert into comments (${names(commentColumns)}) select ${names(commentColumns)} from load_comments`,
  // A due date that has passed, or is less than a day away, is no news (RULES §7); the same as passOverNotices.
  `update tasks set notice_at = case when due_at > now() then due_at end
   where id in (select id from load_tasks where due_at - interval '24 hours' <= now() and deleted_at is null and status not in ('COMPLETED', 'CANCELLED'))`,
  'truncate load_tasks, load_comments',
].join(';\n');

/** Marked like those of an import: the channel subgraph tells nobody (RULES §7). */
function eventsOf({ task, comments, labelNames }: LoadedTask): NewEvent[] {
  const maker = { viewer: { id: task.creatorId }, requestId: null };
  const marked = (event: NewEvent, more: object = {}): NewEvent => {
    const payload = event.payload as TaskChanged;
    const state = { ...payload.state, labels: labelNames };
    return { ...event, payload: { ...payload, state, before: payload.before && state, imported: true, ...more } };
  };
  const events = [marked({ ...taskEvent(maker, null, task, diff(null, task)), seq: 1 })];
  for (const [index, comment] of comments.entries()) {
    const event = taskEvent({ viewer: { id: comment.authorId }, requestId: null }, task, task, [{ field: 'comments', before: null, after: comment.id }]);
    events.push(marked({ ...event, type: 'task.commented', seq: index + 2 }, { commentId: comment.id, authorId: comment.authorId, action: 'added', mentionIds: [], newMentionIds: [] }));
  }
  return events;
}

function eventRow(event: NewEvent, ordinal: number, epoch: number): Value[] {
  const payload = eventModels[event.type]?.parse(event.payload);
  return [
    epoch, ordinal, newId(), event.aggregateId, event.seq, event.version, event.type, JSON.stringify(payload), event.actorId, event.scopeId ?? null,
    event.audience ?? [],
  ];
}
