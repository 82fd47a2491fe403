// The change log of a scope, page by page; the gateway runs subscriptions through it too.
import { badInput, DomainError, notFound, overloaded, unauthenticated } from '@taskgraph/shared/errors';
import { comparePlaces, type LoggedEvent, type Place } from '@taskgraph/shared/event-log';
import { queryOf, readHead, type Query } from '@taskgraph/shared/event-reader';
import { isUuid } from '@taskgraph/shared/ids';
import { cursorAt } from '../commands/write-task.js';
import type { Context } from '../context.js';
import { readAs } from '../database.js';
import { judgeChanges, type FindMatching, type Judged } from '../filter/judge-changes.js';
import { readFilter } from '../filter/read-filter.js';
import type { QueryTaskChangesArgs, TaskScope } from '../generated/resolver-types.js';
import { readChanges, toChange, type ChangePage, type ChangeRow, type LogScope } from '../repositories/change-repository.js';
import { readReach } from '../repositories/log-floor-repository.js';
import { findMatching } from '../repositories/search-repository.js';
import { isReached, lookOutOfSight, type OutOfSight } from '../task-scope.js';

/** How long `until` waits for its place to be readable, in milliseconds. */
const untilMs = 5_000;

export async function taskChanges(args: QueryTaskChangesArgs, context: Context): Promise<ChangePage> {
  if (!context.viewer) throw unauthenticated();
  const { maxSize, defaultSize } = context.pageLimits;
  const limit = args.first ?? defaultSize;
  if (limit < 1 || limit > maxSize) throw badInput('first', `must lie between 1 and ${maxSize}`);
  const condition = args.filter ? readFilter(args.filter) : null;
  const query = queryOf(context.database);
  const viewerId = context.viewer.id;
  // At the same time, for each is a way to the database; of two refusals that of the scope counts.
  const reading = readCursor(args.after, 'after', context, query);
  reading.catch(() => undefined);
  let scope = await readScope(args.scope, context, query, viewerId);
  const after = await reading;
  const until = await readCursor(args.until, 'until', context, query);
  if (until) await waitUntil(until, context, query);

  const page = await readChanges(query, context.sampler, scope, after, limit);
  // Who saw the task a moment ago may not see what it has become since.
  if (scope.kind === 'task' && page.events.some(({ fromScopeId }) => fromScopeId !== null)) {
    context.tasks.clear(scope.taskId);
    scope = await readScope(args.scope, context, query, viewerId);
  }
  const lost = scope.kind === 'place' && scope.lost;
  const hidden = scope.kind === 'task' ? scope.hidden : null;
  const changes = page.events.flatMap((event): Judged[] => {
    if (hidden && !isShown(hidden, event)) return [];
    const change = toChange(event, scope, cursorAt(context, event.place));
    // Somebody who has lost the scope hears of that alone, whatever else happened there before and after.
    return change && (!lost || change.kind === 'ACCESS_LOST') ? [{ event, change }] : [];
  });
  const nodes = condition ? await judgeChanges(changes, condition, matching(context, viewerId)) : changes.map(({ change }) => change);
  const edges: ChangePage['edges'] = nodes.map((node) => ({ cursor: node.cursor, node }));
  if (lost) edges.splice(0, edges.length, ...lastLoss(edges, context, page.next));
  if (hidden?.loss && isReached(hidden.loss, page.next, page.more)) {
    const { place, at } = hidden.loss;
    edges.push(lossAt(context, place && (!after || comparePlaces(place, after) > 0) ? place : page.next, at));
  }
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.more && !lost,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: cursorAt(context, page.next),
    },
    head: async () => cursorAt(context, await readHead(query)),
  };
}

const matching =
  (context: Context, viewerId: string): FindMatching =>
  (ids, text) =>
    readAs(context.database, viewerId, (rows) => findMatching(rows, ids, text));

/** The one item that a former member gets, at the place of the loss where this page holds it. */
function lastLoss(edges: ChangePage['edges'], context: Context, next: Place): ChangePage['edges'] {
  const found = edges.at(-1);
  return [found ?? lossAt(context, next, new Date())];
}

function lossAt(context: Context, place: Place, at: Date): ChangePage['edges'][number] {
  const node: ChangeRow = { cursor: cursorAt(context, place), kind: 'ACCESS_LOST', taskId: null, changes: [], actorId: null, at };
  return { cursor: node.cursor, node };
}

const isShown = ({ sees }: OutOfSight, { scopeId, fromScopeId }: LoggedEvent): boolean => [scopeId, fromScopeId].some((id) => id !== null && sees.has(id));

/** `lost`: a former member reads. `hidden`: the viewer does not see the task, but once did. */
type CheckedScope =
  | (Extract<LogScope, { kind: 'place' }> & { lost: boolean })
  | (Extract<LogScope, { kind: 'task' }> & { hidden: OutOfSight | null })
  | Extract<LogScope, { kind: 'mine' }>;

async function readScope(scope: TaskScope, context: Context, query: Query, viewerId: string): Promise<CheckedScope> {
  const { projectId, channelId, taskId, mine } = scope;
  const given = [projectId != null, channelId != null, taskId != null, mine === true].filter(Boolean).length;
  if (given !== 1) throw badInput('scope', 'must name exactly one of projectId, channelId, taskId and mine');
  if (mine) return { kind: 'mine', viewerId };
  if (taskId != null) {
    if (!isUuid(taskId)) throw notFound('task');
    if (await context.tasks.load(taskId)) return { kind: 'task', taskId, hidden: null };
    const hidden = await lookOutOfSight(context, query, viewerId, taskId);
    if (!hidden) throw notFound('task');
    return { kind: 'task', taskId, hidden };
  }
  const kind = projectId != null ? 'project' : 'channel';
  const id = (projectId ?? channelId) as string;
  if (!isUuid(id)) throw notFound(kind);
  const { role, wasMember, scopeId } = await context.memberships.load({ kind, id });
  if (role === null && !wasMember) throw notFound(kind);
  return { kind: 'place', scopeId, viewerId, lost: role === null };
}

async function readCursor(cursor: string | null | undefined, path: string, context: Context, query: Query): Promise<Place | null> {
  if (cursor == null) return null;
  const [epoch, xid, ordinal] = context.logCursors.decode(cursor, path) as [number, string, number];
  const reach = await readReach(query);
  if (epoch < reach.epoch) throw new DomainError('RESYNC_REQUIRED', 'The change log was started anew: read everything again.');
  const place = { epoch, xid, ordinal };
  if (reach.floor && comparePlaces(place, reach.floor) < 0) throw new DomainError('RESYNC_REQUIRED', 'The change log no longer reaches back that far: read everything again.');
  return place;
}

async function waitUntil(until: Place, context: Context, query: Query): Promise<void> {
  const deadline = Date.now() + untilMs;
  for (;;) {
    const head = await readHead(query);
    if (comparePlaces(head, until) >= 0) return;
    if (Date.now() >= deadline) throw overloaded();
    await context.watcher.wait(head, Math.min(250, deadline - Date.now()));
  }
}
