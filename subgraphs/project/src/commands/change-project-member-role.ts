import { conflict, forbidden, notFound } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { Context } from '../context.js';
import type { VisibleProject } from '../entities/project.js';
import type { ChangeProjectMemberRoleInput } from '../generated/resolver-types.js';
import { canManageProject } from '../policies.js';
import { findMember, hasOtherOwner, updateRole } from '../repositories/project-member-repository.js';
import { nextVersion } from '../repositories/project-repository.js';
import { memberChangedEvent } from './member-event.js';
import { projectIdOf, requireActive, viewerOf, writeProject } from './write-project.js';

/**
 * Gives a member another role, the viewer's own one included; the role they have changes nothing. The last OWNER stays one
 * (CONFLICT). Emits project.member-changed.
 */
export async function changeProjectMemberRole(context: Context, input: ChangeProjectMemberRoleInput): Promise<VisibleProject> {
  viewerOf(context);
  const { role } = input;
  const userId = input.userId.toLowerCase();
  return writeProject(context, projectIdOf(input.projectId), async (tx, found, viewerId) => {
    if (!canManageProject(found.viewerRole)) throw forbidden();
    requireActive(found);
    const member = isUuid(userId) ? await findMember(tx.manager, found.id, userId) : null;
    if (!member) throw notFound('member');
    if (member.role === role) return found;
    if (member.role === 'OWNER' && !(await hasOtherOwner(tx.manager, found.id, userId))) {
      throw conflict('The last owner cannot get another role.');
    }
    const changed = { ...member, role };
    await updateRole(tx.manager, changed);
    const project = await nextVersion(tx.manager, found, new Date());
    await tx.emit(memberChangedEvent(project, changed, member.role, viewerId, context.requestId));
    return userId === viewerId ? { ...project, viewerRole: role } : project;
  });
}
