import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import { overloaded } from '@taskgraph/shared/errors';
import type { Reaction } from '@taskgraph/shared/event-tail';
import { notify, type Enqueue } from '../commands/notify.js';
import { taskBody, taskTitle } from '../notification-text.js';
import { recipients, type TaskEventType } from '../recipients.js';
import { findProjectWatchers, isProjectKnown, withoutStrangers } from '../repositories/audience-repository.js';
import { findContactName } from '../repositories/contact-repository.js';

/** How long an event waits for the project log to tell of its project, in milliseconds. */
const patienceMs = 60_000;

/** Tells people of a change of a task (RULES §7). */
export const onTaskChanged =
  (enqueue: Enqueue): Reaction =>
  async (tx, event) => {
    const task = event.payload as TaskChanged;
    // Imports and templates tell nobody (RULES §7).
    if (task.imported) return;
    const { projectId, channelId } = task;
    // The two logs are read side by side: a task may be heard of before its project. OVERLOADED has the tail try again
    // without counting it against the event; after a while the event goes on with what is known.
    if (projectId && Date.now() - Date.parse(event.at) < patienceMs && !(await isProjectKnown(tx, projectId))) throw overloaded();
    const watcherIds = event.type === 'task.created' && projectId ? await findProjectWatchers(tx, projectId) : [];
    const told = recipients({ type: event.type as TaskEventType, actorId: event.actorId, task, watcherIds });
    if (told.length === 0) return;
    const seeing = await withoutStrangers(tx, task, told.map((recipient) => recipient.userId));
    const actor = await findContactName(tx, event.actorId);
    for (const { userId, kind } of told) {
      if (!seeing.has(userId)) continue;
      const news = { userId, kind, title: taskTitle(kind, actor, task), body: taskBody(kind, task), taskId: task.taskId, projectId, channelId };
      await notify(tx, event, news, enqueue);
    }
  };
