import type { EventPayload } from '@taskgraph/shared/contracts/events';
import type { Reaction } from '@taskgraph/shared/event-tail';
import { notify, type Enqueue } from '../commands/notify.js';
import { projectCreatedTitle } from '../notification-text.js';
import { findAdminIds, findContactName } from '../repositories/contact-repository.js';

/** Keeps the access copy and tells the other ADMINs. */
export const onProjectCreated =
  (keepCopy: Reaction, enqueue: Enqueue): Reaction =>
  async (tx, event) => {
    await keepCopy(tx, event);
    if (event.replayed) return;
    const { projectId, ownerId } = event.payload as EventPayload<'project.created'>;
    const title = projectCreatedTitle(await findContactName(tx, event.actorId));
    for (const userId of await findAdminIds(tx)) {
      if (userId === event.actorId || userId === ownerId) continue;
      await notify(tx, event, { userId, kind: 'PROJECT_CREATED', title, body: null, taskId: null, projectId, channelId: null }, enqueue);
    }
  };
