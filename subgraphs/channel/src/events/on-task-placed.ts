import type { TaskChanged, TaskPurged } from '@taskgraph/shared/contracts/task-events';
import type { Reaction } from '@taskgraph/shared/event-tail';
import { followTask, forgetTask } from '../repositories/news-repository.js';
import { forgetPostsOf } from '../repositories/webhook-delivery-repository.js';

/** A task went elsewhere, to the trash or back: what was told of it is judged by that from now on. */
export const onTaskPlaced: Reaction = (tx, event) => followTask(tx, event.payload as TaskChanged, event.type === 'task.deleted');

export const onTaskPurged: Reaction = async (tx, event) => {
  const { taskId } = event.payload as TaskPurged;
  await forgetTask(tx, taskId);
  await forgetPostsOf(tx, taskId);
};
