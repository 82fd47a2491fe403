// What follows from each event of a task: whereabouts first, because news is judged by them; then the feed, then people.
import type { Reaction } from '@taskgraph/shared/event-tail';
import type { Enqueue } from '../commands/notify.js';
import { tellingTypes } from '../recipients.js';
import { onTaskActivity } from './on-task-activity.js';
import { onTaskChanged } from './on-task-changed.js';
import { onTaskPlaced, onTaskPurged } from './on-task-placed.js';

export function taskReactions(consumer: string, enqueue: Enqueue): Record<string, Reaction> {
  const tell = onTaskChanged(consumer, enqueue);
  const told: Reaction = async (tx, event) => {
    await onTaskActivity(tx, event);
    await tell(tx, event);
  };
  return {
    ...Object.fromEntries(tellingTypes.map((type) => [type, told])),
    'task.moved': async (tx, event) => {
      await onTaskPlaced(tx, event);
      await told(tx, event);
    },
    'task.deleted': onTaskPlaced,
    'task.restored': onTaskPlaced,
    'task.purged': onTaskPurged,
  };
}
