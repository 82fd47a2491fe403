// Batches of one request: one statement per level, whatever the page size. All of them look with the viewer's eyes.
import DataLoader from 'dataloader';
import type { Membership, PlaceRef } from '@taskgraph/shared/access/access';
import type { Role } from '@taskgraph/shared/access/copy';
import type { Viewer } from '@taskgraph/shared/identity';
import type { Services } from './context.js';
import { readAs } from './database.js';
import type { TaskRow } from './entities/task.js';
import { createListLoaders, type ListLoaders } from './list-loaders.js';
import { findTasks } from './repositories/task-repository.js';
import { findPlaces } from './repositories/place-repository.js';
import { canDelete, canSee, type Standing } from './policies.js';
import { placeOf } from './standing.js';

export interface RoleKey {
  place: PlaceRef;
  userId: string;
}

export interface Loaders extends ListLoaders {
  /** The viewer's membership of a place. */
  memberships: DataLoader<PlaceRef, Membership, string>;
  /** Somebody's role in a place. Loaded before a transaction, it costs no second connection inside it. */
  roles: DataLoader<RoleKey, Role | null, string>;
  /** A task the viewer can see, else null. */
  tasks: DataLoader<string, TaskRow | null>;
  /** The time of the request. */
  now: Date;
}

const placeKey = (place: PlaceRef) => `${place.kind} ${place.id}`;

export function createLoaders({ database, access }: Services, viewer: Viewer | null): Loaders {
  const viewerId = viewer?.id ?? '';
  const memberships = new DataLoader<PlaceRef, Membership, string>((places) => access.memberships(places, viewerId), { cacheKeyFn: placeKey });

  async function visibleTasks(ids: readonly string[]): Promise<(TaskRow | null | Error)[]> {
    if (!viewer) return ids.map(() => null);
    // Where each lies, then whether the viewer belongs there (the owner is asked before a no), then the rows under row level security.
    const places = new Map((await findPlaces(database, ids)).map((row) => [row.id, row]));
    const verdicts = new Map<string, Standing | Error>();
    await Promise.all(
      [...places.values()].map(async (row) => {
        const place = placeOf(row);
        if (!place) return void (row.ownerId === viewerId && verdicts.set(row.id, { role: 'OWNER', writable: true }));
        const membership = await memberships.load(place).catch((error: Error) => error);
        if (membership instanceof Error) verdicts.set(row.id, membership);
        else if (canSee(membership)) verdicts.set(row.id, membership);
      }),
    );
    const allowed = [...verdicts].filter(([, verdict]) => !(verdict instanceof Error)).map(([id]) => id);
    const rows = allowed.length > 0 ? await readAs(database, viewerId, (query) => findTasks(query, allowed)) : [];
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => {
      const verdict = verdicts.get(id);
      if (verdict instanceof Error) return verdict;
      const row = byId.get(id) ?? null;
      // What lies in the trash is shown to those who may restore it.
      return row?.deletedAt && !(verdict && canDelete(verdict, row, viewerId)) ? null : row;
    });
  }

  return {
    memberships,
    roles: new DataLoader(
      (keys) => Promise.all(keys.map(({ place, userId }) => access.membership(place.kind, place.id, userId).then(({ role }) => role, (error: Error) => error))),
      { cacheKeyFn: ({ place, userId }) => `${placeKey(place)} ${userId}` },
    ),
    tasks: new DataLoader(visibleTasks),
    ...createListLoaders(database, viewerId),
    now: new Date(),
  };
}
