import { badInput, notFound } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { SnoozeNotificationInput } from '../generated/resolver-types.js';
import { countUnread, snoozeRow } from '../repositories/notification-repository.js';
import type { MarkedNotifications, MarkedRecord } from './mark-notifications-read.js';
import { viewerOf } from './write-channel.js';

/** How far ahead a notification may be put off: 366 days, in milliseconds. */
const aheadMs = 366 * 24 * 3_600_000;

/** Takes one of the viewer's notifications out of the inbox until an instant; the worker brings it back (jobs/wake-snoozed.ts). */
export async function snoozeNotification(context: Context, { id, until }: SnoozeNotificationInput): Promise<MarkedNotifications> {
  const userId = viewerOf(context);
  const ahead = until.getTime() - Date.now();
  if (ahead <= 0) throw badInput('input.until', 'must lie in the future');
  if (ahead > aheadMs) throw badInput('input.until', 'must lie within a year');
  if (!isUuid(id)) throw notFound('notification');
  const notifications = await writeTransaction(context.database, { lock: [`notifications:${userId}`], idempotency: context.idempotency }, async (tx) => {
    const snoozed = await snoozeRow(tx, userId, id, until);
    if (snoozed.length === 0) throw notFound('notification');
    tx.remember({ ids: snoozed.map((row) => row.id) } satisfies MarkedRecord);
    return snoozed;
  });
  return { notifications, unreadCount: await countUnread(context.database.manager, userId) };
}
