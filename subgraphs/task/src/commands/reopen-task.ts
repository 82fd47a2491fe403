import type { Context } from '../context.js';
import type { TaskIdInput } from '../generated/resolver-types.js';
import { patchTask } from './patch-task.js';
import type { WrittenTask } from './write-task.js';

/** Sets PENDING on a completed task; on any other one nothing changes. Emits task.reopened. */
export const reopenTask = (context: Context, input: TaskIdInput): Promise<WrittenTask> =>
  patchTask(context, input.id, input.expectedVersion ?? null, (task) => (task.status === 'COMPLETED' ? { status: 'PENDING' } : {}));
