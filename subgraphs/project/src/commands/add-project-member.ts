import type { ProjectRole } from '@taskgraph/shared/contracts/project-events';
import { userStatuses } from '@taskgraph/shared/contracts/user-status';
import { badInput, conflict, forbidden, notFound } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { EntityManager } from 'typeorm';
import type { Context } from '../context.js';
import type { ProjectMemberRow } from '../entities/project-member.js';
import type { VisibleProject } from '../entities/project.js';
import type { AddProjectMemberInput } from '../generated/resolver-types.js';
import { canAddMember } from '../policies.js';
import { findMember, insertMember } from '../repositories/project-member-repository.js';
import { findVisibleProject, nextVersion } from '../repositories/project-repository.js';
import { memberEvent } from './member-event.js';
import { projectIdOf, requireActive, viewerOf, writeProject } from './write-project.js';

/**
 * Makes a person a member. Who is one already with the same role is left alone, with another role that is CONFLICT.
 * Emits project.member-added. The user subgraph is asked only when somebody would really be added.
 */
export async function addProjectMember(context: Context, input: AddProjectMemberInput): Promise<VisibleProject> {
  const viewerId = viewerOf(context);
  const projectId = projectIdOf(input.projectId);
  if (!isUuid(input.userId)) throw unknownUser();
  const wanted = { projectId, userId: input.userId.toLowerCase(), role: input.role ?? 'MEMBER' };

  const before = await findVisibleProject(context.database.manager, viewerId, projectId);
  if (!before) throw notFound('project');
  // Another service is never waited for inside a transaction, so everything is judged again under the lock. Whoever is a
  // member now and no longer then was vouched for when they became one.
  if (!(await judgeAddition(context.database.manager, before, wanted))) await checkUser(context, wanted.userId);
  return writeProject(context, projectId, async (tx, found) => {
    if (await judgeAddition(tx.manager, found, wanted)) return found;
    const now = new Date();
    const member: ProjectMemberRow = { ...wanted, joinedAt: now };
    await insertMember(tx.manager, member);
    const project = await nextVersion(tx.manager, found, now);
    await tx.emit(memberEvent('project.member-added', project, member, viewerId, context.requestId));
    return project;
  });
}

/** Answers whether the person is a member with this role already. */
async function judgeAddition(manager: EntityManager, project: VisibleProject, { userId, role }: { userId: string; role: ProjectRole }): Promise<boolean> {
  if (!canAddMember(project.viewerRole, role)) throw forbidden();
  requireActive(project);
  const member = await findMember(manager, project.id, userId);
  if (member && member.role !== role) {
    throw conflict('This person is a member with another role.', { fields: ['role'], current: { role: member.role } });
  }
  return member !== null;
}

/** SUBGRAPH_UNAVAILABLE when the user subgraph is away: a membership is not given to an id that nobody vouches for. */
async function checkUser(context: Context, userId: string): Promise<void> {
  const answer = userStatuses.parse(await context.users.get(`/internal/users?ids=${userId}`, { requestId: context.requestId }));
  if (!answer.some((user) => user.id === userId && user.active)) throw unknownUser();
}

const unknownUser = () => badInput('input.userId', 'is not the id of an active user');
