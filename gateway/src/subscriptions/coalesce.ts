// Changes that wait for a slow reader are united per task (RULES §4): the latest of them wins, `changes` holds what all of
// them held, the cursor is the last one's. CREATED and ENTERED survive updates: for that reader the task is still new.
import type { ChangeNames, LiveQuery } from './live-query.js';
import type { LiveEvent } from './live-steps.js';

export interface Coalesced extends LiveEvent {
  /** Whether it stands for several changes. */
  coalesced: boolean;
}

const arrivals = new Set(['CREATED', 'ENTERED']);
/** A task that is gone is no longer new. */
const departures = new Set(['DELETED', 'LEFT', 'MOVED', 'ACCESS_LOST']);

/** In the order of the last change of each task; changes without a task stay what they are. */
export function coalesce(events: readonly LiveEvent[], names: LiveQuery['names']): Coalesced[] {
  const byTask = new Map<string, Coalesced>();
  for (const [index, event] of events.entries()) {
    const key = event.taskId ?? `without a task ${index}`;
    const earlier = byTask.get(key);
    byTask.delete(key);
    byTask.set(key, earlier ? unite(earlier, event, names) : { ...event, coalesced: false });
  }
  return [...byTask.values()];
}

function unite(earlier: Coalesced, later: LiveEvent, names: LiveQuery['names']): Coalesced {
  const node = { ...later.node };
  for (const change of names.changes) node[change.name] = uniteChanges(earlier.node[change.name], node[change.name], change);
  let { kind } = later;
  if (arrivals.has(earlier.kind ?? '') && !departures.has(kind ?? '')) {
    kind = earlier.kind;
    for (const name of names.kind) node[name] = kind;
  }
  return { ...later, node, kind, coalesced: true };
}

type Entry = Record<string, unknown>;

/** One entry per field, from its first `before` to its last `after`; where the client does not ask for `field`, all of them. */
function uniteChanges(earlier: unknown, later: unknown, { field, before }: ChangeNames): unknown {
  if (!Array.isArray(earlier) || !Array.isArray(later)) return later;
  if (field === undefined) return [...(earlier as Entry[]), ...(later as Entry[])];
  const united = new Map((earlier as Entry[]).map((entry) => [entry[field], entry]));
  for (const entry of later as Entry[]) {
    const known = united.get(entry[field]);
    united.set(entry[field], known && before !== undefined ? { ...entry, [before]: known[before] } : entry);
  }
  return [...united.values()];
}
