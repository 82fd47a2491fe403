import type { Context } from '../context.js';
import type { TaskIdInput } from '../generated/resolver-types.js';
import { patchTask } from './patch-task.js';
import type { WrittenTask } from './write-task.js';

/** Sets COMPLETED; on a completed task nothing changes. Emits task.completed. */
export const completeTask = (context: Context, input: TaskIdInput): Promise<WrittenTask> =>
  patchTask(context, input.id, input.expectedVersion ?? null, () => ({ status: 'COMPLETED' }));
