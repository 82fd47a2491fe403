// The `tasks` field of a project or channel: one statement for all parents of the same list.
import type { PlaceRef } from '@taskgraph/shared/access/access';
import type { Context } from '../context.js';
import type { TaskPage } from '../entities/task.js';
import { listOf, readList, type TaskListArguments } from './task-lists.js';

/** Null without an error for a place the viewer does not belong to. */
export async function scopeTasks(place: PlaceRef, args: TaskListArguments, context: Context): Promise<TaskPage | null> {
  if (!context.viewer) return null;
  const list = readList(args, context);
  const { role, scopeId } = await context.memberships.load(place);
  return role === null ? null : listOf('scopes', scopeId, args, list, context);
}
