import { notFound, unauthenticated } from '@taskgraph/shared/errors';
import { once } from '@taskgraph/shared/once';
import { readPageArguments, toConnection } from '@taskgraph/shared/pagination';
import type { GraphQLResolveInfo } from 'graphql';
import { createWebhook as create, type ShownSecret } from '../commands/create-webhook.js';
import { deleteWebhook as remove } from '../commands/delete-webhook.js';
import { redeliverWebhook as redeliver } from '../commands/redeliver-webhook.js';
import { rotateWebhookSecret as rotate } from '../commands/rotate-webhook-secret.js';
import { updateWebhook as update } from '../commands/update-webhook.js';
import { visibleWebhook, type WebhookRecord } from '../commands/write-webhook.js';
import type { Context } from '../context.js';
import type { WebhookRow } from '../entities/webhook.js';
import type { MutationResolvers, QueryResolvers, WebhookResolvers } from '../generated/resolver-types.js';
import { listPosts } from '../repositories/webhook-delivery-repository.js';
import { listWebhooks } from '../repositories/webhook-repository.js';
import { webhookSecret } from '../webhook-secret.js';
import { visibleChannel } from './channel.js';

export const Webhook: WebhookResolvers = {
  project: ({ projectId }) => (projectId ? { id: projectId } : null),
  channel: ({ channelId }, _args, context) => (channelId ? visibleChannel(context, channelId) : null),
  async deliveries({ id }, args, context) {
    const page = readPageArguments(args, context.pageLimits, context.cursors.webhookDeliveries);
    const rows = await listPosts(context.database, id, page);
    const { edges, nodes, pageInfo } = toConnection(rows, page, context.cursors.webhookDeliveries, (row) => [row.at.toISOString(), row.id], async () => 0);
    return { edges, nodes, pageInfo };
  },
};

export const webhooks: NonNullable<QueryResolvers['webhooks']> = (_root, _args, context) => {
  if (!context.viewer) throw unauthenticated();
  return listWebhooks(context.database, context.viewer.id);
};

/** The webhook as it is now, for a resend. */
async function present(context: Context, id: string): Promise<WebhookRow> {
  const webhook = await visibleWebhook(context, id);
  if (!webhook) throw notFound('webhook');
  return webhook;
}

/** Happens once per Idempotency-Key (RULES §3); a resend shows the secret that was shown. */
const showingSecret =
  <I>(command: (context: Context, input: I) => Promise<ShownSecret>) =>
  (_root: unknown, { input }: { input: I }, context: Context, info: GraphQLResolveInfo): Promise<ShownSecret> =>
    once(context, info, input, () => command(context, input), async ({ webhookId, generation }: WebhookRecord) => ({
      webhook: await present(context, webhookId), secret: webhookSecret(context.secretKey, webhookId, generation),
    }));

const changing =
  <I>(command: (context: Context, input: I) => Promise<WebhookRow>) =>
  (_root: unknown, { input }: { input: I }, context: Context, info: GraphQLResolveInfo): Promise<{ webhook: WebhookRow }> =>
    once(context, info, input, async () => ({ webhook: await command(context, input) }), async ({ webhookId }: WebhookRecord) => ({ webhook: await present(context, webhookId) }));

export const webhookMutations = {
  createWebhook: showingSecret(create),
  rotateWebhookSecret: showingSecret(rotate),
  updateWebhook: changing(update),
  redeliverWebhook: changing(redeliver),
  deleteWebhook: (_root, { input }, context, info) =>
    once(context, info, input, async () => ({ id: await remove(context, input) }), async ({ webhookId }: WebhookRecord) => ({ id: webhookId })),
} satisfies MutationResolvers;
