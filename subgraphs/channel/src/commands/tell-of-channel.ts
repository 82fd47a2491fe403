// What follows from a channel's own events. Written in the transaction of the event itself, so nothing can be lost in between and
// no tail of the own log is needed.
import type { ChannelRole } from '@taskgraph/shared/contracts/channel-events';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { MemberWebhookEvent } from '../entities/webhook.js';
import type { ChannelRow } from '../entities/channel.js';
import { channelCreatedSummary, joinedTitle } from '../notification-text.js';
import { insertActivity } from '../repositories/activity-repository.js';
import { findLastEvent } from '../repositories/channel-repository.js';
import { findContactName } from '../repositories/contact-repository.js';
import { findStaffIds } from '../repositories/member-repository.js';
import type { News } from '../repositories/news-repository.js';
import { notify } from './notify.js';
import { postMemberEvent } from './post-to-webhooks.js';

/** Tells owner and moderators that somebody joined (RULES §7), and the feed; `channel` is the row after channel.joined was emitted. */
export async function tellJoined(tx: WriteTransaction, channel: ChannelRow, joinerId: string): Promise<void> {
  const event = { ...(await findLastEvent(tx, channel)), actorId: joinerId };
  const title = joinedTitle(await findContactName(tx, joinerId), channel.name);
  const about = { actorId: joinerId, taskId: null, projectId: null, channelId: channel.id };
  await insertActivity(tx, event, { kind: 'CHANNEL_JOINED', summary: title, ...about });
  const staff = (await findStaffIds(tx, channel.id)).filter((userId) => userId !== joinerId);
  await tellWebhooks(tx, channel, 'MEMBER_ADDED', { userId: joinerId, role: 'MEMBER', actorId: joinerId });
  await notify(tx, event, staff.map((userId): News => ({ userId, kind: 'CHANNEL_JOINED', title, body: null, taskId: null, projectId: null, channelId: channel.id })), null);
}

/** Has it posted to the channel's webhooks; `channel` is the row after the event of the membership was emitted. */
export async function tellWebhooks(tx: WriteTransaction, channel: ChannelRow, kind: MemberWebhookEvent, { userId, role, actorId }: { userId: string; role: ChannelRole; actorId: string }): Promise<void> {
  const { id, at } = await findLastEvent(tx, channel);
  await postMemberEvent(tx, kind, { id, at: new Date(at).toISOString(), actorId }, { place: { kind: 'channel', id: channel.id }, placeName: channel.name, userId, role }, null);
}

/** Tells the feed of a new channel; `channel` is the row after channel.created was emitted. */
export async function tellChannelCreated(tx: WriteTransaction, channel: ChannelRow): Promise<void> {
  const { creatorId: actorId, id: channelId, name } = channel;
  const summary = channelCreatedSummary(await findContactName(tx, actorId), name);
  await insertActivity(tx, await findLastEvent(tx, channel), { kind: 'CHANNEL_CREATED', actorId, taskId: null, projectId: null, channelId, summary });
}
