// What the writes to webhooks have in common: who may, and what a resend is answered from.
import { badInput, conflict, forbidden, notFound } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { Context } from '../context.js';
import type { WebhookEvent, WebhookPlace, WebhookRow } from '../entities/webhook.js';
import { canManageChannelWebhooks, canManageProjectWebhooks } from '../policies.js';
import { findMember } from '../repositories/member-repository.js';
import { findWebhook } from '../repositories/webhook-repository.js';
import { readWebhookUrl } from '../webhook-url.js';
import { viewerOf } from './write-channel.js';

/** What a resend of a mutation of a webhook is answered from. */
export interface WebhookRecord {
  webhookId: string;
  /** Of the secret that was shown. */
  generation: number;
}

/** Most webhooks of one project or channel. */
export const webhookLimit = 20;

interface Standing {
  /** Whether the viewer sees the place at all. */
  member: boolean;
  manages: boolean;
  /** False for an archived project. */
  writable: boolean;
}

/** Where the viewer stands in a place. Asked before the transaction, because the project subgraph may have to be asked. */
async function standingIn(context: Context, viewerId: string, { kind, id }: WebhookPlace): Promise<Standing> {
  if (kind === 'channel') {
    const role = (await findMember(context.database.manager, id, viewerId))?.role ?? null;
    return { member: role !== null, manages: role !== null && canManageChannelWebhooks(role), writable: true };
  }
  const { role, writable } = await context.access.membership('project', id, viewerId, (known, copy) => canManageProjectWebhooks(known) && copy.writable);
  return { member: role !== null, manages: role !== null && canManageProjectWebhooks(role), writable };
}

/** For a new webhook: NOT_FOUND where the place is not seen, FORBIDDEN to members who may not, CONFLICT where it is archived. */
export async function checkPlace(context: Context, place: WebhookPlace): Promise<void> {
  const { member, manages, writable } = await standingIn(context, viewerOf(context), place);
  if (!member) throw notFound(place.kind);
  if (!manages) throw forbidden();
  if (!writable) throw conflict('The project is archived.');
}

export const placeOf = ({ projectId, channelId }: Pick<WebhookRow, 'projectId' | 'channelId'>): WebhookPlace =>
  projectId ? { kind: 'project', id: projectId } : { kind: 'channel', id: channelId as string };

/** The webhook where the viewer may manage it: members who may not do not see that there is one. */
export async function visibleWebhook(context: Context, id: string): Promise<WebhookRow | null> {
  const viewerId = viewerOf(context);
  const webhook = isUuid(id) ? await findWebhook(context.database, id) : null;
  return webhook && (await standingIn(context, viewerId, placeOf(webhook))).manages ? webhook : null;
}

/** For a change: NOT_FOUND where it is not seen, CONFLICT where its project is archived. */
export async function manageableWebhook(context: Context, id: string): Promise<WebhookRow> {
  const viewerId = viewerOf(context);
  const webhook = isUuid(id) ? await findWebhook(context.database, id) : null;
  const standing = webhook && (await standingIn(context, viewerId, placeOf(webhook)));
  if (!webhook || !standing?.manages) throw notFound('webhook');
  if (!standing.writable) throw conflict('The project is archived.');
  return webhook;
}

/** The address as it is stored. Redirects are not followed and names are looked up at each post, so all that is checked here is the text. */
export function checkUrl(text: string): string {
  const read = readWebhookUrl(text);
  if ('wrong' in read) throw badInput('input.url', read.wrong);
  return read.href;
}

export function checkEvents(events: readonly WebhookEvent[]): WebhookEvent[] {
  if (events.length === 0) throw badInput('input.events', 'must name at least one event');
  return [...new Set(events)];
}
