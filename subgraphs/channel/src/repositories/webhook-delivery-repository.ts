// Posts to webhooks: the record of each; a job on the queue is only its hand.
import { selectRows } from '@taskgraph/shared/database';
import { newId } from '@taskgraph/shared/ids';
import type { PageRequest } from '@taskgraph/shared/pagination';
import { writeTransaction, type WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import { isKept } from './webhook-repository.js';
import type { WebhookDeliveryRow, WebhookEvent, WebhookFacts, WebhookFormat } from '../entities/webhook.js';

export interface NewPost {
  webhookId: string;
  eventId: string;
  event: WebhookEvent;
  facts: WebhookFacts;
  taskId: string | null;
}

/** One row per webhook and event. `queued`: whether the caller hands them to the queue; else the sweep does. Answers the ids that were made. */
export async function insertPosts(tx: WriteTransaction, posts: readonly NewPost[], queued: boolean): Promise<string[]> {
  if (posts.length === 0) return [];
  const made = posts.map(({ webhookId, eventId, event, facts, taskId }) => ({ id: newId(), webhook_id: webhookId, event_id: eventId, event, facts, task_id: taskId }));
  const rows = await tx.query<{ id: string }>(
    `insert into webhook_deliveries (id, webhook_id, event_id, event, facts, task_id, queued_at)
     select r.*, case when $2 then now() else '-infinity' end from jsonb_to_recordset($1::jsonb) as r
       (id uuid, webhook_id uuid, event_id uuid, event text, facts jsonb, task_id uuid)
     on conflict (webhook_id, event_id) do nothing returning id`,
    [JSON.stringify(made), queued],
  );
  return rows.map((row) => row.id);
}

/** Sorts before everything: the log goes from new to old. */
const first = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

/** Newest first, with a row more than asked for where the log goes on. */
export function listPosts(database: DataSource, webhookId: string, page: PageRequest): Promise<WebhookDeliveryRow[]> {
  const [at, id] = page.after ?? first;
  return selectRows(
    database,
    `select id, event_id as "eventId", event, attempts as attempt, case when state = 'PENDING' and last_error is not null then 'FAILED' else state end as status,
            response_status as "responseStatus", last_error as error, created_at as at, case when state = 'PENDING' then next_attempt_at end as "nextAttemptAt"
     from webhook_deliveries where webhook_id = $1 and (created_at, id) < ($2::timestamptz, $3::uuid) order by created_at desc, id desc limit $4`,
    [webhookId, at, id, page.size + 1],
  );
}

/** A post with all that is needed to send it. */
export interface DuePost {
  id: string;
  webhookId: string;
  eventId: string;
  event: WebhookEvent;
  facts: WebhookFacts;
  url: string;
  format: WebhookFormat;
  projectId: string | null;
  channelId: string | null;
  /** Whether the webhook is there and turned on. */
  live: boolean;
  keeperId: string;
  /** Whether its keeper manages its place, as far as it is known here. */
  kept: boolean;
  generation: number;
  /** Whether the secret before the present one is still good. */
  overlap: boolean;
}

/** Those that are still to be sent and whose time has come. */
export async function findDuePosts(database: DataSource, ids: readonly string[]): Promise<Map<string, DuePost>> {
  const rows = await selectRows<DuePost>(
    database,
    `select d.id, d.webhook_id as "webhookId", d.event_id as "eventId", d.event, d.facts, w.url, w.format, w.project_id as "projectId", w.channel_id as "channelId",
            coalesce(w.keeper_id, w.creator_id) as "keeperId", ${isKept} as kept, w.active and w.deleted_at is null as live, w.generation,
            coalesce(w.rotated_at > clock_timestamp() - interval '24 hours', false) as overlap
     from webhook_deliveries d join webhooks w on w.id = d.webhook_id
     where d.id = any($1::uuid[]) and d.state = 'PENDING' and d.next_attempt_at <= clock_timestamp()`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** How long a try may last, in seconds; longer than a post's own limit. After it the process is taken for dead, and another one tries. */
const leaseSeconds = 30;

/** Rows of several posts are locked in one order, so that two workers do not wait for each other. */
const heldInOrder = `select id from webhook_deliveries where id = any($1::uuid[]) and state = 'PENDING' order by id for update`;

/** Counts a try before it is made, so that the count survives the death of the process. Answers the tries; those are absent that another one has, or that have ended. */
export async function claimPosts(database: DataSource, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await selectRows<{ id: string; attempts: number }>(
    database,
    `update webhook_deliveries set attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => $2)
     where id in (${heldInOrder}) and state = 'PENDING' and next_attempt_at <= clock_timestamp() returning id, attempts`,
    [ids, leaseSeconds],
  );
  return new Map(rows.map(({ id, attempts }) => [id, attempts]));
}

/** What the last try met. */
export interface Met {
  status: number | null;
  error: string | null;
}

/** How a post ended. */
export interface PostEnding extends Met {
  id: string;
  state: 'DELIVERED' | 'DEAD';
}

/** Ends posts; nothing is said of those that have ended. */
export const finishPosts = (database: DataSource, endings: readonly PostEnding[]): Promise<unknown> =>
  database.query(
    `update webhook_deliveries d set state = e.state, response_status = e.status, last_error = e.error
     from unnest($1::uuid[], $2::text[], $3::int[], $4::text[]) e (id, state, status, error) where d.id = e.id and d.id in (${heldInOrder}) and d.state = 'PENDING'`,
    [endings.map(({ id }) => id), endings.map(({ state }) => state), endings.map(({ status }) => status), endings.map(({ error }) => error)],
  );

/** Ends one whose webhook is turned off, with what its last try met. */
export const dropPost = (database: DataSource, id: string): Promise<unknown> =>
  database.query(`update webhook_deliveries set state = 'DEAD', last_error = 'the webhook is turned off' where id = $1 and state = 'PENDING'`, [id]);

/** Puts a post off; the sweep queues it when its time has come. */
export const postponePost = (database: DataSource, id: string, delayMs: number, { status, error }: Met): Promise<unknown> =>
  database.query(
    `update webhook_deliveries set next_attempt_at = clock_timestamp() + make_interval(secs => $2), response_status = $3, last_error = $4 where id = $1 and state = 'PENDING'`,
    [id, delayMs / 1_000, status, error],
  );

/** Lets a post wait without a try: for others, or until it is known who manages its place. */
export const holdPost = (database: DataSource, id: string, delayMs: number): Promise<unknown> =>
  database.query(`update webhook_deliveries set next_attempt_at = clock_timestamp() + make_interval(secs => $2) where id = $1 and state = 'PENDING'`, [id, delayMs / 1_000]);

/** Gives a post up, with a dead letter of ids only. */
export async function buryPost(database: DataSource, { id, webhookId, eventId }: DuePost, attempts: number, met: Met): Promise<void> {
  await writeTransaction(database, { lock: [`webhook-delivery:${id}`] }, async (tx) => {
    const buried = await tx.query(
      `update webhook_deliveries set state = 'DEAD', response_status = $2, last_error = $3 where id = $1 and state = 'PENDING' returning 1`,
      [id, met.status, met.error],
    );
    if (buried.length === 0) return;
    await tx.query(
      `insert into dead_letters (id, queue, name, reason, attempts, payload) values ($1, 'webhooks', 'deliver-webhook', $2, $3, $4)`,
      [newId(), met.error ?? 'no answer', attempts, JSON.stringify({ deliveryId: id, webhookId, eventId })],
    );
  });
}

/**
 * Takes posts whose time has come and which were not queued since, or so long ago (5 s) that their job may be lost. At most 20 of
 * each webhook, so that one with many waiting posts leaves room for the others.
 */
export async function takePostsForQueue(database: DataSource): Promise<string[]> {
  const rows = await selectRows<{ id: string }>(
    database,
    `update webhook_deliveries set queued_at = clock_timestamp() where id in (
       select d.id from webhooks w cross join lateral (
         select id from webhook_deliveries
         where webhook_id = w.id and state = 'PENDING' and next_attempt_at <= clock_timestamp()
           and (queued_at < next_attempt_at or queued_at < clock_timestamp() - interval '5 seconds')
         order by next_attempt_at limit 20 for update skip locked
       ) d limit 1000
     ) returning id`,
  );
  return rows.map((row) => row.id);
}

/** Which posts to send again. */
export type Again = { deliveryId: string } | { from: Date; to: Date };

/** Sets posts to be sent again, with the ids they had; those that still wait stay as they are, but for being due now. Answers how many. */
export async function sendAgain(tx: WriteTransaction, webhookId: string, again: Again, limit: number): Promise<number> {
  const [where, parameters] = 'deliveryId' in again
    ? ['id = $2', [again.deliveryId] as unknown[]]
    : ['created_at between $2 and $3', [again.from, again.to]];
  const rows = await tx.query(
    `update webhook_deliveries set state = 'PENDING', attempts = 0, next_attempt_at = clock_timestamp(), queued_at = '-infinity', response_status = null, last_error = null
     where id in (select id from webhook_deliveries where webhook_id = $1 and ${where} order by created_at, id limit ${limit}) returning 1`,
    [webhookId, ...parameters],
  );
  return rows.length;
}

/** A task was erased for good: nothing of it stays. */
export const forgetPostsOf = (tx: WriteTransaction, taskId: string): Promise<unknown> => tx.query('delete from webhook_deliveries where task_id = $1', [taskId]);

/** How long the log of posts goes back. */
export const keptDays = 30;
/** Rows of one statement: each stays short, however many there are. */
const batchSize = 1_000;

/** Deletes what has served its time: old posts, and all of webhooks that are no more or whose channel is no more. */
export async function deleteOldPosts(database: DataSource): Promise<void> {
  await database.query('update webhooks w set deleted_at = now(), active = false, tell_at = null where deleted_at is null and channel_id is not null and not exists (select from channels c where c.id = w.channel_id)');
  // What an ADMIN can still have run again is kept as long as it is listed.
  const listed = `exists (select from dead_letters l where l.queue = 'webhooks' and l.payload ->> 'deliveryId' = webhook_deliveries.id::text)`;
  const old = `(state <> 'PENDING' and created_at < now() - make_interval(days => ${keptDays}) and not ${listed})`;
  const orphaned = 'webhook_id in (select id from webhooks where deleted_at is not null)';
  for (const where of [old, orphaned]) {
    for (let count = batchSize; count === batchSize; ) {
      [, count] = (await database.query(`delete from webhook_deliveries where id = any (array(select id from webhook_deliveries where ${where} limit ${batchSize}))`)) as [unknown, number];
    }
  }
  await database.query('delete from webhooks w where deleted_at is not null and not exists (select from webhook_deliveries d where d.webhook_id = w.id)');
}

/** All posts that wait, for the metrics of the worker. */
export const waitingPosts = `select next_attempt_at as due_at, created_at from webhook_deliveries where state = 'PENDING'`;
