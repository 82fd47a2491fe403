import { DateScalar, DateTime, Duration } from '@taskgraph/shared/scalars';
import type { Resolvers } from '../generated/resolver-types.js';
import { Channel } from './channel.js';
import { ChannelStats } from './channel-stats.js';
import { Project } from './project.js';
import { ProjectStats } from './project-stats.js';
import { TaskRecommendation } from './task-recommendation.js';
import { User } from './user.js';
import { UserStats } from './user-stats.js';
import { Workload } from './workload.js';

export const resolvers: Resolvers = {
  DateTime, Date: DateScalar, Duration, User, Project, Channel, UserStats, ProjectStats, ChannelStats, Workload, TaskRecommendation,
};
