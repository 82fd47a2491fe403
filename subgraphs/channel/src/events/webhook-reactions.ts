// What the logs of projects and accounts have for webhooks. Imports are posted nowhere, as they tell nobody (RULES §7). What was
// posted before a restore is not posted again (RULES §4).
import type { EventPayload } from '@taskgraph/shared/contracts/events';
import type { UserProfile } from '@taskgraph/shared/contracts/user-events';
import type { Reaction } from '@taskgraph/shared/event-tail';
import type { Enqueue } from '../commands/notify.js';
import { postMemberEvent, projectMembership } from '../commands/post-to-webhooks.js';
import { turnOffAllKept, turnOffKept } from '../repositories/webhook-repository.js';

const inTurn = (first: Reaction | undefined, then: Reaction): Reaction => async (tx, event) => {
  await first?.(tx, event);
  await then(tx, event);
};

/** The reactions, with those to webhooks behind them. */
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
