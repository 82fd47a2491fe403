import { notFound } from '@taskgraph/shared/errors';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import { isLive } from '../entities/project-invite.js';
import type { ProjectMemberRow } from '../entities/project-member.js';
import type { VisibleProject } from '../entities/project.js';
import type { AcceptProjectInviteInput } from '../generated/resolver-types.js';
import { countUse, findInvite } from '../repositories/project-invite-repository.js';
import { insertMember } from '../repositories/project-member-repository.js';
import { findProject, findVisibleProject, nextVersion } from '../repositories/project-repository.js';
import { lookUpInvite } from './look-up-invite.js';
import { memberEvent } from './member-event.js';
import { requireActive, viewerOf, type ProjectRecord } from './write-project.js';

/**
 * Joins by a code and counts one use. A member stays what they are and uses nothing. A code that is none, was used up,
 * revoked, ran out or is for somebody else is NOT_FOUND. Emits project.member-added.
 */
export async function acceptProjectInvite(context: Context, input: AcceptProjectInviteInput): Promise<VisibleProject> {
  const viewerId = viewerOf(context);
  const invite = await lookUpInvite(context, viewerId, input.code);
  if (!invite) throw notFound('invite');
  const { id, projectId } = invite;
  const { idempotency, committed } = context;
  return writeTransaction(context.database, { lock: [`project:${projectId}`], idempotency, committed }, async (tx) => {
    tx.remember({ projectId } satisfies ProjectRecord);
    const own = await findVisibleProject(tx.manager, viewerId, projectId);
    if (own) {
      requireActive(own);
      return own;
    }
    // Read again under the lock: of many who accept at once each sees the uses of those before.
    const present = await findInvite(tx.manager, id);
    const found = await findProject(tx.manager, projectId);
    const now = new Date();
    if (!present || !found || !isLive(present, now)) throw notFound('invite');
    requireActive(found);
    const member: ProjectMemberRow = { projectId, userId: viewerId, role: present.role, joinedAt: now };
    await insertMember(tx.manager, member);
    await countUse(tx.query, id);
    const project = await nextVersion(tx.manager, found, now);
    await tx.emit(memberEvent('project.member-added', project, member, viewerId, context.requestId));
    return { ...project, viewerRole: present.role };
  });
}
