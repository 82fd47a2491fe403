import { notFound, unauthenticated } from '@taskgraph/shared/errors';
import { newId } from '@taskgraph/shared/ids';
import type { Context } from '../context.js';
import type { DeleteLabelInput } from '../generated/resolver-types.js';
import { findLabelProject } from '../repositories/label-repository.js';
import { labelLock, requireManager } from './create-label.js';
import { writeAs } from './write-task.js';

/**
 * Deletes a label: it is gone from every list and its name is free at once. The worker then takes it off the tasks that carry it, a few
 * at a time, each task a write of its own by whoever deleted the label (jobs/follow-up.ts).
 */
export async function deleteLabel(context: Context, input: DeleteLabelInput): Promise<{ id: string }> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  await requireManager(context, viewerId, await findLabelProject(context.database, input.id), 'label');
  const label = await context.labels.load(input.id.toLowerCase());
  if (!label) throw notFound('label');
  await writeAs(context, viewerId, [labelLock(label)], async (tx) => {
    // The row stays until no task carries it; its name must not stand in the way of a new label meanwhile.
    const found = await tx.query('update labels set name_key = id::text where id = $1 returning id', [label.id]);
    if (found.length === 0) throw notFound('label');
    await tx.query(`insert into follow_ups (id, kind, scope_id, label_id, actor_id, trace_id) values ($1, 'LABEL_DELETED', $2, $3, $4, $5)`, [
      newId(), label.scopeId, label.id, viewerId, context.requestId,
    ]);
    tx.remember({ labelId: label.id });
  });
  context.labels.clear(label.id);
  return { id: label.id };
}
