import type { ChannelField, ChannelRole } from '@taskgraph/shared/contracts/channel-events';
import type { EventPayload } from '@taskgraph/shared/contracts/events';
import type { NewEvent } from '@taskgraph/shared/event-log';
import { scopeId } from '@taskgraph/shared/scope';
import type { ChannelRow } from '../entities/channel.js';

/** Who did it, and in which request. */
export interface Author {
  actorId: string;
  traceId: string;
}

/** What the events of a channel have in common; `channel` is its state after the change. */
const about = ({ id, version, eventSeq }: ChannelRow, author: Author) => ({ ...author, aggregateId: id, seq: eventSeq, version, scopeId: scopeId('channel', id) });

export function createdEvent(channel: ChannelRow, author: Author): NewEvent {
  const { id: channelId, name, creatorId: ownerId, version } = channel;
  const payload: EventPayload<'channel.created'> = { channelId, name, ownerId, version };
  return { type: 'channel.created', ...about(channel, author), payload };
}

export function updatedEvent(channel: ChannelRow, fields: ChannelField[], author: Author): NewEvent {
  const { id: channelId, name, version } = channel;
  const payload: EventPayload<'channel.updated'> = { channelId, name, fields, version };
  return { type: 'channel.updated', ...about(channel, author), payload };
}

/** Not the code: events are read by every service. */
export function codeRotatedEvent(channel: ChannelRow, author: Author): NewEvent {
  const payload: EventPayload<'channel.code-rotated'> = { channelId: channel.id, version: channel.version };
  return { type: 'channel.code-rotated', ...about(channel, author), payload };
}

export function deletedEvent(channel: ChannelRow, author: Author): NewEvent {
  const { id: channelId, name: channelName, version } = channel;
  const payload: EventPayload<'channel.deleted'> = { channelId, channelName, version };
  return { type: 'channel.deleted', ...about(channel, author), payload };
}

type MemberEvent = 'channel.joined' | 'channel.left' | 'channel.member-removed';

const memberPayload = ({ id: channelId, name: channelName, version }: ChannelRow, userId: string, role: ChannelRole): EventPayload<MemberEvent> =>
  ({ channelId, channelName, userId, role, version });

/** The event that tells of one membership: `role` is the one they have, or had. */
export function memberEvent(type: MemberEvent, channel: ChannelRow, userId: string, role: ChannelRole, author: Author): NewEvent {
  return { type, ...about(channel, author), payload: memberPayload(channel, userId, role), audience: [userId] };
}

export function memberChangedEvent(channel: ChannelRow, userId: string, role: ChannelRole, before: ChannelRole, author: Author): NewEvent {
  const payload: EventPayload<'channel.member-changed'> = { ...memberPayload(channel, userId, role), before };
  return { type: 'channel.member-changed', ...about(channel, author), payload, audience: [userId] };
}
