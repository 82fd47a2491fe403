import type { TaskChanged, TaskCommented } from '@taskgraph/shared/contracts/task-events';
import { overloaded } from '@taskgraph/shared/errors';
import type { TailedEvent } from '@taskgraph/shared/event-tail';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { taskBody, taskTitle } from '../notification-text.js';
import { recipients, type Recipient, type TellingType } from '../recipients.js';
import { findProjects, isCopyCompleteUntil, whoSees } from '../repositories/audience-repository.js';
import type { News } from '../repositories/news-repository.js';
import { allEnded, askTogether } from '../same-transaction.js';

/** How long an event waits for the project log to tell of its project and its members, in milliseconds. */
const patienceMs = 60_000;

/** What people are told of an event of a task (RULES §7). `consumer` is the name under which the project log is followed. */
export async function taskNews(tx: WriteTransaction, event: TailedEvent, task: TaskChanged, actor: string | null, consumer: string): Promise<News[]> {
  const { projectId, channelId, ownerId } = task;
  const patient = Date.now() - Date.parse(event.at) < patienceMs;
  // The two logs are read side by side: a task may be heard of before its project. OVERLOADED has the tail try again
  // without counting it against the event; after a while the event goes on with what is known.
  const project = projectId ? await askTogether(tx, 'projects', projectId, (ids) => findProjects(tx, ids)) : null;
  if (project && patient && !project.known) throw overloaded();
  const comment = event.type === 'task.commented' ? (task as TaskCommented) : undefined;
  const told = recipients({ type: event.type as TellingType, actorId: event.actorId, task, projectWatcherIds: project?.watcherIds ?? [], comment });
  const seeing = await thoseWhoSee(tx, event, task, told, { consumer, patient });
  const changed = task.changes.map(({ field }) => field);
  return seeing.map(({ userId, kind }): News => ({
    userId, kind, title: taskTitle(kind, actor, task), body: kind === 'TASK_UPDATED' ? null : taskBody(task), taskId: task.taskId, projectId, channelId, ownerId,
    ...(kind === 'TASK_UPDATED' ? { changed } : {}),
  }));
}

interface Waiting {
  consumer: string;
  patient: boolean;
}

/** Nobody hears of what they cannot see. The copy of members may be a moment behind the task; then the event waits for it. */
async function thoseWhoSee(tx: WriteTransaction, event: TailedEvent, { projectId, channelId, ownerId, creatorId }: TaskChanged, told: Recipient[], { consumer, patient }: Waiting): Promise<Recipient[]> {
  const sights = await allEnded(told.map(({ userId }) => askTogether(tx, 'sight', { projectId, channelId, ownerId, userId }, (asked) => whoSees(tx, asked))));
  if (sights.includes('unknown') && !(await askTogether(tx, 'complete', event.at, (times) => isCopyCompleteUntil(tx, consumer, times)))) {
    if (patient) throw overloaded();
    // The task subgraph has checked whoever is tied to the task but its creator, who may be of another project.
    return told.filter(({ userId }, index) => sights[index] === 'yes' || (sights[index] === 'unknown' && userId !== creatorId));
  }
  return told.filter((_, index) => sights[index] === 'yes');
}
