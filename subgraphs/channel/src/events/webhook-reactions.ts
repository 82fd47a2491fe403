// What the logs of tasks and projects have for webhooks. Imports are posted nowhere, as they tell nobody (RULES §7): a file of a
// hundred thousand rows would be as many posts. What was posted before a restore is not posted again (RULES §4).
import type { EventPayload } from '@taskgraph/shared/contracts/events';
import type { TaskChanged, TaskPurged } from '@taskgraph/shared/contracts/task-events';
import type { UserProfile } from '@taskgraph/shared/contracts/user-events';
import type { Reaction } from '@taskgraph/shared/event-tail';
import type { Enqueue } from '../commands/notify.js';
import { postMemberEvent, postTaskEvent, projectMembership } from '../commands/post-to-webhooks.js';
import type { TaskWebhookEvent } from '../entities/webhook.js';
import { forgetPostsOf } from '../repositories/webhook-delivery-repository.js';
import { turnOffAllKept, turnOffKept } from '../repositories/webhook-repository.js';

const taskEvents: Record<string, TaskWebhookEvent> = {
  'task.created': 'TASK_CREATED', 'task.updated': 'TASK_UPDATED', 'task.assigned': 'TASK_ASSIGNED', 'task.completed': 'TASK_COMPLETED',
  'task.reopened': 'TASK_REOPENED', 'task.moved': 'TASK_MOVED', 'task.deleted': 'TASK_DELETED', 'task.restored': 'TASK_RESTORED',
  'task.commented': 'TASK_COMMENTED', 'task.due-soon': 'TASK_DUE_SOON', 'task.overdue': 'TASK_OVERDUE',
};

const inTurn = (first: Reaction | undefined, then: Reaction): Reaction => async (tx, event) => {
  await first?.(tx, event);
  await then(tx, event);
};

/** The reactions, with those to webhooks behind them. */
export function withTaskWebhooks(reactions: Record<string, Reaction>, enqueue: Enqueue): Record<string, Reaction> {
  const posting = (name: TaskWebhookEvent): Reaction => async (tx, event) => {
    const task = event.payload as TaskChanged;
    if (!task.imported && !event.replayed) await postTaskEvent(tx, name, event, task, enqueue);
  };
  const all = Object.entries(taskEvents).map(([type, name]) => [type, inTurn(reactions[type], posting(name))] as const);
  return {
    ...reactions,
    ...Object.fromEntries(all),
    'task.purged': inTurn(reactions['task.purged'], async (tx, event) => void (await forgetPostsOf(tx, (event.payload as TaskPurged).taskId))),
  };
}

export function withMemberWebhooks(reactions: Record<string, Reaction>, enqueue: Enqueue): Record<string, Reaction> {
  const added: Reaction = async (tx, event) => {
    const member = event.payload as EventPayload<'project.member-added'>;
    if (!member.imported && !event.replayed) await postMemberEvent(tx, 'MEMBER_ADDED', event, projectMembership(member), enqueue);
  };
  // Read again after a restore, the log passes through roles that people had long ago: these turn nothing off.
  const lowered: Reaction = async (tx, event) => {
    const { projectId, userId } = event.payload as EventPayload<'project.member-changed' | 'project.member-removed'>;
    if (!event.replayed) await turnOffKept(tx, { kind: 'project', id: projectId }, userId);
  };
  const removed: Reaction = async (tx, event) => {
    await lowered(tx, event);
    if (!event.replayed) await postMemberEvent(tx, 'MEMBER_REMOVED', event, projectMembership(event.payload as EventPayload<'project.member-removed'>), enqueue);
  };
  return {
    ...reactions,
    'project.member-added': inTurn(reactions['project.member-added'], added),
    'project.member-changed': inTurn(reactions['project.member-changed'], lowered),
    'project.member-removed': inTurn(reactions['project.member-removed'], removed),
  };
}

/** Has a deactivated account post nothing more. */
export const withKeepers = (reactions: Record<string, Reaction>): Record<string, Reaction> => ({
  ...reactions,
  'user.deactivated': inTurn(reactions['user.deactivated'], async (tx, event) => {
    if (!event.replayed) await turnOffAllKept(tx, (event.payload as UserProfile).userId);
  }),
});
