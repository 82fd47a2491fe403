// Pure yes/no rules of channels (RULES §1).
import type { ChannelRole } from '@taskgraph/shared/contracts/channel-events';
import type { Role } from '@taskgraph/shared/access/copy';
import type { Viewer } from '@taskgraph/shared/identity';

const rank: Record<ChannelRole, number> = { MEMBER: 0, MODERATOR: 1, OWNER: 2 };

/** Members see a channel whole; everybody else only what its code shows. */
export const canSeeChannel = (role: ChannelRole | null): boolean => role !== null;

/** Renaming, describing, rotating the code, setting roles, deleting. */
export const canManageChannel = (own: ChannelRole): boolean => own === 'OWNER';

/** From MODERATOR up, and only members below the own rank. Leaving is not removing: everybody may leave. */
export const canRemoveMember = (own: ChannelRole, theirs: ChannelRole): boolean => rank[own] >= rank.MODERATOR && rank[theirs] < rank[own];

/** ADMIN, as far as the request may use it: an API token needs the scope as well. */
export const canManageDeadLetters = (viewer: Pick<Viewer, 'role'>): boolean => viewer.role === 'ADMIN';

/** Seeing and changing the webhooks of a project: from MAINTAINER up. Their addresses are as good as passwords, so nobody else sees them. */
export const canManageProjectWebhooks = (own: Role): boolean => own === 'OWNER' || own === 'MAINTAINER';

/** The same of a channel: from MODERATOR up. */
export const canManageChannelWebhooks = (own: ChannelRole): boolean => rank[own] >= rank.MODERATOR;
