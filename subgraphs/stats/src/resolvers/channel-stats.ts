import type { ChannelStatsResolvers } from '../generated/resolver-types.js';
import { readFirst } from './read-first.js';

const mostContributors = 100;

export const ChannelStats: ChannelStatsResolvers = {
  topContributors: (stats, { first }, context) => context.contributors(readFirst(first, { usual: 10, most: mostContributors })).load(stats.subjectId),
};
