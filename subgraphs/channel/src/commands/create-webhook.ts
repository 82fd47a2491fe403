import { badInput, conflict, notFound } from '@taskgraph/shared/errors';
import { isUuid, newId } from '@taskgraph/shared/ids';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { WebhookPlace, WebhookRow } from '../entities/webhook.js';
import type { CreateWebhookInput } from '../generated/resolver-types.js';
import { countWebhooks, insertWebhook } from '../repositories/webhook-repository.js';
import { webhookSecret } from '../webhook-secret.js';
import { viewerOf } from './write-channel.js';
import { checkEvents, checkPlace, checkUrl, webhookLimit, type WebhookRecord } from './write-webhook.js';

export interface ShownSecret {
  webhook: WebhookRow;
  secret: string;
}

/** Makes a webhook of a project or a channel; its secret is shown by this answer alone. */
export async function createWebhook(context: Context, input: CreateWebhookInput): Promise<ShownSecret> {
  const keeperId = viewerOf(context);
  const place = readPlace(input);
  const [url, events] = [checkUrl(input.url), checkEvents(input.events)];
  await checkPlace(context, place);
  const { database, idempotency, secretKey } = context;
  const webhook = await writeTransaction(database, { lock: [`webhooks:${place.id}`], idempotency }, async (tx) => {
    if ((await countWebhooks(tx, place)) >= webhookLimit) throw conflict(`There are ${webhookLimit} webhooks already.`);
    const [projectId, channelId] = place.kind === 'project' ? [place.id, null] : [null, place.id];
    const made = await insertWebhook(tx, { id: newId(), projectId, channelId, url, events, format: input.format ?? 'STANDARD', keeperId });
    tx.remember({ webhookId: made.id, generation: made.generation } satisfies WebhookRecord);
    return made;
  });
  return { webhook, secret: webhookSecret(secretKey, webhook.id, webhook.generation) };
}

function readPlace({ projectId, channelId }: CreateWebhookInput): WebhookPlace {
  if ((projectId == null) === (channelId == null)) throw badInput('input.projectId', 'or channelId is needed, exactly one of them');
  const [kind, id] = projectId != null ? (['project', projectId] as const) : (['channel', channelId as string] as const);
  if (!isUuid(id)) throw notFound(kind);
  return { kind, id: id.toLowerCase() };
}
