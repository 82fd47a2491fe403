import { unauthenticated } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { UserResolvers } from '../generated/resolver-types.js';
import { canSeeEmail } from '../policies.js';

export const User: UserResolvers = {
  // Async, because a synchronous throw would null the whole batch.
  async __resolveReference(reference, context) {
    if (!context.viewer) throw unauthenticated();
    return isUuid(reference.id) ? context.users.load(reference.id) : null;
  },
  email: (user, _args, context) => (canSeeEmail(context.viewer, user) ? user.email : null),
  emailVerified: (user, _args, context) => (canSeeEmail(context.viewer, user) ? user.emailVerified : null),
};
