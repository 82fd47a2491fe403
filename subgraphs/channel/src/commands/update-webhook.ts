import { badInput, notFound } from '@taskgraph/shared/errors';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { WebhookRow } from '../entities/webhook.js';
import type { UpdateWebhookInput } from '../generated/resolver-types.js';
import { changeWebhook, type WebhookChange } from '../repositories/webhook-repository.js';
import { viewerOf } from './write-channel.js';
import { checkEvents, checkUrl, manageableWebhook, type WebhookRecord } from './write-webhook.js';

/** Changes where it posts, what, or whether; turned on again it is disabled no more, and whoever does so keeps it from then on. */
export async function updateWebhook(context: Context, input: UpdateWebhookInput): Promise<WebhookRow> {
  const { id } = await manageableWebhook(context, input.id);
  const change = readChange(input);
  return writeTransaction(context.database, { lock: [`webhook:${id}`], idempotency: context.idempotency }, async (tx) => {
    const webhook = await changeWebhook(tx, id, change, viewerOf(context));
    if (!webhook) throw notFound('webhook');
    tx.remember({ webhookId: id, generation: webhook.generation } satisfies WebhookRecord);
    return webhook;
  });
}

function readChange({ url, events, active }: UpdateWebhookInput): WebhookChange {
  if (url === null) throw badInput('input.url', 'must not be null');
  if (active === null) throw badInput('input.active', 'must not be null');
  return {
    ...(url === undefined ? {} : { url: checkUrl(url) }),
    // Null on a list means empty (RULES §2), and empty it cannot be.
    ...(events === undefined ? {} : { events: checkEvents(events ?? []) }),
    ...(active === undefined ? {} : { active }),
  };
}
