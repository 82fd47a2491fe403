// Brings back posts without a living job, and tells keepers of webhooks that were disabled.
import type { Mailer } from '@taskgraph/shared/mailer';
import { periodically } from '@taskgraph/shared/periodically';
import { sweepRows, type SweptRows } from '@taskgraph/shared/queue-sweep';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { takePostsForQueue } from '../repositories/webhook-delivery-repository.js';
import { markTold, takeUntold, type Untold } from '../repositories/webhook-repository.js';
import type { Sees } from '../sight.js';

/** Pause between two sweeps, in milliseconds. */
const sweepMs = 1_000;
/** What could not be mailed for a day is given up, in milliseconds. */
const newsMs = 24 * 3_600_000;

export interface SweepWebhooksOptions extends Pick<SweptRows, 'queue' | 'enqueue'> {
  database: DataSource;
  sees: Sees;
  mailer: Mailer;
  requireVerified: boolean;
  log: Logger;
}

export const startWebhookSweep = (options: SweepWebhooksOptions): { stop: () => Promise<void> } =>
  periodically({
    name: 'sweep of the webhooks',
    everyMs: sweepMs,
    log: options.log,
    async run() {
      // Once: each take is fair to every webhook, several would let one with many posts fill the queue.
      await sweepRows({ ...options, most: 1, take: () => takePostsForQueue(options.database) });
      for (const untold of await takeUntold(options.database)) await tell(options, untold);
    },
  });

/** By e-mail, whatever the person has settled about news: nothing else says that the webhook is off. */
async function tell({ database, sees, mailer, requireVerified, log }: SweepWebhooksOptions, untold: Untold): Promise<void> {
  const { id, keeperId: userId, projectId, channelId, url, reason, disabledAt, email, emailVerified, contactActive } = untold;
  try {
    const reachable = email !== null && contactActive && (emailVerified || !requireVerified);
    // Who is no member any more hears nothing of the place.
    if (reachable && (await sees({ userId, kind: 'TASK_UPDATED', projectId, channelId, ownerId: null, trashed: false }))) {
      await mailer.send({ id: `webhook-disabled.${id}.${disabledAt.getTime()}`, to: email, subject: 'A webhook was turned off', text: mailText(new URL(url).host, id, reason) });
    }
    await markTold(database, id);
  } catch (error) {
    const { code } = error as { code?: string };
    log.warn({ webhook: id, code }, 'nobody could be told that a webhook was turned off; trying again');
    if (Date.now() - disabledAt.getTime() > newsMs) await markTold(database, id);
  }
}

const mailText = (host: string, id: string, reason: string): string =>
  [`A webhook that you made or turned on, to ${host}, was turned off.`, '', reason, '', `Once its receiver is well, turn it on with updateWebhook(input: { id: "${id}", active: true }) and`, 'have what was missed sent again with redeliverWebhook.', ''].join('\n');
