import { isUuid } from '@taskgraph/shared/ids';
import type { UserResolvers } from '../generated/resolver-types.js';
import { listOf, readList } from './task-lists.js';

export const User: UserResolvers = {
  __resolveReference: async (reference) => ({ id: reference.id }),
  /** One statement for all people of the same list. */
  async tasks(user, args, context) {
    if (!context.viewer || !isUuid(user.id)) return null;
    return listOf('people', user.id.toLowerCase(), args, readList(args, context), context);
  },
};
