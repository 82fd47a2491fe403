// Pure yes/no rules of channels (RULES §1).
import type { ChannelRole } from '@taskgraph/shared/contracts/channel-events';

const rank: Record<ChannelRole, number> = { MEMBER: 0, MODERATOR: 1, OWNER: 2 };

/** Members see a channel whole; everybody else only what its code shows. */
export const canSeeChannel = (role: ChannelRole | null): boolean => role !== null;

/** Renaming, describing, rotating the code, setting roles, deleting. */
export const canManageChannel = (own: ChannelRole): boolean => own === 'OWNER';

/** From MODERATOR up, and only members below the own rank. Leaving is not removing: everybody may leave. */
export const canRemoveMember = (own: ChannelRole, theirs: ChannelRole): boolean => rank[own] >= rank.MODERATOR && rank[theirs] < rank[own];
