// Sends one e-mail. The row is the record: the job brings its id, and whatever happens to the job, the sweep brings another.
import { selectRows } from '@taskgraph/shared/database';
import { DomainError } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { Mailer } from '@taskgraph/shared/mailer';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { methodsFor, type Settings } from '../delivery-plan.js';
import { quietUntil } from '../local-time.js';
import { claimedTogether, foundTogether, inBatches } from '../in-batches.js';
import { digestMail, newsMail } from '../news-mail.js';
import {
  buryDelivery, claimDeliveries, findDueDeliveries, finishDeliveries, postponeDelivery, renewClaim, renewMs, type DueDelivery, type Ending, type MailedNews,
} from '../repositories/delivery-repository.js';
import { findSettings, type KnownSettings } from '../repositories/settings-repository.js';
import type { Sees } from '../sight.js';
import { unsubscribeToken } from '../unsubscribe-token.js';

export interface DeliverOptions {
  database: DataSource;
  sees: Sees;
  mailer: Mailer;
  publicUrl: string;
  /** Signs links that stop e-mail. */
  secretKey: string;
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

/** The statements that each delivery makes. Those of deliveries under way at once are made together. */
interface Rows {
  due: (id: string) => Promise<DueDelivery | undefined>;
  settings: (userId: string) => Promise<KnownSettings | undefined>;
  /** Which try this is; 0 where another worker has it, or where it has ended. */
  claim: (id: string) => Promise<number>;
  finish: (ending: Ending) => Promise<void>;
}

function rowsTogether(database: DataSource): Rows {
  return {
    due: foundTogether((ids) => findDueDeliveries(database, ids)),
    settings: foundTogether((userIds) => findSettings((sql, parameters) => selectRows(database, sql, parameters), userIds)),
    claim: claimedTogether((ids) => claimDeliveries(database, ids)),
    finish: inBatches(async (endings) => {
      await finishDeliveries(database, endings);
      return endings.map(() => undefined);
    }),
  };
}

export function createEmailDelivery(options: DeliverOptions): (deliveryId: string) => Promise<void> {
  const rows = rowsTogether(options.database);
  // An id that is none would fail the statement of all others.
  return async (deliveryId) => (isUuid(deliveryId) ? deliverEmail(options, rows, deliveryId) : undefined);
}

async function deliverEmail(options: DeliverOptions, rows: Rows, deliveryId: string): Promise<void> {
  const { database, log } = options;
  const delivery = await rows.due(deliveryId);
  if (!delivery) return;
  const verdict = await judge(options, rows, delivery);
  if ('skip' in verdict) return rows.finish({ id: delivery.id, state: 'SKIPPED', reason: verdict.skip });
  if ('until' in verdict) return void (await postponeDelivery(database, delivery.id, Math.max(0, verdict.until.getTime() - Date.now()), 'quiet hours'));
  if ('wait' in verdict) {
    const ageMs = Date.now() - delivery.createdAt.getTime();
    if (ageMs > newsMs) return buryDelivery(database, delivery, 0, verdict.wait);
    return void (await postponeDelivery(database, delivery.id, putOffMs(ageMs), verdict.wait));
  }

  const attempts = await rows.claim(delivery.id);
  if (attempts === 0) return;
  if (attempts > maxAttempts) return buryDelivery(database, delivery, maxAttempts, 'the worker died at each try');
  // A process that is frozen says nothing, and another one goes on: the receiver may get two copies with one Message-ID then.
  const alive = setInterval(() => void renewClaim(database, delivery.id).catch(() => undefined), renewMs);
  try {
    await options.mailer.send(mailOf(options, delivery, verdict));
  } catch (error) {
    const reason = describeFailure(error);
    log.warn({ delivery: delivery.id, attempts, reason }, 'an e-mail could not be sent');
    if (attempts === maxAttempts || isPermanent(error)) return buryDelivery(database, delivery, attempts, reason);
    return void (await postponeDelivery(database, delivery.id, retryDelayMs(attempts, Math.random()), reason));
  } finally {
    clearInterval(alive);
  }
  await rows.finish({ id: delivery.id, state: 'DELIVERED', reason: null });
}

function mailOf({ publicUrl, secretKey }: DeliverOptions, delivery: DueDelivery, { to, news }: Letter) {
  const base = publicUrl.replace(/\/+$/, '');
  const [one] = news;
  const isDigest = delivery.eventId === null;
  const unsubscribe = `${base}/unsubscribe/${unsubscribeToken(secretKey, { userId: delivery.userId, kind: isDigest ? null : (one?.kind ?? null) })}`;
  const links = { home: publicUrl, unsubscribe };
  if (isDigest || !one) return { id: delivery.id, to, ...digestMail(news, links) };
  return { id: `${delivery.eventId}.${one.id}`, to, ...newsMail(one, links) };
}

interface Letter {
  to: string;
  news: MailedNews[];
}

/** To be sent now; never to be sent; not before an instant; not to be decided now. */
type Verdict = Letter | { skip: string } | { until: Date } | { wait: string };

/** Judged at send time: nobody is mailed what they can no longer see, have read while it waited, or want no e-mail about. */
async function judge({ sees, requireVerified }: DeliverOptions, rows: Rows, delivery: DueDelivery): Promise<Verdict> {
  const { contact, userId } = delivery;
  if (!contact) return { wait: 'the address is not known yet' };
  if (!contact.active) return { skip: 'the account is not active' };
  if (requireVerified && !contact.emailVerified) return { skip: 'the address is not verified' };
  const known = await rows.settings(userId);
  if (!known) return { wait: 'the settings are not known' };
  const { settings, zone } = known;
  const wanted = delivery.news.filter((one) => methodsFor(settings, one.kind).includes('EMAIL'));
  if (wanted.length === 0) return { skip: 'the person wants no e-mail about it' };
  const waited = delivery.grouped || delivery.eventId === null;
  const fresh = waited ? wanted.filter((one) => !one.seen) : wanted;
  if (fresh.length === 0) return { skip: 'it was read while it waited' };
  const news: MailedNews[] = [];
  try {
    for (const one of fresh) if (await sees(one)) news.push(one);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'SUBGRAPH_UNAVAILABLE') return { wait: error.message };
    throw error;
  }
  if (news.length === 0) return { skip: 'the person can no longer see it' };
  const until = quietEnd(settings, zone);
  return until ? { until } : { to: contact.email, news };
}

const quietEnd = ({ quietHours }: Settings, zone: string): Date | null => quietHours && quietUntil(new Date(), zone, quietHours);

/** Codes only: servers put addresses into their texts. */
function describeFailure(error: unknown): string {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return ['sending failed', code, responseCode].filter((part) => part !== undefined).join(' ');
}

/** The server will not take this mail for this address, whenever it is tried. A refused login or greeting is the operator's to put right, and is tried again. */
function isPermanent(error: unknown): boolean {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return responseCode !== undefined && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
}
