import type { WorkloadResolvers } from '../generated/resolver-types.js';

export const Workload: WorkloadResolvers = {
  user: ({ userId }) => ({ id: userId }),
};
