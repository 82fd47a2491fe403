// Renamed labels, and what the log has told of the tasks that carry them.
import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';

type Query = WriteTransaction['query'];

export interface LabelRename {
  id: string;
  labelId: string;
  /** Name of now. */
  name: string;
  actorId: string | null;
  traceId: string | null;
  seenTaskId: string | null;
  again: boolean;
}

/** Seconds after which no write can still be under way that read the old name. */
const settleSeconds = 30;
/** Tasks looked at in one statement. */
const window = 500;

/** In the transaction that renames. A second renaming begins anew with the same label. */
export const recordRename = (query: Query, labelId: string, actorId: string, traceId: string | null): Promise<unknown> =>
  query(
    `insert into label_renames (label_id, id, actor_id, trace_id) values ($1, $2, $3, $4)
     on conflict (label_id) do update set id = excluded.id, actor_id = excluded.actor_id, trace_id = excluded.trace_id,
       seen_task_id = null, again = false, created_at = excluded.created_at, look_at = excluded.look_at`,
    [labelId, newId(), actorId, traceId],
  );

/** The one that has waited longest. */
export async function nextRename(query: Query): Promise<LabelRename | null> {
  const [row] = await query<LabelRename>(
    `select r.id, r.label_id as "labelId", l.name, r.actor_id as "actorId", r.trace_id as "traceId", r.seen_task_id as "seenTaskId", r.again
     from label_renames r join labels l on l.id = r.label_id where r.look_at <= clock_timestamp() order by r.look_at limit 1`,
  );
  return row ?? null;
}

/** The labels of the task as its last event named them. */
const told = (taskId: string) =>
  `(select e.payload -> 'state' -> 'labels' from events e where e.aggregate_id = ${taskId} and e.payload ? 'state' order by e.epoch desc, e.xid desc, e.ordinal desc limit 1)`;

export interface LookedAt {
  /** Tasks whose last event does not know the name of now. */
  untold: string[];
  /** Up to where was looked; null: there are no more. */
  seenTaskId: string | null;
}

/** The next tasks that carry the label. What lies in the trash is told of when it comes back. */
export async function findUntold(query: Query, { labelId, seenTaskId }: LabelRename, key: string, limit: number): Promise<LookedAt> {
  const rows = await query<{ id: string; untold: boolean }>(
    `select c.task_id as id, t.deleted_at is null and coalesce(not (${told('c.task_id')} ? $3), false) as untold
     from (select task_id from task_labels where label_id = $1 and task_id > coalesce($2, '00000000-0000-0000-0000-000000000000'::uuid) order by task_id limit ${window}) c
     join tasks t on t.id = c.task_id order by 1`,
    [labelId, seenTaskId, key],
  );
  const last = rows.filter((row) => row.untold)[limit - 1];
  const looked = last ? rows.slice(0, rows.indexOf(last) + 1) : rows;
  return { untold: looked.filter((row) => row.untold).map((row) => row.id), seenTaskId: looked.at(-1)?.id ?? null };
}

export async function toldLabels(query: Query, taskId: string): Promise<string[] | null> {
  const [row] = await query<{ labels: string[] | null }>(`select ${told('$1')} as labels`, [taskId]);
  return row?.labels ?? null;
}

export const saveSeen = (query: Query, { labelId, id }: LabelRename, taskId: string): Promise<unknown> =>
  query('update label_renames set seen_task_id = $3, look_at = clock_timestamp() where label_id = $1 and id = $2', [labelId, id, taskId]);

/** A second look, once no write is under way that read the old name, finds what such a write gave the label to meanwhile. */
export const lookAgain = (query: Query, { labelId, id }: LabelRename): Promise<unknown> =>
  query(
    `update label_renames set again = true, seen_task_id = null, look_at = greatest(clock_timestamp(), created_at + make_interval(secs => $3)) where label_id = $1 and id = $2`,
    [labelId, id, settleSeconds],
  );

export const endRename = (query: Query, { labelId, id }: LabelRename): Promise<unknown> => query('delete from label_renames where label_id = $1 and id = $2', [labelId, id]);
