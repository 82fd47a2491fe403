// Writes news for people in the transaction that applies the event, and hands what is mailed at once to the queue after the commit.
import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { departureOf, methodsFor, type Departure } from '../delivery-plan.js';
import { insertDeliveries, type NewDelivery } from '../repositories/delivery-repository.js';
import { insertNews, joinRecent, type NewNews, type News, type NewsEvent } from '../repositories/news-repository.js';
import { findSettings } from '../repositories/settings-repository.js';
import { allEnded, askTogether } from '../same-transaction.js';

/** Puts deliveries on the queue; never throws, because the sweep brings back what was not taken. */
export type Enqueue = (deliveryIds: readonly string[]) => void;

/** Mail about what happened longer ago than this, in milliseconds, is no news. */
const newsMs = 24 * 3_600_000;

/**
 * Who gives out places in people's lists holds this lock, so that the order of places is the order of commits. A batch that
 * tells somebody starts again with it.
 */
export const placesLock = 'notifications';

/** Where there is no queue (in the API) the sweep brings what is mailed to it. */
export const notify = (tx: WriteTransaction, event: NewsEvent, news: readonly News[], enqueue: Enqueue | null): Promise<void> =>
  notifyAll(tx, news.map((one) => ({ ...one, event })), enqueue);

/**
 * One row per event and person, by the methods each has chosen (RULES §7). Of the changes of a task (TASK_UPDATED) there may be
 * one alone: the next one joins what it left.
 */
export async function notifyAll(tx: WriteTransaction, news: readonly (News & { event: NewsEvent })[], enqueue: Enqueue | null): Promise<void> {
  if (news.length === 0) return;
  tx.alsoLock([placesLock]);
  const settings = await allEnded(news.map(({ userId }) => askTogether(tx, 'settings', userId, settingsOf(tx))));
  const now = new Date();
  const told: NewNews[] = [];
  const departures = new Map<string, Departure>();
  for (const [index, one] of news.entries()) {
    const known = settings[index];
    const methods = known ? methodsFor(known.settings, one.kind) : [];
    if (!known || methods.length === 0) continue;
    told.push({ ...one, id: newId(), inApp: methods.includes('IN_APP') });
    // A rebuilt read model mails nobody.
    const isNews = now.getTime() - Date.parse(one.event.at) <= newsMs;
    if (isNews && methods.includes('EMAIL')) departures.set(toldKey(one.event.id, one.userId), departureOf(known.settings, one.kind, known.zone, now));
  }
  const joined = await joinRecent(tx, told.filter(({ kind }) => kind === 'TASK_UPDATED'));
  const joinedBy = new Set(joined.map(({ eventId, userId }) => toldKey(eventId, userId)));
  const inserted = await insertNews(tx, told.filter(({ event, userId }) => !joinedBy.has(toldKey(event.id, userId))));
  const deliveries = [...joined, ...inserted].flatMap(({ id, userId, eventId }): NewDelivery[] => {
    const departure = departures.get(toldKey(eventId, userId));
    return departure ? [{ id: newId(), notificationId: id, userId, eventId, ...departure }] : [];
  });
  const made = await insertDeliveries(tx, deliveries, enqueue !== null);
  const atOnce = deliveries.filter(({ id, hold }) => hold === null && made.has(id));
  if (enqueue && atOnce.length > 0) tx.afterCommit(() => enqueue(atOnce.map(({ id }) => id)));
}

const toldKey = (eventId: string, userId: string) => `${eventId} ${userId}`;

const settingsOf = (tx: WriteTransaction) => async (userIds: readonly string[]) => {
  const found = await findSettings(tx.query, userIds);
  return userIds.map((id) => found.get(id));
};
