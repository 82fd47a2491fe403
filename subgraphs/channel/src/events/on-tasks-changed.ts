// What follows from events of tasks: a few statements for a whole batch. All is looked up before anything is written; the feed,
// the news and the posts of many events are written together, as long as that comes to the same as one after the other.
import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import type { BatchReaction, Reaction, TailedEvent } from '@taskgraph/shared/event-tail';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { notifyAll, type Enqueue } from '../commands/notify.js';
import { taskPosts, writePosts } from '../commands/post-to-webhooks.js';
import type { TaskWebhookEvent } from '../entities/webhook.js';
import { nameOf } from '../name-of.js';
import { changedPlace, tellingTypes } from '../recipients.js';
import { insertActivities, type NewActivity } from '../repositories/activity-repository.js';
import type { News } from '../repositories/news-repository.js';
import type { NewPost } from '../repositories/webhook-delivery-repository.js';
import { allEnded } from '../same-transaction.js';
import { onDeadLettered } from './on-dead-lettered.js';
import { onTaskPlaced, onTaskPurged } from './on-task-placed.js';
import { taskActivity } from './task-activity.js';
import { taskNews } from './task-news.js';

const webhookEvents: Record<string, TaskWebhookEvent> = {
  'task.created': 'TASK_CREATED', 'task.updated': 'TASK_UPDATED', 'task.assigned': 'TASK_ASSIGNED', 'task.completed': 'TASK_COMPLETED',
  'task.reopened': 'TASK_REOPENED', 'task.moved': 'TASK_MOVED', 'task.deleted': 'TASK_DELETED', 'task.restored': 'TASK_RESTORED',
  'task.commented': 'TASK_COMMENTED', 'task.due-soon': 'TASK_DUE_SOON', 'task.overdue': 'TASK_OVERDUE',
};
/** Reactions that have statements of their own. */
const ownReactions: Record<string, Reaction> = {
  'task.moved': onTaskPlaced, 'task.deleted': onTaskPlaced, 'task.restored': onTaskPlaced, 'task.purged': onTaskPurged, 'task.dead-lettered': onDeadLettered('task'),
};

/** What one event comes to. */
interface Outcome {
  event: TailedEvent;
  taskId: string;
  /** Comes before what is told, which is judged by where the task is. */
  own: Reaction | null;
  activities: NewActivity[];
  news: News[];
  posts: NewPost[];
}

export interface TaskNewsOptions {
  /** Name under which the project log is followed. */
  consumer: string;
  enqueueMails: Enqueue;
  enqueuePosts: Enqueue;
}

export function onTasksChanged({ consumer, enqueueMails, enqueuePosts }: TaskNewsOptions): BatchReaction {
  async function judge(tx: WriteTransaction, event: TailedEvent): Promise<Outcome> {
    const task = event.payload as TaskChanged;
    const own = event.type === 'task.moved' && !changedPlace(task) ? null : (ownReactions[event.type] ?? null);
    const outcome: Outcome = { event, taskId: task.taskId, own, activities: [], news: [], posts: [] };
    // Imports and templates tell nobody and are posted nowhere (RULES §7): a file of a hundred thousand rows would be as many posts.
    if (task.imported) return outcome;
    const webhookEvent = webhookEvents[event.type];
    // What was posted before a restore is not posted again (RULES §4).
    const posting = webhookEvent && !event.replayed ? taskPosts(tx, webhookEvent, event, task) : Promise.resolve([]);
    const telling = tellingTypes.some((type) => type === event.type) ? tell(tx, event, task) : Promise.resolve({});
    await allEnded<unknown>([telling, posting]);
    return { ...outcome, ...(await telling), posts: await posting };
  }

  async function tell(tx: WriteTransaction, event: TailedEvent, task: TaskChanged): Promise<Pick<Outcome, 'activities' | 'news'>> {
    const actor = await nameOf(tx, event.actorId);
    return { activities: taskActivity(event, task, actor), news: await taskNews(tx, event, task, actor, consumer) };
  }

  async function write(tx: WriteTransaction, outcomes: readonly Outcome[]): Promise<void> {
    await insertActivities(tx, outcomes.flatMap(({ activities }) => activities));
    await notifyAll(tx, outcomes.flatMap(({ event, news }) => news.map((one) => ({ ...one, event }))), enqueueMails);
    await writePosts(tx, outcomes.flatMap(({ posts }) => posts), enqueuePosts);
  }

  return async (tx, events) => {
    const outcomes = await allEnded(events.map((event) => judge(tx, event)));
    let waiting: Outcome[] = [];
    const waitingTasks = new Set<string>();
    for (const outcome of outcomes) {
      const { own, news, taskId, event } = outcome;
      // What is told of other tasks may be written before or after. A change joins what was told of the same task, and whereabouts
      // are written to it: for these it must be there.
      if (waitingTasks.has(taskId) && (own || news.some(({ kind }) => kind === 'TASK_UPDATED'))) {
        await write(tx, waiting);
        waiting = [];
        waitingTasks.clear();
      }
      await own?.(tx, event);
      waiting.push(outcome);
      waitingTasks.add(taskId);
    }
    await write(tx, waiting);
  };
}

/** For an event that an ADMIN has run again by itself, and as the list of what is followed. */
export const oneByOne = (together: BatchReaction): Record<string, Reaction> =>
  Object.fromEntries([...tellingTypes, ...Object.keys(webhookEvents), ...Object.keys(ownReactions)].map((type) => [type, (tx, event) => together(tx, [event])]));
