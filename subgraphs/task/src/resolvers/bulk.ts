import type { BulkTaskResultResolvers, BulkUpdateTasksPayloadResolvers } from '../generated/resolver-types.js';

export const BulkUpdateTasksPayload: BulkUpdateTasksPayloadResolvers = {
  succeeded: (outcome) => outcome.results.filter((result) => result.code === null).length,
  failed: (outcome) => outcome.results.filter((result) => result.code !== null).length,
};

export const BulkTaskResult: BulkTaskResultResolvers = {
  task: (result, _args, context) => (result.written ? context.tasks.load(result.id.toLowerCase()) : null),
};
