import type { Context } from '../context.js';
import type { TaskIdInput } from '../generated/resolver-types.js';
import { patchTask } from './patch-task.js';
import type { WrittenTask } from './write-task.js';

/** COMPLETED becomes PENDING, everything else becomes COMPLETED. */
export const toggleTaskCompletion = (context: Context, input: TaskIdInput): Promise<WrittenTask> =>
  patchTask(context, input.id, input.expectedVersion ?? null, (task) => ({ status: task.status === 'COMPLETED' ? 'PENDING' : 'COMPLETED' }));
