// The viewer's notifications as a log, page by page; the gateway runs the subscription notificationReceived through it.
import { badInput, DomainError, unauthenticated } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { NotificationRow } from '../entities/notification.js';
import type { QueryNotificationFeedArgs } from '../generated/resolver-types.js';
import { findNewsAfter, lastPlace } from '../repositories/news-feed-repository.js';
import { notificationKey } from './notification.js';

export interface NotificationFeedPage {
  nodes: NotificationRow[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string };
  /** A resolver: looked up only when selected. */
  head: () => Promise<string>;
}

export async function notificationFeed({ after, first }: QueryNotificationFeedArgs, context: Context): Promise<NotificationFeedPage> {
  const { viewer, pageLimits, database } = context;
  if (!viewer) throw unauthenticated();
  const { notifications: cursors } = context.cursors;
  const size = first ?? Math.min(pageLimits.defaultSize, pageLimits.maxSize);
  if (size < 1 || size > pageLimits.maxSize) throw badInput('first', `must lie between 1 and ${pageLimits.maxSize}`);
  const from = after == null ? '0' : placeIn(cursors.decode(after, 'after'));
  const rows = await findNewsAfter(database, viewer.id, from, size + 1);
  // Nobody was ever given a place that is not there yet, unless what held it was restored from a backup of before.
  if (rows.length === 0 && from !== '0' && BigInt(from) > BigInt(await lastPlace(database))) {
    throw new DomainError('RESYNC_REQUIRED', 'The notifications were restored: read the list again.');
  }
  const nodes = rows.slice(0, size);
  const cursorOf = (row: NotificationRow) => cursors.encode(notificationKey(row));
  const last = nodes.at(-1);
  return {
    nodes,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: after != null,
      startCursor: nodes[0] ? cursorOf(nodes[0]) : null,
      endCursor: last ? cursorOf(last) : (after ?? cursors.encode(beginning('0'))),
    },
    head: async () => cursors.encode(beginning(await lastPlace(database))),
  };
}

/** A place that is no row's: in the list it stands behind everything. */
const beginning = (place: string): string[] => ['-infinity', '00000000-0000-0000-0000-000000000000', place];

/** Cursors of before there were places have none. */
function placeIn(key: (string | number | null)[]): string {
  const place = key[2];
  if (typeof place !== 'string') throw new DomainError('RESYNC_REQUIRED', 'This cursor is too old: read the list again.');
  return place;
}
