import { DateTime, EmailAddress, UrlScalar } from '@taskgraph/shared/scalars';
import type { Resolvers } from '../generated/resolver-types.js';
import { Mutation } from './mutation.js';
import { Query } from './query.js';
import { Session } from './session.js';
import { User } from './user.js';

export const resolvers: Resolvers = { DateTime, EmailAddress, URL: UrlScalar, Query, Mutation, Session, User };
