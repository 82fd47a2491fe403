// Addresses to which events of a place are posted, and the log of the posts.
export const webhookEvents = [
  'TASK_CREATED', 'TASK_UPDATED', 'TASK_ASSIGNED', 'TASK_COMPLETED', 'TASK_REOPENED', 'TASK_MOVED', 'TASK_DELETED', 'TASK_RESTORED', 'TASK_COMMENTED',
  'TASK_DUE_SOON', 'TASK_OVERDUE', 'MEMBER_ADDED', 'MEMBER_REMOVED',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];
export type MemberWebhookEvent = 'MEMBER_ADDED' | 'MEMBER_REMOVED';
export type TaskWebhookEvent = Exclude<WebhookEvent, MemberWebhookEvent>;
export type WebhookFormat = 'STANDARD' | 'SLACK' | 'TEAMS';

/** Where a webhook belongs. */
export interface WebhookPlace {
  kind: 'project' | 'channel';
  id: string;
}

export interface WebhookRow {
  id: string;
  projectId: string | null;
  channelId: string | null;
  url: string;
  format: WebhookFormat;
  events: WebhookEvent[];
  active: boolean;
  disabledReason: string | null;
  /** Who made it, or turned it on again since. It posts only while this person manages its place. */
  keeperId: string;
  /** Counts the secrets, from 1. */
  generation: number;
  createdAt: Date;
}

/** What a body is made from: ids and public fields as of the event. `text` is one line for people. */
export interface WebhookFacts {
  at: string;
  actorId: string | null;
  projectId: string | null;
  channelId: string | null;
  text: string;
  task?: object;
  changed?: string[];
  comment?: { id: string; authorId: string; action: string };
  member?: { userId: string; role: string };
}

export interface WebhookDeliveryRow {
  id: string;
  eventId: string;
  event: WebhookEvent;
  attempt: number;
  status: 'PENDING' | 'DELIVERED' | 'FAILED' | 'DEAD';
  responseStatus: number | null;
  error: string | null;
  at: Date;
  nextAttemptAt: Date | null;
}

export interface WebhookDeliveryPage {
  edges: { cursor: string; node: WebhookDeliveryRow }[];
  nodes: WebhookDeliveryRow[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}
