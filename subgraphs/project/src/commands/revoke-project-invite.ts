import { forbidden, notFound } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { Context } from '../context.js';
import type { RevokeProjectInviteInput } from '../generated/resolver-types.js';
import { canHandleInvite, canSeeInvites } from '../policies.js';
import { findInvite, revokeInvite } from '../repositories/project-invite-repository.js';
import type { InviteRecord } from './create-project-invite.js';
import { requireActive, viewerOf, writeProject } from './write-project.js';

/** Ends an invite and answers its id; one that has ended already stays as it is. NOT_FOUND to who does not see invites. */
export async function revokeProjectInvite(context: Context, input: RevokeProjectInviteInput): Promise<string> {
  viewerOf(context);
  const invite = isUuid(input.id) ? await findInvite(context.database.manager, input.id) : null;
  if (!invite) throw notFound('invite');
  return writeProject(context, invite.projectId, async (tx, found) => {
    if (!canSeeInvites(found.viewerRole)) throw notFound('invite');
    if (!canHandleInvite(found.viewerRole, invite.role)) throw forbidden();
    requireActive(found);
    await revokeInvite(tx.query, invite.id);
    tx.remember({ projectId: found.id, inviteId: invite.id } satisfies InviteRecord);
    return invite.id;
  }, { unseen: 'invite' });
}
