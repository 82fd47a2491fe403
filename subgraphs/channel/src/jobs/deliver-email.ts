// Sends one e-mail. The row is the record: the job brings its id, and whatever happens to the job, the sweep brings another.
import type { Access } from '@taskgraph/shared/access/access';
import { DomainError } from '@taskgraph/shared/errors';
import type { Mailer } from '@taskgraph/shared/mailer';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { mailText } from '../notification-text.js';
import {
  buryDelivery, countDeliveryAttempt, findDueDelivery, finishDelivery, isChannelMember, postponeDelivery, type DueDelivery,
} from '../repositories/delivery-repository.js';

export interface DeliverOptions {
  database: DataSource;
  access: Access;
  mailer: Mailer;
  publicUrl: string;
  /** Whether addresses that were not verified get nothing. */
  requireVerified: boolean;
  log: Logger;
}

const maxAttempts = 8;
/** What cannot be decided now is given up after a day, in milliseconds: then it is no news any more. */
const newsMs = 24 * 3_600_000;

/** What cannot be decided yet waits as long again as it has waited: a second at first, when a log is just a moment behind, then up to a minute. */
export const putOffMs = (ageMs: number): number => Math.min(60_000, Math.max(1_000, ageMs));

/** Pause before the next try, in milliseconds: 2 s, 6 s, 18 s ... 24 min, each somewhere between its half and its whole. `random` lies in [0, 1). */
export const retryDelayMs = (attempts: number, random: number): number => 2_000 * 3 ** (attempts - 1) * (0.5 + random / 2);

export async function deliverEmail(options: DeliverOptions, deliveryId: string): Promise<void> {
  const { database, log } = options;
  const delivery = await findDueDelivery(database, deliveryId);
  if (!delivery) return;
  const verdict = await judge(options, delivery);
  if (verdict.skip) return void (await finishDelivery(database, delivery.id, 'SKIPPED', verdict.skip));
  if (!verdict.to) {
    const ageMs = Date.now() - delivery.createdAt.getTime();
    if (ageMs > newsMs) return buryDelivery(database, delivery, 0, verdict.wait ?? '');
    return void (await postponeDelivery(database, delivery.id, putOffMs(ageMs), verdict.wait ?? ''));
  }

  const attempts = await countDeliveryAttempt(database, delivery.id);
  if (attempts === 0) return;
  if (attempts > maxAttempts) return buryDelivery(database, delivery, maxAttempts, 'the worker died at each try');
  try {
    await options.mailer.send({ id: delivery.notificationId, to: verdict.to, ...mailText(delivery, options.publicUrl) });
  } catch (error) {
    const reason = describeFailure(error);
    log.warn({ delivery: delivery.id, attempts, reason }, 'an e-mail could not be sent');
    if (attempts === maxAttempts) return buryDelivery(database, delivery, attempts, reason);
    return void (await postponeDelivery(database, delivery.id, retryDelayMs(attempts, Math.random()), reason));
  }
  await finishDelivery(database, delivery.id, 'DELIVERED', null);
}

interface Verdict {
  /** The address to send to now. */
  to?: string;
  /** Why it is never to be sent. */
  skip?: string;
  /** Why it cannot be decided now. */
  wait?: string;
}

/** Judged at send time: nobody is mailed what they can no longer see. */
async function judge({ database, access, requireVerified }: DeliverOptions, delivery: DueDelivery): Promise<Verdict> {
  const { contact, projectId, channelId, userId } = delivery;
  if (!contact) return { wait: 'the address is not known yet' };
  if (!contact.active) return { skip: 'the account is not active' };
  if (requireVerified && !contact.emailVerified) return { skip: 'the address is not verified' };
  try {
    const sees = projectId
      ? (await access.membership('project', projectId, userId)).role !== null
      : channelId === null || (await isChannelMember(database, channelId, userId));
    return sees ? { to: contact.email } : { skip: 'the person can no longer see it' };
  } catch (error) {
    if (error instanceof DomainError && error.code === 'SUBGRAPH_UNAVAILABLE') return { wait: error.message };
    throw error;
  }
}

/** Codes only: servers put addresses into their texts. */
function describeFailure(error: unknown): string {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return ['sending failed', code, responseCode].filter((part) => part !== undefined).join(' ');
}
