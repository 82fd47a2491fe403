import type { UserStatsResolvers } from '../generated/resolver-types.js';

export const UserStats: UserStatsResolvers = {
  daily: (stats, days, context) => context.daily('user', days).load(stats.subjectId),
};
