// What somebody who cannot see a task is told of it in its own scope (RULES §4): what happened to it where they see, its way
// out included, and then that it is lost. Whoever never saw it hears that there is none.
import { comparePlaces, type Place } from '@taskgraph/shared/event-log';
import { lastOrdinal, type Query } from '@taskgraph/shared/event-reader';
import type { Context } from './context.js';
import { placeOf } from './standing.js';
import { readLastLosses, readTrail, type Stay } from './repositories/trail-repository.js';

export interface OutOfSight {
  /** Scopes whose events are shown. */
  sees: Set<string>;
  /** Where it was lost, as the last thing the viewer hears; null while it lies in the trash of a scope that the viewer sees. */
  loss: Loss | null;
}

/** `place` is null where the log no longer tells it. */
export interface Loss {
  place: Place | null;
  at: Date;
}

/** Null: the viewer never saw it. */
export async function lookOutOfSight(context: Context, query: Query, viewerId: string, taskId: string): Promise<OutOfSight | null> {
  const trail = await readTrail(query, taskId);
  const sees = new Set<string>();
  const former: Stay[] = [];
  await Promise.all(
    trail.map(async (stay) => {
      const place = placeOf(stay);
      const membership = place ? await context.memberships.load(place) : { role: stay.ownerId === viewerId ? 'OWNER' : null, wasMember: false };
      if (membership.role !== null) sees.add(stay.scopeId);
      else if (membership.wasMember) former.push(stay);
    }),
  );
  const [current] = trail;
  if (!current) return null;
  if (sees.has(current.scopeId) && !current.purged) return { sees, loss: null };
  // Who had left a scope before the task came there never saw it, and must not learn that there is one.
  const losses = await readLastLosses(query, former.map(({ scopeId }) => scopeId), viewerId);
  const lost = losses.find(({ scopeId, place }) => former.some((stay) => stay.scopeId === scopeId && comparePlaces(place, stay.first) > 0));
  if (sees.size === 0 && !lost) return null;
  const left = leftAt(trail.find(({ scopeId }) => sees.has(scopeId)));
  const latest = lost && left ? (comparePlaces(lost.place, left.place) > 0 ? lost : left) : (lost ?? left);
  return { sees, loss: latest ?? { place: null, at: new Date() } };
}

/** Behind everything of the transaction that took it away: nothing else lies between that and the loss. */
const leftAt = (stay: Stay | undefined): { place: Place; at: Date } | null => (stay ? { place: { ...stay.place, ordinal: lastOrdinal }, at: stay.at } : null);

/** Whether the log has been read so far that the loss is the next thing to tell. */
export const isReached = ({ place }: Loss, read: Place, more: boolean): boolean => !more && (place === null || comparePlaces(read, place) >= 0);
