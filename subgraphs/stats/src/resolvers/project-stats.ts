import type { ProjectStatsResolvers } from '../generated/resolver-types.js';

export const ProjectStats: ProjectStatsResolvers = {
  daily: (stats, days, context) => context.daily('project', days).load(stats.subjectId),
  burndown: (stats, days, context) => context.burndown(days).load(stats.subjectId),
  cycleTime: async (stats, _args, context) => (await context.durations.load(stats.subjectId)).cycle,
  leadTime: async (stats, _args, context) => (await context.durations.load(stats.subjectId)).lead,
  workload: (stats, _args, context) => context.workloads.load(stats.subjectId),
};
