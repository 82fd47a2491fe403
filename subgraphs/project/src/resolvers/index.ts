import { DateTime, EmailAddress } from '@taskgraph/shared/scalars';
import type { Resolvers } from '../generated/resolver-types.js';
import { Mutation } from './mutation.js';
import { ProjectInvite } from './project-invite.js';
import { ProjectMember } from './project-member.js';
import { Project } from './project.js';
import { Query } from './query.js';

export const resolvers: Resolvers = { DateTime, EmailAddress, Query, Mutation, Project, ProjectInvite, ProjectMember };
