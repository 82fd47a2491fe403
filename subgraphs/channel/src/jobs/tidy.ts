// Deletes what has served its time, in batches so that no transaction is long: kept answers, look-up counts, what the feed no longer shows, the logs of e-mails and webhooks.
import { deleteOldAnswers } from '@taskgraph/shared/idempotency-sweep';
import type { DataSource } from 'typeorm';
import { deleteOldActivities } from '../repositories/activity-repository.js';
import { deleteOldLookups } from '../repositories/code-lookup-repository.js';
import { deleteOldDeliveries } from '../repositories/delivery-repository.js';
import { deleteOldPosts } from '../repositories/webhook-delivery-repository.js';

/** Pause between two rounds, in milliseconds. */
export const tidyMs = 10 * 60_000;

/** `deliveryDays`: how long e-mails that have ended are on record. */
export async function tidy(database: DataSource, deliveryDays: number): Promise<void> {
  await deleteOldAnswers(database);
  await deleteOldLookups(database);
  await deleteOldActivities(database);
  await deleteOldDeliveries(database, deliveryDays);
  await deleteOldPosts(database);
}
