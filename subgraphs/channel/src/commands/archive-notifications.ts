import { badInput } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { ArchiveNotificationsInput } from '../generated/resolver-types.js';
import { archiveRows, countUnread } from '../repositories/notification-repository.js';
import type { MarkedNotifications, MarkedRecord } from './mark-notifications-read.js';
import { viewerOf } from './write-channel.js';

/** Most ids in one call. */
const maxIds = 1_000;

/** Takes the viewer's own notifications out of the inbox, snoozed ones too. Ids that are not theirs, unknown or archived already change nothing. */
export async function archiveNotifications(context: Context, { ids }: ArchiveNotificationsInput): Promise<MarkedNotifications> {
  const userId = viewerOf(context);
  if (ids.length > maxIds) throw badInput('input.ids', `must hold at most ${maxIds} ids`);
  const notifications = await writeTransaction(context.database, { lock: [`notifications:${userId}`], idempotency: context.idempotency }, async (tx) => {
    const archived = await archiveRows(tx, userId, ids.filter(isUuid), new Date());
    tx.remember({ ids: archived.map((row) => row.id) } satisfies MarkedRecord);
    return archived;
  });
  return { notifications, unreadCount: await countUnread(context.database.manager, userId) };
}
