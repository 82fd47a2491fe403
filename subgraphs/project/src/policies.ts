// Pure yes/no rules of projects (RULES §1).
import type { ProjectRole } from '@taskgraph/shared/contracts/project-events';

const rank: Record<ProjectRole, number> = { VIEWER: 0, MEMBER: 1, MAINTAINER: 2, OWNER: 3 };

/** Renaming, describing, archiving, restoring and setting roles. */
export const canManageProject = (own: ProjectRole): boolean => own === 'OWNER';

/** OWNER gives any role, MAINTAINER those below the own one. */
export const canAddMember = (own: ProjectRole, given: ProjectRole): boolean =>
  own === 'OWNER' || (own === 'MAINTAINER' && rank[given] < rank[own]);

/** From MAINTAINER up, and only members below the own rank. Leaving is not removing: everybody may leave. */
export const canRemoveMember = (own: ProjectRole, theirs: ProjectRole): boolean =>
  rank[own] >= rank.MAINTAINER && rank[theirs] < rank[own];

export const canSeeInvites = (own: ProjectRole): boolean => rank[own] >= rank.MAINTAINER;

/**
 * Making an invite, revoking it and reading its code, for an invite that gives `given`. As for adding: with the code of an
 * invite for OWNERs a MAINTAINER could make anybody OWNER.
 */
export const canHandleInvite = (own: ProjectRole, given: ProjectRole): boolean => canAddMember(own, given);
