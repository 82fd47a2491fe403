import type { ChannelField } from '@taskgraph/shared/contracts/channel-events';
import { badInput, conflict, forbidden } from '@taskgraph/shared/errors';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { ChannelRow } from '../entities/channel.js';
import type { UpdateChannelInput } from '../generated/resolver-types.js';
import { canManageChannel } from '../policies.js';
import { fieldsChangedSince, nextVersion } from '../repositories/channel-repository.js';
import { updatedEvent } from './channel-event.js';
import { checkDescription, checkName, foldName } from './check-channel.js';
import { channelIdOf, viewerOf, writeChannel } from './write-channel.js';

type Patch = Partial<Pick<ChannelRow, ChannelField>>;

/** Applies a patch: absent keeps, null clears the description. OWNER only. Emits channel.updated, or nothing where nothing changes. */
export async function updateChannel(context: Context, input: UpdateChannelInput): Promise<ChannelRow> {
  viewerOf(context);
  const patch = readPatch(input);
  return writeChannel(context, channelIdOf(input.id), async (tx, { channel: found, role, viewerId }) => {
    if (!canManageChannel(role)) throw forbidden();
    if (input.expectedVersion != null) await checkVersion(tx, found, input.expectedVersion, patch, viewerId);
    const fields = fieldsOf(patch).filter((field) => patch[field] !== found[field]);
    if (fields.length === 0) return found;
    const changes = patch.name === undefined ? patch : { ...patch, nameKey: foldName(patch.name) };
    const channel = await nextVersion(tx.manager, found, changes);
    await tx.emit(updatedEvent(channel, fields, { actorId: viewerId, traceId: context.requestId }));
    return channel;
  });
}

const fieldsOf = (patch: Patch): ChannelField[] => Object.keys(patch) as ChannelField[];

function readPatch({ name, description, expectedVersion }: UpdateChannelInput): Patch {
  if (name === null) throw badInput('input.name', 'must not be null');
  if (expectedVersion != null && expectedVersion < 1) throw badInput('input.expectedVersion', 'must be at least 1');
  return {
    ...(name === undefined ? {} : { name: checkName(name) }),
    ...(description === undefined ? {} : { description: description === null ? null : checkDescription(description) }),
  };
}

/** Fields that others changed since `expected` must not be in the patch (RULES §2). */
async function checkVersion(tx: WriteTransaction, channel: ChannelRow, expected: number, patch: Patch, viewerId: string): Promise<void> {
  if (expected > channel.version) throw badInput('input.expectedVersion', 'is ahead of the channel');
  const changed = await fieldsChangedSince(tx, channel, expected, viewerId);
  // A version older than the log: nobody knows what changed since.
  const clashes = changed === null ? fieldsOf(patch) : fieldsOf(patch).filter((field) => changed.includes(field));
  if (changed !== null && clashes.length === 0) return;
  const present = Object.fromEntries(clashes.map((field) => [field, channel[field]]));
  throw conflict('Somebody else changed the same fields.', { fields: clashes, current: { version: channel.version, ...present } });
}
