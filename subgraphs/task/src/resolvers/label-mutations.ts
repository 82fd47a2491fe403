// Mutations of labels, resendable under their Idempotency-Key.
import { notFound } from '@taskgraph/shared/errors';
import { once } from '@taskgraph/shared/once';
import { createLabel } from '../commands/create-label.js';
import { deleteLabel } from '../commands/delete-label.js';
import { updateLabel } from '../commands/update-label.js';
import type { Context } from '../context.js';
import type { LabelRow } from '../entities/label.js';
import type { MutationResolvers } from '../generated/resolver-types.js';

interface LabelRecord {
  labelId: string;
}

/** The label as it is today. */
async function replayLabel(context: Context, { labelId }: LabelRecord): Promise<{ label: LabelRow }> {
  const label = await context.labels.clear(labelId).load(labelId);
  if (!label) throw notFound('label');
  return { label };
}

export const labelMutations: Pick<MutationResolvers, 'createLabel' | 'updateLabel' | 'deleteLabel'> = {
  createLabel: (_root, { input }, context, info) =>
    once(context, info, input, () => createLabel(context, input), (record: LabelRecord) => replayLabel(context, record)),
  updateLabel: (_root, { input }, context, info) =>
    once(context, info, input, () => updateLabel(context, input), (record: LabelRecord) => replayLabel(context, record)),
  deleteLabel: (_root, { input }, context, info) =>
    once(context, info, input, () => deleteLabel(context, input), async (record: LabelRecord) => ({ id: record.labelId })),
};
