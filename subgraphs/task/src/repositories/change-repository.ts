// The task log as clients see it: one event is one change.
import type { FieldChange, TaskChanged, TaskState } from '@taskgraph/shared/contracts/task-events';
import type { LoggedEvent, Place } from '@taskgraph/shared/event-log';
import { readLog, type AsOfSampler, type LogPage, type Query } from '@taskgraph/shared/event-reader';
import type { TaskChangeKind } from '../generated/resolver-types.js';

export interface ChangeRow {
  cursor: string;
  kind: TaskChangeKind;
  taskId: string | null;
  changes: FieldChange[];
  actorId: string | null;
  at: Date;
}

export interface ChangePage {
  edges: { cursor: string; node: ChangeRow }[];
  nodes: ChangeRow[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string };
  /** A resolver: the horizon is read only when selected. */
  head: () => Promise<string>;
}

/** Whose changes are read. */
export type LogScope =
  | { kind: 'place'; scopeId: string; viewerId: string }
  | { kind: 'task'; taskId: string }
  | { kind: 'mine'; viewerId: string };

const conditions: Record<LogScope['kind'], string> = {
  // The loss of a scope concerns the person who lost it and nobody else.
  place: `(e.scope_id = $5 or e.from_scope_id = $5) and (e.type <> 'scope.access-lost' or e.audience @> array[$6::uuid])`,
  task: 'e.aggregate_id = $5',
  mine: `e.audience @> array[$5::uuid] and e.type <> 'scope.access-lost'`,
};

export function readChanges(query: Query, sampler: AsOfSampler, scope: LogScope, after: Place | null, limit: number): Promise<LogPage> {
  const parameters = scope.kind === 'place' ? [scope.scopeId, scope.viewerId] : [scope.kind === 'task' ? scope.taskId : scope.viewerId];
  return readLog(query, sampler, { after, limit, where: conditions[scope.kind], parameters });
}

/** Place of the last event about a task: the cursor of a write that changed nothing. */
export async function lastPlace(database: { query: (sql: string, parameters: unknown[]) => Promise<unknown> }, taskId: string): Promise<Place> {
  const [row] = (await database.query(
    'select epoch, xid::text, ordinal from events where aggregate_id = $1 order by epoch desc, events.xid desc, ordinal desc limit 1',
    [taskId],
  )) as Place[];
  if (!row) throw new Error(`task ${taskId} has no event`);
  return row;
}

/** Fields of a task that others than `viewerId` changed after `version`; null when the log does not reach back that far. */
export async function fieldsChangedSince(
  query: <R>(sql: string, parameters: unknown[]) => Promise<R[]>,
  taskId: string,
  version: number,
  current: number,
  viewerId: string,
): Promise<string[] | null> {
  const rows = await query<{ version: number; payload: TaskChanged; actor_id: string }>(
    'select version, payload, actor_id from events where aggregate_id = $1 and version > $2',
    [taskId, version],
  );
  if (new Set(rows.map((row) => row.version)).size < current - version) return null;
  return [...new Set(rows.filter((row) => row.actor_id !== viewerId).flatMap((row) => row.payload.changes.map((change) => change.field)))];
}

const kinds: Record<string, TaskChangeKind> = {
  'task.created': 'CREATED',
  'task.updated': 'UPDATED',
  'task.assigned': 'ASSIGNED',
  'task.completed': 'COMPLETED',
  'task.reopened': 'REOPENED',
  'task.moved': 'MOVED',
  'task.deleted': 'DELETED',
  'task.restored': 'RESTORED',
  // Erased from the trash: only ids are left of it.
  'task.purged': 'DELETED',
  'task.due-soon': 'DUE_SOON',
  'task.overdue': 'OVERDUE',
  'task.commented': 'COMMENTED',
  // A label it carries has another name.
  'task.relabelled': 'UPDATED',
  // Rows of one person's own list: scope `mine` alone shows them.
  'task.watched': 'ENTERED',
  'task.unwatched': 'LEFT',
  'task.entered': 'ENTERED',
  'task.left': 'LEFT',
  'scope.access-lost': 'ACCESS_LOST',
};

/** What an event is to the reader of a scope; null where it is nothing. */
export function toChange(event: LoggedEvent, scope: LogScope, cursor: string): ChangeRow | null {
  const kind = kinds[event.type];
  if (!kind) return null;
  const common = { cursor, actorId: event.actorId, at: event.at };
  if (kind === 'ACCESS_LOST') return { ...common, kind, taskId: null, changes: [] };
  const payload = event.payload as TaskChanged;
  if (event.type === 'task.purged') return { ...common, kind, taskId: payload.taskId, changes: [] };
  const own = ownRows.has(event.type) ? kindOfOwnRow(event.type, kind, payload, scope) : scope.kind === 'mine' ? kindInMine(kind, payload, scope.viewerId) : kind;
  return own && { ...common, kind: own, taskId: payload.taskId, changes: payload.changes };
}

/** In scope `mine` the first tie to a task is ENTERED and the last one lost is LEFT. */
function kindInMine(kind: TaskChangeKind, { state, before, creatorId, ownerId }: TaskChanged, viewerId: string): TaskChangeKind {
  const always = creatorId === viewerId || ownerId === viewerId;
  const tied = ({ assigneeIds, watcherIds = [] }: TaskState) => always || assigneeIds.includes(viewerId) || watcherIds.includes(viewerId);
  const [tiedBefore, tiedNow] = [before !== null && tied(before), tied(state)];
  if (tiedNow && !tiedBefore) return 'ENTERED';
  return tiedBefore && !tiedNow ? 'LEFT' : kind;
}

const ownRows = new Set(['task.watched', 'task.unwatched', 'task.entered', 'task.left']);

/** Watching a task to which one is tied anyway changes nothing in one's list; coming and going with the scope always does. */
function kindOfOwnRow(type: string, kind: TaskChangeKind, payload: TaskChanged, scope: LogScope): TaskChangeKind | null {
  if (scope.kind !== 'mine') return null;
  if (type === 'task.entered' || type === 'task.left') return kind;
  const turn = kindInMine('UPDATED', payload, scope.viewerId);
  return turn === 'UPDATED' ? null : turn;
}
