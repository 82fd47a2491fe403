import type { ProjectInviteResolvers } from '../generated/resolver-types.js';
import { canHandleInvite } from '../policies.js';

export const ProjectInvite: ProjectInviteResolvers = {
  code: ({ id, sealedCode, role, viewerRole }, _args, context) =>
    sealedCode !== null && canHandleInvite(viewerRole, role) ? context.inviteCodes.open(id, sealedCode) : null,
  usesLeft: ({ maxUses, uses }) => (maxUses === null ? null : Math.max(0, maxUses - uses)),
};
