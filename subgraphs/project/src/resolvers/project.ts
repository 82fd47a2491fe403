import { unauthenticated } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { readPageArguments, toConnection } from '@taskgraph/shared/pagination';
import type { ProjectResolvers } from '../generated/resolver-types.js';
import { canSeeInvites } from '../policies.js';

export const Project: ProjectResolvers = {
  // Async, because a synchronous throw would null the whole batch. A reference held elsewhere gives no right to see the project.
  async __resolveReference(reference, context) {
    if (!context.viewer) throw unauthenticated();
    return isUuid(reference.id) ? context.projects.load(reference.id.toLowerCase()) : null;
  },
  createdBy: (project) => ({ id: project.createdById }),
  async invites({ id, viewerRole }, _args, context) {
    if (!canSeeInvites(viewerRole)) return null;
    return (await context.invites.load(id)).map((invite) => ({ ...invite, viewerRole }));
  },
  async members(project, args, context) {
    const page = readPageArguments(args, context.pageLimits, context.cursors.members);
    const rows = await context.memberPages.load({ projectId: project.id, page });
    return toConnection(rows, page, context.cursors.members, (member) => [member.joinedAt.toISOString(), member.userId], () => context.memberCounts.load(project.id));
  },
};
