import type { TaskChanged, TaskCommented } from '@taskgraph/shared/contracts/task-events';
import { overloaded } from '@taskgraph/shared/errors';
import type { Reaction, TailedEvent } from '@taskgraph/shared/event-tail';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { notify, type Enqueue } from '../commands/notify.js';
import { taskBody, taskTitle } from '../notification-text.js';
import { recipients, type Recipient, type TellingType } from '../recipients.js';
import { findProjectWatchers, isCopyCompleteUntil, isProjectKnown, whoSees, type Seeing, type TaskPlace } from '../repositories/audience-repository.js';
import { findContactName } from '../repositories/contact-repository.js';
import type { News } from '../repositories/news-repository.js';
import { eachOnceIn, onceIn } from '../same-transaction.js';

/** How long an event waits for the project log to tell of its project and its members, in milliseconds. */
const patienceMs = 60_000;

/** Tells people of an event of a task (RULES §7). `consumer` is the name under which the project log is followed. */
export const onTaskChanged =
  (consumer: string, enqueue: Enqueue): Reaction =>
  async (tx, event) => {
    const task = event.payload as TaskChanged;
    // Imports and templates tell nobody (RULES §7).
    if (task.imported) return;
    const { projectId, channelId, ownerId } = task;
    const patient = Date.now() - Date.parse(event.at) < patienceMs;
    // The two logs are read side by side: a task may be heard of before its project. OVERLOADED has the tail try again
    // without counting it against the event; after a while the event goes on with what is known.
    if (projectId && patient && !(await onceIn(tx, `project ${projectId}`, () => isProjectKnown(tx, projectId)))) throw overloaded();
    const projectWatcherIds = event.type === 'task.created' && projectId ? await onceIn(tx, `watchers ${projectId}`, () => findProjectWatchers(tx, projectId)) : [];
    const comment = event.type === 'task.commented' ? (task as TaskCommented) : undefined;
    const told = recipients({ type: event.type as TellingType, actorId: event.actorId, task, projectWatcherIds, comment });
    if (told.length === 0) return;
    const seeing = await thoseWhoSee(tx, event, task, told, { consumer, patient });
    if (seeing.length === 0) return;
    const actor = await onceIn(tx, `name ${event.actorId}`, () => findContactName(tx, event.actorId));
    const changed = task.changes.map(({ field }) => field);
    const news = seeing.map(({ userId, kind }): News => ({
      userId, kind, title: taskTitle(kind, actor, task), body: kind === 'TASK_UPDATED' ? null : taskBody(task), taskId: task.taskId, projectId, channelId, ownerId,
      ...(kind === 'TASK_UPDATED' ? { changed } : {}),
    }));
    await notify(tx, event, news, enqueue);
  };

/** Each person's sight of a place is looked up once in a batch. */
async function whoSeesOnce(tx: WriteTransaction, place: TaskPlace, userIds: string[]): Promise<Seeing> {
  const sights = await eachOnceIn(tx, `sight of ${place.projectId ?? place.channelId ?? place.ownerId}`, userIds, async (asked) => {
    const { seeing, unknown } = await whoSees(tx, place, asked);
    return new Map(asked.map((id) => [id, unknown.has(id) ? 'unknown' : seeing.has(id) ? 'yes' : 'no']));
  });
  const those = (sight: string) => new Set(userIds.filter((id) => sights.get(id) === sight));
  return { seeing: those('yes'), unknown: those('unknown') };
}

interface Waiting {
  consumer: string;
  patient: boolean;
}

/** Nobody hears of what they cannot see. The copy of members may be a moment behind the task; then the event waits for it. */
async function thoseWhoSee(tx: WriteTransaction, event: TailedEvent, task: TaskChanged, told: Recipient[], { consumer, patient }: Waiting): Promise<Recipient[]> {
  const { seeing, unknown } = await whoSeesOnce(tx, task, told.map(({ userId }) => userId));
  if (unknown.size > 0 && !(await isCopyCompleteUntil(tx, consumer, event.at))) {
    if (patient) throw overloaded();
    // The task subgraph has checked whoever is tied to the task but its creator, who may be of another project.
    return told.filter(({ userId }) => seeing.has(userId) || (unknown.has(userId) && userId !== task.creatorId));
  }
  return told.filter(({ userId }) => seeing.has(userId));
}
