import { conflict, forbidden, notFound } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { Context } from '../context.js';
import type { VisibleProject } from '../entities/project.js';
import type { RemoveProjectMemberInput } from '../generated/resolver-types.js';
import { canRemoveMember } from '../policies.js';
import { deleteMember, findMember, hasOtherOwner } from '../repositories/project-member-repository.js';
import { nextVersion } from '../repositories/project-repository.js';
import { memberEvent } from './member-event.js';
import { projectIdOf, requireActive, viewerOf, writeProject } from './write-project.js';

/**
 * Removes a member below the viewer's rank, or lets the viewer leave; then the answer is null. The last OWNER stays
 * (CONFLICT). Emits project.member-removed.
 */
export async function removeProjectMember(context: Context, input: RemoveProjectMemberInput): Promise<VisibleProject | null> {
  viewerOf(context);
  const userId = input.userId.toLowerCase();
  return writeProject(context, projectIdOf(input.projectId), async (tx, found, viewerId) => {
    const leaves = userId === viewerId;
    const member = isUuid(userId) ? await findMember(tx.manager, found.id, userId) : null;
    if (!leaves && !canRemoveMember(found.viewerRole, member?.role ?? 'VIEWER')) throw forbidden();
    requireActive(found);
    if (!member) throw notFound('member');
    if (member.role === 'OWNER' && !(await hasOtherOwner(tx.manager, found.id, userId))) {
      throw conflict('The last owner cannot leave the project.');
    }
    await deleteMember(tx.manager, found.id, userId);
    const project = await nextVersion(tx.manager, found, new Date());
    await tx.emit(memberEvent('project.member-removed', project, member, viewerId, context.requestId));
    return leaves ? null : project;
  });
}
