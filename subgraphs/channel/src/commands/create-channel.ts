import { createHash } from 'node:crypto';
import { badInput, conflict } from '@taskgraph/shared/errors';
import { isUuidV7, newId } from '@taskgraph/shared/ids';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import { newChannelCode } from '../channel-code.js';
import type { Context } from '../context.js';
import type { ChannelRow } from '../entities/channel.js';
import type { CreateChannelInput } from '../generated/resolver-types.js';
import { findChannel, findDeletedChannel, insertChannel } from '../repositories/channel-repository.js';
import { findMember, insertMember } from '../repositories/member-repository.js';
import { createdEvent } from './channel-event.js';
import { checkDescription, checkName, foldName } from './check-channel.js';
import { tellChannelCreated } from './tell-of-channel.js';
import { forget, viewerOf, type ChannelRecord } from './write-channel.js';

/** Codes tried before giving up: with 2^40 of them a second one is hardly ever needed. */
const codesTried = 5;

/**
 * Makes a channel; its maker becomes OWNER. The same id with the same input from the same person answers the channel as it
 * is now (null if they have left it or it was deleted), all else with that id is CONFLICT. Emits channel.created.
 */
export async function createChannel(context: Context, input: CreateChannelInput): Promise<ChannelRow | null> {
  const viewerId = viewerOf(context);
  if (input.id != null && !isUuidV7(input.id)) throw badInput('input.id', 'must be a UUIDv7');
  const id = (input.id ?? newId()).toLowerCase();
  const name = checkName(input.name);
  const description = input.description == null ? null : checkDescription(input.description);
  const createdAs = createHash('sha256').update(JSON.stringify([name, description])).digest('base64url');

  const { idempotency, committed } = context;
  const made = await writeTransaction(context.database, { lock: [`channel:${id}`], idempotency, committed }, async (tx) => {
    tx.remember({ channelId: id } satisfies ChannelRecord);
    const present = await findChannel(tx.manager, id);
    const past = present ?? (await findDeletedChannel(tx, id));
    if (past) {
      if (past.creatorId !== viewerId || past.createdAs !== createdAs) throw conflict('This id is taken.', { fields: ['id'] });
      return (await findMember(tx.manager, id, viewerId)) ? present : null;
    }
    const now = new Date();
    const channel: ChannelRow = {
      id, name, nameKey: foldName(name), description, code: newChannelCode(), creatorId: viewerId, createdAs,
      memberCount: 1, createdAt: now, version: 1, eventSeq: 1,
    };
    for (let tried = 1; !(await insertChannel(tx, channel)); tried += 1) {
      if (tried === codesTried) throw new Error('no free channel code was found');
      channel.code = newChannelCode();
    }
    await insertMember(tx.manager, { channelId: id, userId: viewerId, role: 'OWNER', joinedAt: now });
    await tx.emit(createdEvent(channel, { actorId: viewerId, traceId: context.requestId }));
    await tellChannelCreated(tx, channel);
    return channel;
  });
  forget(context, id);
  return made;
}
