import { badInput, unauthenticated } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { checkText } from '@taskgraph/shared/text';
import { readPageArguments, toConnection } from '@taskgraph/shared/pagination';
import type { QueryResolvers } from '../generated/resolver-types.js';
import { listApiTokens } from '../repositories/api-token-repository.js';
import { listSessions } from '../repositories/session-repository.js';
import { countUsers, findUserByHandle, searchUsers } from '../repositories/user-repository.js';

export const Query: QueryResolvers = {
  async me(_root, _args, context) {
    if (!context.viewer) throw unauthenticated();
    const user = await context.users.load(context.viewer.id);
    if (!user?.active) throw unauthenticated('This account is not active.');
    return user;
  },

  async user(_root, { id, handle }, context) {
    if (!context.viewer) throw unauthenticated();
    if ((id == null) === (handle == null)) throw badInput('id', 'or handle is needed, exactly one of them');
    if (handle != null) return findUserByHandle(context.database.manager, handle);
    return isUuid(id as string) ? context.users.load((id as string).toLowerCase()) : null;
  },

  async users(_root, args, context) {
    if (!context.viewer) throw unauthenticated();
    const page = readPageArguments(args, context.pageLimits, context.cursors);
    const search = args.search ? checkText('search', args.search, { max: 100 }) : null;
    const rows = await searchUsers(context.database.manager, search, page);
    return toConnection(rows, page, context.cursors, (user) => [user.handle], () => countUsers(context.database.manager, search));
  },

  async sessions(_root, _args, context) {
    if (!context.viewer) throw unauthenticated();
    return listSessions(context.database.manager, context.viewer.id);
  },

  async apiTokens(_root, _args, context) {
    if (!context.viewer) throw unauthenticated();
    return listApiTokens(context.database.manager, context.viewer.id);
  },
};
