import { DateTime } from '@taskgraph/shared/scalars';
import type { Resolvers } from '../generated/resolver-types.js';
import { Channel } from './channel.js';
import { Project } from './project.js';
import { User } from './user.js';

export const resolvers: Resolvers = { DateTime, User, Project, Channel };
