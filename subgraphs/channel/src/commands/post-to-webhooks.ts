// Writes what is to be posted to webhooks, in the transaction that applies the event, and hands it to the queue after the commit;
// where there is no queue (in the API) the sweep does.
import type { EventPayload } from '@taskgraph/shared/contracts/events';
import type { TaskChanged, TaskCommented, TaskState } from '@taskgraph/shared/contracts/task-events';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { MemberWebhookEvent, TaskWebhookEvent, WebhookEvent, WebhookFacts, WebhookPlace } from '../entities/webhook.js';
import { memberWebhookText, taskWebhookText } from '../notification-text.js';
import { changedPlace } from '../recipients.js';
import { findContactName } from '../repositories/contact-repository.js';
import { insertPosts } from '../repositories/webhook-delivery-repository.js';
import { findListening } from '../repositories/webhook-repository.js';
import { onceIn } from '../same-transaction.js';
import type { Enqueue } from './notify.js';

/** The event as the log tells it. */
interface Told {
  id: string;
  at: string;
  actorId: string | null;
}

type Facts = () => Promise<Omit<WebhookFacts, 'at' | 'actorId' | 'projectId' | 'channelId'>>;

/** The facts are gathered only where somebody listens. */
async function post(tx: WriteTransaction, place: WebhookPlace, event: WebhookEvent, told: Told, facts: Facts, taskId: string | null, enqueue: Enqueue | null, listening = findListening): Promise<void> {
  const webhookIds = await listening(tx, place, event);
  if (webhookIds.length === 0) return;
  const where = place.kind === 'project' ? { projectId: place.id, channelId: null } : { projectId: null, channelId: place.id };
  const ids = await insertPosts(tx, webhookIds, { eventId: told.id, event, facts: { at: told.at, actorId: told.actorId, ...where, ...(await facts()) }, taskId }, enqueue !== null);
  if (enqueue) tx.afterCommit(() => ids.forEach(enqueue));
}

/** No event of a task changes who listens; those of projects do. */
const listeningOnce: typeof findListening = (tx, place, event) => onceIn(tx, `webhooks of ${place.kind} ${place.id} for ${event}`, () => findListening(tx, place, event));

/** What is told of a task: no descriptions and no comments, which can be large and are behind the API's own checks. */
const taskFacts = (taskId: string, ref: string | null, creatorId: string, { title, status, priority, startAt, dueAt, completedAt, assigneeIds, parentId = null, createdAt, updatedAt }: TaskState) =>
  ({ id: taskId, ref, title, status, priority, startAt, dueAt, completedAt, creatorId, assigneeIds, parentId, createdAt, updatedAt });

/** Posts an event of a task to the webhooks of its place; of a move also to those of the place it left, with what it was there. */
export async function postTaskEvent(tx: WriteTransaction, event: TaskWebhookEvent, told: Told, task: TaskChanged, enqueue: Enqueue | null): Promise<void> {
  if (event === 'TASK_MOVED' && !changedPlace(task)) return;
  const { taskId, ref, creatorId, state, before } = task;
  const factsOf = (as: TaskState, refThere: string | null) => async () => {
    const { commentId, authorId, action } = task as Partial<TaskCommented>;
    return {
      text: taskWebhookText(event, await onceIn(tx, `name ${told.actorId}`, () => findContactName(tx, told.actorId)), { ref: refThere, state: as }),
      task: taskFacts(taskId, refThere, creatorId, as),
      changed: task.changes.map(({ field }) => field),
      ...(commentId && authorId && action ? { comment: { id: commentId, authorId, action } } : {}),
    };
  };
  const place = placeOf(task);
  if (place) await post(tx, place, event, told, factsOf(state, ref), taskId, enqueue, listeningOnce);
  const left = event === 'TASK_MOVED' && before ? placeOf(before) : null;
  // The ref it has now is one of the other place.
  if (left && before && left.id !== place?.id) await post(tx, left, event, told, factsOf(before, null), taskId, enqueue, listeningOnce);
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
export function postMemberEvent(tx: WriteTransaction, event: MemberWebhookEvent, told: Told, { place, placeName, userId, role }: Membership, enqueue: Enqueue | null): Promise<void> {
  return post(tx, place, event, told, async () => ({ text: memberWebhookText(event, await findContactName(tx, userId), placeName), member: { userId, role } }), null, enqueue);
}

export const projectMembership = ({ projectId, projectName, userId, role }: EventPayload<'project.member-added' | 'project.member-removed'>): Membership =>
  ({ place: { kind: 'project', id: projectId }, placeName: projectName, userId, role });
