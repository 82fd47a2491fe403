// The viewer's standing in the place of a task.
import type { PlaceRef } from '@taskgraph/shared/access/access';
import { notFound } from '@taskgraph/shared/errors';
import { scopeId } from '@taskgraph/shared/scope';
import type { Context } from './context.js';
import type { TaskRow } from './entities/task.js';
import { canCreate, canDelete, canEdit, canSee, type Standing, type TaskPlace } from './policies.js';

/** The project or channel of a task; null for a personal one. */
export function placeOf(place: TaskPlace): PlaceRef | null {
  if (place.projectId) return { kind: 'project', id: place.projectId };
  if (place.channelId) return { kind: 'channel', id: place.channelId };
  return null;
}

export const scopeOf = (place: TaskPlace): string => {
  const ref = placeOf(place);
  return ref ? scopeId(ref.kind, ref.id) : scopeId('user', place.ownerId as string);
};

/** Whether a standing allows what is about to be done. */
export type Enough = (standing: Standing) => boolean;

/**
 * The viewer's standing in a place. Before anything is refused for a role too low or a place that is read-only, the place's
 * owner is asked: `enough` is the rule that would refuse (RULES §8).
 */
export async function standingIn(context: Context, viewerId: string, place: TaskPlace, enough?: Enough): Promise<Standing & { key: string | null }> {
  const ref = placeOf(place);
  if (!ref) return { role: place.ownerId === viewerId ? 'OWNER' : null, writable: true, key: null };
  const known = await context.memberships.load(ref);
  if (!enough || known.role === null || enough(known)) return known;
  const sure = await context.access.membership(ref.kind, ref.id, viewerId, (_role, membership) => enough(membership));
  context.memberships.clear(ref).prime(ref, sure);
  return sure;
}

/** To change a task as one wishes, in a place that can be written to. */
const toEdit = (standing: Standing, task: TaskRow, viewerId: string): boolean => canEdit(standing, task, viewerId) && standing.writable;

/**
 * The task and the viewer's standing there; NOT_FOUND alike for what does not exist and for what the viewer cannot see.
 * `enough` is the rule that the command will go by.
 */
export async function requireTask(context: Context, viewerId: string, id: string, enough = toEdit): Promise<{ task: TaskRow; standing: Standing }> {
  const task = await context.tasks.load(id);
  if (!task) throw notFound('task');
  const standing = await standingIn(context, viewerId, task, (known) => enough(known, task, viewerId));
  if (!canSee(standing)) throw notFound('task');
  return { task, standing };
}

/** To make a task, in a place that can be written to. */
export const toCreate: Enough = (standing) => canCreate(standing) && standing.writable;

/** To trash and restore a task, in a place that can be written to. */
export const toDelete = (standing: Standing, task: TaskRow, viewerId: string): boolean => canDelete(standing, task, viewerId) && standing.writable;
