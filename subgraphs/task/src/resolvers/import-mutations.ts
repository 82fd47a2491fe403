import { once } from '@taskgraph/shared/once';
import { cancelTaskImport } from '../commands/cancel-task-import.js';
import { exportTasks, replayExport } from '../commands/export-tasks.js';
import { replayImport, startTaskImport } from '../commands/start-task-import.js';
import type { MutationResolvers } from '../generated/resolver-types.js';

export const importMutations: Pick<MutationResolvers, 'startTaskImport' | 'cancelTaskImport' | 'exportTasks'> = {
  startTaskImport: (_root, { input }, context, info) =>
    once(context, info, input, () => startTaskImport(context, input), (record: never) => replayImport(context, record)),
  cancelTaskImport: (_root, { input }, context, info) =>
    once(context, info, input, () => cancelTaskImport(context, input), (record: never) => replayImport(context, record)),
  exportTasks: (_root, { input }, context, info) => once(context, info, input, () => exportTasks(context, input), (record: never) => replayExport(context, record)),
};
