import { notFound } from '@taskgraph/shared/errors';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { DeleteWebhookInput } from '../generated/resolver-types.js';
import { buryWebhook } from '../repositories/webhook-repository.js';
import { manageableWebhook, type WebhookRecord } from './write-webhook.js';

/** Deletes a webhook with its log; what waits is not sent. Answers its id. */
export async function deleteWebhook(context: Context, input: DeleteWebhookInput): Promise<string> {
  const { id, generation } = await manageableWebhook(context, input.id);
  await writeTransaction(context.database, { lock: [`webhook:${id}`], idempotency: context.idempotency }, async (tx) => {
    if (!(await buryWebhook(tx, id))) throw notFound('webhook');
    tx.remember({ webhookId: id, generation } satisfies WebhookRecord);
  });
  return id;
}
