import type { TaskRecommendationResolvers } from '../generated/resolver-types.js';

export const TaskRecommendation: TaskRecommendationResolvers = {
  task: ({ taskId }) => ({ id: taskId }),
};
