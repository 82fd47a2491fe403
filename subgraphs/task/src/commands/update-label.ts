import { badInput, notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import { LabelEntity, type LabelRow } from '../entities/label.js';
import { fold } from '../filter/fold.js';
import type { UpdateLabelInput } from '../generated/resolver-types.js';
import { recordRename } from '../repositories/label-rename-repository.js';
import { findLabelProject } from '../repositories/label-repository.js';
import { checkColor, checkLabelName } from './check-label.js';
import { labelLock, refuseTakenName, requireManager } from './create-label.js';
import { writeAs } from './write-task.js';

/**
 * Renames or recolours a label; absent keeps. Tasks that carry it are not written, but their logs tell of the new name, a few tasks at a
 * time (jobs/tell-renames.ts). CONFLICT when the name is taken.
 */
export async function updateLabel(context: Context, input: UpdateLabelInput): Promise<{ label: LabelRow }> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  await requireManager(context, viewerId, await findLabelProject(context.database, input.id), 'label');
  for (const field of ['name', 'color'] as const) if (input[field] === null) throw badInput(`input.${field}`, 'must not be null');
  const patch: Partial<LabelRow> = {};
  if (input.name != null) Object.assign(patch, { name: checkLabelName(input.name), nameKey: fold(input.name) });
  if (input.color != null) patch.color = checkColor(input.color);
  const present = await context.labels.load(input.id.toLowerCase());
  if (!present) throw notFound('label');
  const label = await writeAs(context, viewerId, [labelLock(present)], async (tx) => {
    const before = await tx.manager.findOneBy(LabelEntity, { id: present.id });
    if (!before) throw notFound('label');
    const after = { ...before, ...patch };
    if (after.nameKey !== before.nameKey) await refuseTakenName(tx, after);
    if (Object.keys(patch).length > 0) await tx.manager.update(LabelEntity, { id: after.id }, patch);
    if (after.nameKey !== before.nameKey) await recordRename(tx.query, after.id, viewerId, context.requestId);
    tx.remember({ labelId: after.id });
    return after;
  });
  context.labels.clear(label.id);
  return { label };
}
