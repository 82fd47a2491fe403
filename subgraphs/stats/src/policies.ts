// Pure yes/no rules of figures.
import type { Membership } from '@taskgraph/shared/access/access';
import type { Viewer } from '@taskgraph/shared/identity';

/** A person's figures: to that person and to ADMIN. */
export const canSeeFiguresOf = (viewer: Viewer, userId: string): boolean => viewer.id === userId || viewer.role === 'ADMIN';

/** A project or channel, its figures and its tasks: to its members, whatever their role; ADMIN has no implicit access. */
export const canSeeFiguresAs = (membership: Pick<Membership, 'role'>): boolean => membership.role !== null;

/** What to do next is told to that person alone. */
export const canSeeRecommendationsOf = (viewer: Viewer, userId: string): boolean => viewer.id === userId;
