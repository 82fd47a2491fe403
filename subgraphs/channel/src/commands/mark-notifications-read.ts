import { badInput, unauthenticated } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { NotificationRow } from '../entities/notification.js';
import type { MarkNotificationsReadInput } from '../generated/resolver-types.js';
import { countUnread, findNotifications, findUnreadIds, markRead } from '../repositories/notification-repository.js';

/** Most ids in one call, rows of one transaction and rows of the answer. */
const batchSize = 1_000;

export interface MarkedNotifications {
  notifications: NotificationRow[];
  unreadCount: number;
}

/** What a resend is answered from: the rows that were answered. */
export interface MarkedRecord {
  ids: string[];
}

/** Marks the viewer's own notifications as read, by id or all of them. Ids that are not theirs, unknown or read already change nothing. */
export async function markNotificationsRead(context: Context, input: MarkNotificationsReadInput): Promise<MarkedNotifications> {
  const viewer = context.viewer;
  if (!viewer) throw unauthenticated();
  if ((input.ids != null) === (input.all === true)) throw badInput('input.ids', 'or all: true is needed, exactly one of them');
  if (input.ids && input.ids.length > batchSize) throw badInput('input.ids', `must hold at most ${batchSize} ids`);
  const now = new Date();
  const notifications = input.ids ? await mark(context, viewer.id, input.ids.filter(isUuid), now, true) : await markAll(context, viewer.id, now);
  return { notifications, unreadCount: await countUnread(context.database.manager, viewer.id) };
}

async function mark(context: Context, userId: string, ids: string[], now: Date, keepAnswer: boolean): Promise<NotificationRow[]> {
  const options = { lock: [`notifications:${userId}`], idempotency: keepAnswer ? context.idempotency : null };
  return writeTransaction(context.database, options, async (tx) => {
    const marked = await markRead(tx, userId, ids, now);
    tx.remember({ ids: marked.map((row) => row.id) } satisfies MarkedRecord);
    return marked;
  });
}

/**
 * Marks whatever was unread when it began, a batch per transaction; answers the newest thousand. These come last, and their
 * transaction keeps the answer: whoever has heard nothing and sends again goes on where it stopped.
 */
async function markAll(context: Context, userId: string, now: Date): Promise<NotificationRow[]> {
  for (;;) {
    const older = await findUnreadIds(context.database, userId, now, { skip: batchSize, size: batchSize });
    if (older.length === 0) break;
    await mark(context, userId, older, now, false);
  }
  const newest = await findUnreadIds(context.database, userId, now, { skip: 0, size: batchSize });
  return mark(context, userId, newest, now, true);
}

export async function replayMarked(context: Context, { ids }: MarkedRecord): Promise<MarkedNotifications> {
  const viewer = context.viewer;
  if (!viewer) throw unauthenticated();
  const { manager } = context.database;
  return { notifications: await findNotifications(manager, viewer.id, ids), unreadCount: await countUnread(manager, viewer.id) };
}
