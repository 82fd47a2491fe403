import type { EventPayload } from '@taskgraph/shared/contracts/events';
import type { Reaction } from '@taskgraph/shared/event-tail';
import { notify, type Enqueue } from '../commands/notify.js';
import { memberJoinedSummary, projectAddedTitle } from '../notification-text.js';
import { insertActivity } from '../repositories/activity-repository.js';
import { findContactName } from '../repositories/contact-repository.js';

/** Keeps the access copy and the feed, and tells the added member, unless they added themselves. */
export const onProjectMemberAdded =
  (keepCopy: Reaction, enqueue: Enqueue): Reaction =>
  async (tx, event) => {
    await keepCopy(tx, event);
    if (event.replayed) return;
    const { projectId, projectName, userId, role, imported } = event.payload as EventPayload<'project.member-added'>;
    const summary = memberJoinedSummary(await findContactName(tx, userId), projectName);
    await insertActivity(tx, event, { kind: 'MEMBER_JOINED', actorId: userId, taskId: null, projectId, channelId: null, summary });
    if (userId === event.actorId || imported) return;
    const title = projectAddedTitle(await findContactName(tx, event.actorId), projectName);
    await notify(tx, event, [{ userId, kind: 'PROJECT_ADDED', title, body: `Your role: ${role}`, taskId: null, projectId, channelId: null }], enqueue);
  };
