import type { TaskChanged, TaskPurged } from '@taskgraph/shared/contracts/task-events';
import type { Reaction } from '@taskgraph/shared/event-tail';
import { changedPlace } from '../recipients.js';
import { followTask, forgetTask } from '../repositories/news-repository.js';

/** A task went elsewhere, to the trash or back: what was told of it is judged by that from now on. */
export const onTaskPlaced: Reaction = async (tx, event) => {
  const task = event.payload as TaskChanged;
  if (event.type === 'task.moved' && !changedPlace(task)) return;
  await followTask(tx, task, event.type === 'task.deleted');
};

export const onTaskPurged: Reaction = (tx, event) => forgetTask(tx, (event.payload as TaskPurged).taskId);
