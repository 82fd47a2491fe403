// Checks on labels and on setting them.
import { badInput } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { checkText } from '@taskgraph/shared/text';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { TaskPlace } from '../policies.js';
import { requireTask } from '../standing.js';

/** Colour of a label that was given none. */
export const defaultColor = '#808080';

/** Most labels of one task, and of one project. */
const taskLabelLimit = 50;
export const projectLabelLimit = 500;

export function checkLabelName(name: string): string {
  checkText('input.name', name, { min: 1, max: 64 });
  if (name !== name.trim()) throw badInput('input.name', 'must not begin or end with a space');
  return name;
}

export function checkColor(color: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(color)) throw badInput('input.color', 'must be #RRGGBB');
  return color;
}

/** Reads labels before the transaction that checks them, so that it needs no second connection. */
export async function preloadLabels(context: Context, taskId: string, ids: readonly string[] | null | undefined): Promise<void> {
  if (!context.viewer || !ids?.length) return;
  // Whether the viewer belongs to the project settles what row level security shows.
  await requireTask(context, context.viewer.id, taskId);
  await context.labels.loadMany(ids.map((id) => id.toLowerCase()));
}

/** Labels for a task, in one order whatever order they came in; only those of the task's own project. */
export async function checkLabels(context: Context, place: TaskPlace, ids: readonly string[], path = 'input.labelIds'): Promise<string[]> {
  const unique = [...new Set(ids.map((id) => id.toLowerCase()))].toSorted();
  if (unique.length > taskLabelLimit) throw badInput(path, `must name at most ${taskLabelLimit} labels`);
  if (unique.length === 0) return [];
  const foreign = badInput(path, 'must name labels of the task\'s project');
  if (place.projectId === null || !unique.every(isUuid)) throw foreign;
  const labels = await context.labels.loadMany(unique);
  for (const label of labels) {
    if (label instanceof Error) throw label;
    if (label?.projectId !== place.projectId) throw foreign;
  }
  return unique;
}

/** Those labels of a list from earlier that the place still has: undo must not bring back what was deleted since. */
export async function presentLabels(tx: Pick<WriteTransaction, 'query'>, scopeId: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<{ id: string }>('select id from labels where scope_id = $1 and id = any ($2::uuid[]) order by id', [scopeId, ids]);
  return rows.map((row) => row.id);
}

/** The labels of a task after a patch that adds some (already checked) and takes some away. */
export function withLabels(present: readonly string[], added: readonly string[], removed: readonly string[]): string[] {
  const gone = new Set(removed.map((id) => id.toLowerCase()));
  const labels = [...new Set([...present, ...added])].filter((id) => !gone.has(id)).toSorted();
  if (labels.length > taskLabelLimit) throw badInput('input.patch.addLabelIds', `would give a task more than ${taskLabelLimit} labels`);
  return labels;
}
