import { notFound } from '@taskgraph/shared/errors';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { RotateWebhookSecretInput } from '../generated/resolver-types.js';
import { nextGeneration } from '../repositories/webhook-repository.js';
import { webhookSecret } from '../webhook-secret.js';
import type { ShownSecret } from './create-webhook.js';
import { manageableWebhook, type WebhookRecord } from './write-webhook.js';

/** Gives the webhook another secret. For 24 hours posts are signed with the one before as well; a second rotation ends that. */
export async function rotateWebhookSecret(context: Context, input: RotateWebhookSecretInput): Promise<ShownSecret> {
  const { id } = await manageableWebhook(context, input.id);
  const webhook = await writeTransaction(context.database, { lock: [`webhook:${id}`], idempotency: context.idempotency }, async (tx) => {
    const rotated = await nextGeneration(tx, id);
    if (!rotated) throw notFound('webhook');
    tx.remember({ webhookId: id, generation: rotated.generation } satisfies WebhookRecord);
    return rotated;
  });
  return { webhook, secret: webhookSecret(context.secretKey, id, webhook.generation) };
}
