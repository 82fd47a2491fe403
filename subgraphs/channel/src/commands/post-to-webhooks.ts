// Writes what is to be posted to webhooks, in the transaction that applies the event, and hands it to the queue after the commit;
// where there is no queue (in the API) the sweep does.
import type { EventPayload } from '@taskgraph/shared/contracts/events';
import type { TaskChanged, TaskCommented, TaskState } from '@taskgraph/shared/contracts/task-events';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { MemberWebhookEvent, TaskWebhookEvent, WebhookEvent, WebhookFacts, WebhookPlace } from '../entities/webhook.js';
import { memberWebhookText, taskWebhookText } from '../notification-text.js';
import { changedPlace } from '../recipients.js';
import { findContactName } from '../repositories/contact-repository.js';
import { insertPosts, type NewPost } from '../repositories/webhook-delivery-repository.js';
import { findListening } from '../repositories/webhook-repository.js';
import { nameOf } from '../name-of.js';
import { askTogether } from '../same-transaction.js';
import type { Enqueue } from './notify.js';

/** The event as the log tells it. */
interface Told {
  id: string;
  at: string;
  actorId: string | null;
}

type Facts = () => Promise<Omit<WebhookFacts, 'at' | 'actorId' | 'projectId' | 'channelId'>>;

/** One post for each that listens. The facts are gathered only where somebody does. */
async function postsIn(place: WebhookPlace, webhookIds: readonly string[], event: WebhookEvent, told: Told, facts: Facts, taskId: string | null): Promise<NewPost[]> {
  if (webhookIds.length === 0) return [];
  const where = place.kind === 'project' ? { projectId: place.id, channelId: null } : { projectId: null, channelId: place.id };
  const all = { at: told.at, actorId: told.actorId, ...where, ...(await facts()) };
  return webhookIds.map((webhookId) => ({ webhookId, eventId: told.id, event, facts: all, taskId }));
}

export async function writePosts(tx: WriteTransaction, posts: readonly NewPost[], enqueue: Enqueue | null): Promise<void> {
  const ids = await insertPosts(tx, posts, enqueue !== null);
  if (enqueue && ids.length > 0) tx.afterCommit(() => enqueue(ids));
}

/** What is told of a task: no descriptions and no comments, which can be large and are behind the API's own checks. */
const taskFacts = (taskId: string, ref: string | null, creatorId: string, { title, status, priority, startAt, dueAt, completedAt, assigneeIds, parentId = null, createdAt, updatedAt }: TaskState) =>
  ({ id: taskId, ref, title, status, priority, startAt, dueAt, completedAt, creatorId, assigneeIds, parentId, createdAt, updatedAt });

/** The posts of an event of a task to the webhooks of its place; of a move also to those of the place it left, with what it was there. */
export async function taskPosts(tx: WriteTransaction, event: TaskWebhookEvent, told: Told, task: TaskChanged): Promise<NewPost[]> {
  if (event === 'TASK_MOVED' && !changedPlace(task)) return [];
  const { taskId, ref, creatorId, state, before } = task;
  const factsOf = (as: TaskState, refThere: string | null) => async () => {
    const { commentId, authorId, action } = task as Partial<TaskCommented>;
    return {
      text: taskWebhookText(event, await nameOf(tx, told.actorId), { ref: refThere, state: as }),
      task: taskFacts(taskId, refThere, creatorId, as),
      changed: task.changes.map(({ field }) => field),
      ...(commentId && authorId && action ? { comment: { id: commentId, authorId, action } } : {}),
    };
  };
  // No event of a task changes who listens; those of projects do.
  const listening = (place: WebhookPlace) => askTogether(tx, 'webhooks', { place, event }, (asked) => findListening(tx, asked));
  const place = placeOf(task);
  const posts = place ? await postsIn(place, await listening(place), event, told, factsOf(state, ref), taskId) : [];
  const left = event === 'TASK_MOVED' && before ? placeOf(before) : null;
  if (!left || !before || left.id === place?.id) return posts;
  // The ref it has now is one of the other place.
  return [...posts, ...(await postsIn(left, await listening(left), event, told, factsOf(before, null), taskId))];
}

function placeOf({ projectId, channelId }: { projectId?: string | null | undefined; channelId?: string | null | undefined }): WebhookPlace | null {
  if (projectId) return { kind: 'project', id: projectId };
  return channelId ? { kind: 'channel', id: channelId } : null;
}

interface Membership {
  place: WebhookPlace;
  placeName: string;
  userId: string;
  role: string;
}

/** Posts that somebody became a member, or is none any more. */
export async function postMemberEvent(tx: WriteTransaction, event: MemberWebhookEvent, told: Told, { place, placeName, userId, role }: Membership, enqueue: Enqueue | null): Promise<void> {
  const [listening = []] = await findListening(tx, [{ place, event }]);
  const facts = async () => ({ text: memberWebhookText(event, await findContactName(tx, userId), placeName), member: { userId, role } });
  await writePosts(tx, await postsIn(place, listening, event, told, facts, null), enqueue);
}

export const projectMembership = ({ projectId, projectName, userId, role }: EventPayload<'project.member-added' | 'project.member-removed'>): Membership =>
  ({ place: { kind: 'project', id: projectId }, placeName: projectName, userId, role });
