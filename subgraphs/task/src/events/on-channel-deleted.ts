// A channel was deleted: nobody belongs there any more, and its tasks go to the trash (RULES §6). They may be many, so the event
// only writes down what is to be done, in the transaction that moves the position; jobs/trash-channels.ts does it in batches.
import type { EventPayload } from '@taskgraph/shared/contracts/events';
import type { Reaction } from '@taskgraph/shared/event-tail';
import { scopeId } from '@taskgraph/shared/scope';
import { recordPurge } from '../repositories/channel-purge-repository.js';

export const onChannelDeleted =
  (keepCopy: Reaction): Reaction =>
  async (tx, event) => {
    await keepCopy(tx, event);
    const { channelId } = event.payload as EventPayload<'channel.deleted'>;
    await recordPurge(tx, { scopeId: scopeId('channel', channelId), actorId: event.actorId, traceId: event.traceId, deletedAt: new Date(event.at) });
  };
