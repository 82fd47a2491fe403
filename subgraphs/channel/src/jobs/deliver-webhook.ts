// Posts one event to one webhook. The row is the record: the job brings its id, and whatever happens to the job, the sweep brings another.
import type { Access } from '@taskgraph/shared/access/access';
import { isUuid } from '@taskgraph/shared/ids';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { claimedTogether, foundTogether, inBatches } from '../in-batches.js';
import { canManageProjectWebhooks } from '../policies.js';
import type { Post, PostOutcome } from '../post-webhook.js';
import { buryPost, claimPosts, dropPost, findDuePosts, finishPosts, holdPost, postponePost, type DuePost, type Met, type PostEnding } from '../repositories/webhook-delivery-repository.js';
import { disableWebhook, markFailing, markWell, turnOffUnkept } from '../repositories/webhook-repository.js';
import { webhookBody } from '../webhook-body.js';
import { signatureHeaders } from '../webhook-secret.js';

export interface DeliverWebhookOptions {
  database: DataSource;
  /** Who belongs to projects, asked of the project subgraph where the copy says no. */
  access: Access;
  post: Post;
  /** Secrets are derived from it. */
  secretKey: string;
  log: Logger;
}

const [second, minute, hour] = [1_000, 60_000, 3_600_000];
/** Pauses before the second try and each further one: 31 h 43 min in all. */
const pausesMs = [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour];
export const maxAttempts = pausesMs.length + 1;
/** The longest `retry-after` that is obeyed, in milliseconds. */
const obeyedMs = 6 * hour;

/** Pause after that many tries, in milliseconds: up to a fifth longer than planned, never shorter, and as long as the receiver asks for. `random` lies in [0, 1). */
export const webhookPauseMs = (attempts: number, random: number, retryAfterMs: number | null): number =>
  Math.max((pausesMs[attempts - 1] ?? 14 * hour) * (1 + random / 5), Math.min(retryAfterMs ?? 0, obeyedMs));

/**
 * Posts of one process that may be under way to one host, whatever its ports, and of one project or channel; and how long further
 * ones wait, in milliseconds. Receivers that hang hold no more than these, under however many names.
 */
const perHost = 4;
const perPlace = 8;
const holdMs = 1_000;

/** The statements that each post makes. Those of posts under way at once are made together. */
interface Rows {
  due: (id: string) => Promise<DuePost | undefined>;
  /** Which try this is; 0 where another worker has it, or where it has ended. */
  claim: (id: string) => Promise<number>;
  finish: (ending: PostEnding) => Promise<void>;
  well: (webhookId: string) => Promise<void>;
}

function rowsTogether(database: DataSource): Rows {
  const done = <K>(work: (keys: K[]) => Promise<unknown>) =>
    inBatches<K, void>(async (keys) => {
      await work(keys);
      return [];
    });
  return {
    due: foundTogether((ids) => findDuePosts(database, ids)),
    claim: claimedTogether((ids) => claimPosts(database, ids)),
    finish: done((endings) => finishPosts(database, endings)),
    well: done((webhookIds) => markWell(database, webhookIds)),
  };
}

export function createWebhookDelivery(options: DeliverWebhookOptions): (deliveryId: string) => Promise<void> {
  const { database, log } = options;
  const rows = rowsTogether(database);
  const underWay = new Map<string, number>();
  const hold = (due: DuePost) => holdPost(database, due.id, holdMs * (1 + Math.random()));
  return async (deliveryId) => {
    // An id that is none would fail the statement of all others.
    const due = isUuid(deliveryId) ? await rows.due(deliveryId) : undefined;
    if (!due) return;
    if (!due.live) return void (await dropPost(database, due.id));
    const limits = [[`host ${new URL(due.url).hostname.replace(/\.$/, '')}`, perHost], [`place ${due.projectId ?? due.channelId}`, perPlace]] as const;
    if (limits.some(([key, limit]) => (underWay.get(key) ?? 0) >= limit)) return void (await hold(due));
    for (const [key] of limits) underWay.set(key, (underWay.get(key) ?? 0) + 1);
    try {
      if (await isKeptNow(options, due)) return await deliver(options, rows, due);
      await turnOffUnkept(database, due.webhookId, due.keeperId);
      // The next round drops it, unless somebody else keeps the webhook by then.
      await hold(due);
    } catch (error) {
      if ((error as { code?: string }).code !== 'SUBGRAPH_UNAVAILABLE') throw error;
      log.info({ delivery: due.id, webhook: due.webhookId }, 'nobody could say who manages the place of a webhook; its post waits');
      await hold(due);
    } finally {
      for (const [key] of limits) {
        const left = (underWay.get(key) ?? 1) - 1;
        if (left > 0) underWay.set(key, left);
        else underWay.delete(key);
      }
    }
  };
}

/** Nobody is sent what they can no longer see (RULES §7). The copy alone says yes; before it becomes a no, the project subgraph is asked. */
async function isKeptNow({ access }: DeliverWebhookOptions, { kept, projectId, keeperId }: DuePost): Promise<boolean> {
  if (kept || projectId === null) return kept;
  const { role } = await access.membership('project', projectId, keeperId, canManageProjectWebhooks);
  return role !== null && canManageProjectWebhooks(role);
}

async function deliver({ database, post, secretKey, log }: DeliverWebhookOptions, rows: Rows, due: DuePost): Promise<void> {
  const attempts = await rows.claim(due.id);
  if (attempts === 0) return;
  if (attempts > maxAttempts) return buryPost(database, due, maxAttempts, { status: null, error: 'the worker died at each try' });
  const body = webhookBody(due.format, due);
  const generations = due.overlap ? [due.generation, due.generation - 1] : [due.generation];
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Taskgraph-Webhooks/1',
    ...signatureHeaders(secretKey, { webhookId: due.webhookId, generations, messageId: due.eventId, at: new Date(), body }),
  };
  const outcome = await post(due.url, headers, body);
  const met = meaningOf(outcome);
  if (met.error === null) {
    await rows.finish({ id: due.id, state: 'DELIVERED', ...met });
    return rows.well(due.webhookId);
  }
  log.info({ delivery: due.id, webhook: due.webhookId, attempts, reason: met.error }, 'a webhook could not be delivered');
  if (met.status === 410) {
    await rows.finish({ id: due.id, state: 'DEAD', ...met });
    return void (await disableWebhook(database, due.webhookId, 'The receiver answered 410 Gone.'));
  }
  if (await markFailing(database, due.webhookId)) await disableWebhook(database, due.webhookId, 'Every delivery has failed for 5 days.');
  if (attempts === maxAttempts) return buryPost(database, due, attempts, met);
  const retryAfterMs = 'status' in outcome ? outcome.retryAfterMs : null;
  await postponePost(database, due.id, webhookPauseMs(attempts, Math.random(), retryAfterMs), met);
}

/** Only 2xx is success: a redirect is not followed, because nobody checked where it leads. */
function meaningOf(outcome: PostOutcome): Met {
  if ('error' in outcome) return { status: null, error: outcome.error };
  const { status } = outcome;
  return { status, error: status >= 200 && status < 300 ? null : `answered ${status}` };
}
