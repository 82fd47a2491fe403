import type { UserResolvers } from '../generated/resolver-types.js';
import { canSeeFiguresOf } from '../policies.js';
import { figuresOf, resolveSubject } from './subject.js';

export const User: UserResolvers = {
  __resolveReference: resolveSubject,
  stats: (user, _args, context) => (context.viewer && canSeeFiguresOf(context.viewer, user.id) ? figuresOf(context, 'user', user.id) : null),
};
