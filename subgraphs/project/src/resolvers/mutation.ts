import { notFound } from '@taskgraph/shared/errors';
import { once } from '@taskgraph/shared/once';
import type { GraphQLResolveInfo } from 'graphql';
import { acceptProjectInvite } from '../commands/accept-project-invite.js';
import { addProjectMember } from '../commands/add-project-member.js';
import { archiveProject } from '../commands/archive-project.js';
import { changeProjectMemberRole } from '../commands/change-project-member-role.js';
import { createProjectInvite, type CreatedInvite, type InviteRecord } from '../commands/create-project-invite.js';
import { createProject } from '../commands/create-project.js';
import { removeProjectMember } from '../commands/remove-project-member.js';
import { restoreProject } from '../commands/restore-project.js';
import { revokeProjectInvite } from '../commands/revoke-project-invite.js';
import { updateProject } from '../commands/update-project.js';
import type { ProjectRecord } from '../commands/write-project.js';
import type { Context } from '../context.js';
import type { VisibleProject } from '../entities/project.js';
import type { MutationResolvers } from '../generated/resolver-types.js';
import { canSeeInvites } from '../policies.js';
import { findInvite } from '../repositories/project-invite-repository.js';
import { findVisibleProject } from '../repositories/project-repository.js';

/** Every mutation of a project happens once per Idempotency-Key (RULES §3); a resend shows the project as it is now. */
const projectMutation =
  <I>(command: (context: Context, input: I) => Promise<VisibleProject | null>) =>
  (_root: unknown, { input }: { input: I }, context: Context, info: GraphQLResolveInfo): Promise<{ project: VisibleProject | null }> =>
    once(
      context, info, input,
      async () => ({ project: await command(context, input) }),
      async ({ projectId }: ProjectRecord) => ({ project: await projectNow(context, projectId) }),
    );

export const Mutation: MutationResolvers = {
  createProject: projectMutation(createProject),
  updateProject: projectMutation(updateProject),
  archiveProject: projectMutation(archiveProject),
  restoreProject: projectMutation(restoreProject),
  addProjectMember: projectMutation(addProjectMember),
  changeProjectMemberRole: projectMutation(changeProjectMemberRole),
  removeProjectMember: projectMutation(removeProjectMember),
  acceptProjectInvite: projectMutation(acceptProjectInvite),
  createProjectInvite: (_root, { input }, context, info) =>
    once(context, info, input, () => createProjectInvite(context, input), (record: InviteRecord) => inviteNow(context, record)),
  revokeProjectInvite: (_root, { input }, context, info) =>
    once(context, info, input, async () => ({ id: await revokeProjectInvite(context, input) }), async ({ inviteId }: InviteRecord) => ({ id: inviteId })),
};

const projectNow = async ({ database, viewer }: Context, projectId: string): Promise<VisibleProject | null> =>
  viewer && findVisibleProject(database.manager, viewer.id, projectId);

/** What was purged meanwhile, or is no longer the viewer's to see, does not exist. */
async function inviteNow(context: Context, { projectId, inviteId }: InviteRecord): Promise<CreatedInvite> {
  const project = await projectNow(context, projectId);
  const invite = await findInvite(context.database.manager, inviteId);
  if (!project || !invite || !canSeeInvites(project.viewerRole)) throw notFound('invite');
  return { invite: { ...invite, viewerRole: project.viewerRole }, project };
}
