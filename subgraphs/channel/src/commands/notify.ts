// Writes news for people in the transaction that applies the event, and hands what is mailed at once to the queue after the commit.
import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { departureOf, methodsFor, type Departure } from '../delivery-plan.js';
import { insertDeliveries, type NewDelivery } from '../repositories/delivery-repository.js';
import { insertNews, joinRecent, type NewNews, type News, type NewsEvent } from '../repositories/news-repository.js';
import { findSettings } from '../repositories/settings-repository.js';
import { eachOnceIn } from '../same-transaction.js';

/** Puts a delivery on the queue; never throws, because the sweep brings back what was not taken. */
export type Enqueue = (deliveryId: string) => void;

/** Mail about what happened longer ago than this, in milliseconds, is no news: a rebuilt read model mails nobody. */
const newsMs = 24 * 3_600_000;

/**
 * Who gives out places in people's lists holds this lock, so that the order of places is the order of commits. A batch that
 * tells somebody starts again with it.
 */
export const placesLock = 'notifications';

/** One row per event and person, by the methods each has chosen (RULES §7). Where there is no queue (in the API) the sweep brings what is mailed to it. */
export async function notify(tx: WriteTransaction, event: NewsEvent, news: readonly News[], enqueue: Enqueue | null): Promise<void> {
  if (news.length === 0) return;
  tx.alsoLock([placesLock]);
  const settings = await eachOnceIn(tx, 'settings', news.map(({ userId }) => userId), (userIds) => findSettings(tx.query, userIds));
  const now = new Date();
  const told: NewNews[] = [];
  const departures = new Map<string, Departure>();
  for (const one of news) {
    const known = settings.get(one.userId);
    const methods = known ? methodsFor(known.settings, one.kind) : [];
    if (!known || methods.length === 0) continue;
    told.push({ ...one, id: newId(), inApp: methods.includes('IN_APP') });
    if (methods.includes('EMAIL')) departures.set(one.userId, departureOf(known.settings, one.kind, known.zone, now));
  }
  const joined = await joinRecent(tx, event, told.filter(({ kind }) => kind === 'TASK_UPDATED'));
  const joinedBy = new Set(joined.map(({ userId }) => userId));
  const inserted = await insertNews(tx, event, told.filter(({ userId }) => !joinedBy.has(userId)));
  if (now.getTime() - Date.parse(event.at) > newsMs) return;
  const deliveries = [...joined, ...inserted].flatMap(({ id, userId }): NewDelivery[] => {
    const departure = departures.get(userId);
    return departure ? [{ id: newId(), notificationId: id, userId, eventId: event.id, ...departure }] : [];
  });
  const made = await insertDeliveries(tx, deliveries, enqueue !== null);
  if (!enqueue) return;
  const atOnce = deliveries.filter(({ id, hold }) => hold === null && made.has(id));
  tx.afterCommit(() => atOnce.forEach(({ id }) => enqueue(id)));
}
