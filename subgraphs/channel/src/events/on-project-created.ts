import type { EventPayload } from '@taskgraph/shared/contracts/events';
import type { Reaction } from '@taskgraph/shared/event-tail';
import { notify, type Enqueue } from '../commands/notify.js';
import { projectCreatedSummary, projectCreatedTitle } from '../notification-text.js';
import { insertActivity } from '../repositories/activity-repository.js';
import { findAdminIds, findContactName } from '../repositories/contact-repository.js';
import type { News } from '../repositories/news-repository.js';

/** Keeps the access copy and the feed, and tells the other ADMINs. */
export const onProjectCreated =
  (keepCopy: Reaction, enqueue: Enqueue): Reaction =>
  async (tx, event) => {
    await keepCopy(tx, event);
    if (event.replayed) return;
    const { projectId, ownerId, name, imported } = event.payload as EventPayload<'project.created'>;
    const actor = await findContactName(tx, event.actorId);
    await insertActivity(tx, event, { kind: 'PROJECT_CREATED', actorId: event.actorId, taskId: null, projectId, channelId: null, summary: projectCreatedSummary(actor, name) });
    if (imported) return;
    const others = (await findAdminIds(tx)).filter((userId) => userId !== event.actorId && userId !== ownerId);
    const title = projectCreatedTitle(actor);
    await notify(tx, event, others.map((userId): News => ({ userId, kind: 'PROJECT_CREATED', title, body: null, taskId: null, projectId, channelId: null })), enqueue);
  };
