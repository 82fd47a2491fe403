// Checks on what a task may hold, the same for create and update. Each names the path of the input.
import { badInput } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { checkMarkdown, checkText } from '@taskgraph/shared/text';
import type { Context } from '../context.js';
import type { TaskRow } from '../entities/task.js';
import type { TaskPlace } from '../policies.js';
import { placeOf } from '../standing.js';

export const checkTitle = (title: string): string => checkText('input.title', title, { min: 1, max: 255 });

export const checkDescription = (text: string): string => checkMarkdown('input.description', text);

export function checkPriority(priority: number, path = 'input.priority'): number {
  if (priority < 1 || priority > 10) throw badInput(path, 'must lie between 1 and 10');
  return priority;
}

export function checkDates({ startAt, dueAt }: Pick<TaskRow, 'startAt' | 'dueAt'>): void {
  if (startAt && dueAt && dueAt < startAt) throw badInput('input.dueAt', 'must not lie before startAt');
}

/** Most assignees of one task. */
const assigneeLimit = 50;

/** Each assignee must be able to see the task: a member of its place, or the owner of a personal task. */
export async function checkAssignees(context: Context, place: TaskPlace, ids: readonly string[], path = 'input.assigneeIds'): Promise<string[]> {
  const unique = [...new Set(ids.map((id) => id.toLowerCase()))];
  if (unique.length > assigneeLimit) throw badInput(path, `must name at most ${assigneeLimit} people`);
  const cannotSee = badInput(path, 'must name people who can see the task');
  if (!unique.every(isUuid)) throw cannotSee;
  const seeing = await thoseWhoSee(context, place, unique);
  if (seeing.length < unique.length) throw cannotSee;
  return unique;
}

/** Those of `ids` who can see what lies in a place. */
export async function thoseWhoSee(context: Context, place: TaskPlace, ids: readonly string[]): Promise<string[]> {
  const ref = placeOf(place);
  if (!ref) return ids.filter((id) => id === place.ownerId);
  const roles = await Promise.all(ids.map((userId) => context.roles.load({ place: ref, userId })));
  return ids.filter((_, index) => roles[index] !== null);
}

/** Looks people up before the transaction that will check them: inside it the look-up would want a second connection. */
export async function preloadPeople(context: Context, place: TaskPlace | null, ids: readonly string[]): Promise<void> {
  const ref = place && placeOf(place);
  if (ref) await context.roles.loadMany([...new Set(ids.map((id) => id.toLowerCase()))].filter(isUuid).map((userId) => ({ place: ref, userId })));
}
