import { badInput, conflict, notFound } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { WebhookRow } from '../entities/webhook.js';
import type { RedeliverWebhookInput } from '../generated/resolver-types.js';
import { sendAgain, type Again } from '../repositories/webhook-delivery-repository.js';
import { manageableWebhook, type WebhookRecord } from './write-webhook.js';

/** Most posts of one call; of more, the oldest. */
const limit = 1_000;

/** Has posts sent again, soon after the answer, with the event ids they had. */
export async function redeliverWebhook(context: Context, input: RedeliverWebhookInput): Promise<WebhookRow> {
  const webhook = await manageableWebhook(context, input.webhookId);
  const again = readAgain(input);
  if (!webhook.active) throw conflict('The webhook is turned off.');
  await writeTransaction(context.database, { lock: [`webhook:${webhook.id}`], idempotency: context.idempotency }, async (tx) => {
    const count = await sendAgain(tx, webhook.id, again, limit);
    if (count === 0 && 'deliveryId' in again) throw notFound('delivery');
    tx.remember({ webhookId: webhook.id, generation: webhook.generation } satisfies WebhookRecord);
  });
  return webhook;
}

function readAgain({ deliveryId, from, to }: RedeliverWebhookInput): Again {
  const isRange = from != null || to != null;
  if ((deliveryId == null) !== isRange) throw badInput('input.deliveryId', 'or from and to are needed, exactly one of them');
  if (deliveryId != null) {
    if (!isUuid(deliveryId)) throw notFound('delivery');
    return { deliveryId };
  }
  if (from == null) throw badInput('input.from', 'is needed with to');
  if (to == null) throw badInput('input.to', 'is needed with from');
  if (from > to) throw badInput('input.to', 'must not lie before from');
  return { from, to };
}
