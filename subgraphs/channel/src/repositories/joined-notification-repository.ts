import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { ChannelRow } from '../entities/channel.js';
import { joinedTitle } from '../notification-text.js';

/** Tells owner and moderators that somebody joined (RULES §7); `channel` is the row after channel.joined was emitted. */
export async function notifyJoined(tx: WriteTransaction, channel: ChannelRow, joinerId: string): Promise<void> {
  const [event] = await tx.query<{ id: string }>('select id from events where aggregate_id = $1 and seq = $2', [channel.id, channel.eventSeq]);
  const [joiner] = await tx.query<{ name: string }>('select name from contacts where user_id = $1', [joinerId]);
  const told = await tx.query<{ userId: string }>(
    `select user_id as "userId" from channel_members where channel_id = $1 and role in ('OWNER', 'MODERATOR') and user_id <> $2`,
    [channel.id, joinerId],
  );
  for (const { userId } of told) {
    await tx.query(
      `insert into notifications (id, user_id, kind, title, channel_id, actor_id, event_id, created_at)
       values ($1, $2, 'CHANNEL_JOINED', $3, $4, $5, $6, $7)`,
      [newId(), userId, joinedTitle(joiner?.name ?? null, channel.name), channel.id, joinerId, event?.id, new Date()],
    );
  }
}
