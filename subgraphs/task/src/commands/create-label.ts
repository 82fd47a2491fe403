import { conflict, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import { isUuid, newId } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import { LabelEntity, type LabelRow } from '../entities/label.js';
import { fold } from '../filter/fold.js';
import type { CreateLabelInput } from '../generated/resolver-types.js';
import { canManage, canSee } from '../policies.js';
import { standingIn } from '../standing.js';
import { checkColor, checkLabelName, defaultColor, projectLabelLimit } from './check-label.js';
import { writeAs } from './write-task.js';

/** Makes a label in a project. CONFLICT when the project has one of that name, in whatever case, or 500 labels. */
export async function createLabel(context: Context, input: CreateLabelInput): Promise<{ label: LabelRow }> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  await requireManager(context, viewerId, isUuid(input.projectId) ? input.projectId : null, 'project');
  const projectId = input.projectId.toLowerCase();
  const name = checkLabelName(input.name);
  const label: LabelRow = {
    id: newId(), scopeId: scopeId('project', projectId), projectId, name, nameKey: fold(name),
    color: checkColor(input.color ?? defaultColor), createdAs: JSON.stringify([viewerId, input]),
  };
  await writeAs(context, viewerId, [labelLock(label)], async (tx) => {
    await refuseTakenName(tx, label);
    const [counted] = await tx.query<{ count: number }>('select count(*)::int as count from labels where scope_id = $1', [label.scopeId]);
    if ((counted?.count ?? 0) >= projectLabelLimit) throw conflict(`A project has at most ${projectLabelLimit} labels.`);
    await tx.manager.insert(LabelEntity, label);
    tx.remember({ labelId: label.id });
  });
  return { label };
}

/** All labels of a project change one after the other: names are compared under this lock. */
export const labelLock = (label: Pick<LabelRow, 'scopeId'>): string => `labels:${label.scopeId}`;

export async function refuseTakenName(tx: WriteTransaction, label: LabelRow): Promise<void> {
  const [taken] = await tx.query('select 1 from labels where scope_id = $1 and name_key = $2 and id <> $3', [label.scopeId, label.nameKey, label.id]);
  if (taken) throw conflict('The project has a label of this name.', { fields: ['name'] });
}

/** MAINTAINER or OWNER of a project that can be written to; `what` names what does not exist for who cannot see the project. */
export async function requireManager(context: Context, viewerId: string, projectId: string | null, what: string): Promise<void> {
  if (projectId === null) throw notFound(what);
  const standing = await standingIn(context, viewerId, { projectId, channelId: null, ownerId: null }, (known) => canManage(known) && known.writable);
  if (!canSee(standing)) throw notFound(what);
  if (!canManage(standing)) throw forbidden();
  if (!standing.writable) throw conflict('The project is archived.');
}
