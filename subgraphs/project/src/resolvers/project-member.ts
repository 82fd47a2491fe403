import type { ProjectMemberResolvers } from '../generated/resolver-types.js';

export const ProjectMember: ProjectMemberResolvers = {
  user: (member) => ({ id: member.userId }),
};
