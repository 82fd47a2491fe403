// Webhooks: who has which, and how their endpoints fare.
import { selectRows } from '@taskgraph/shared/database';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import type { WebhookEvent, WebhookPlace, WebhookRow } from '../entities/webhook.js';

const columns = `w.id, w.project_id as "projectId", w.channel_id as "channelId", w.url, w.format, w.events, w.active, w.disabled_reason as "disabledReason",
  w.creator_id as "creatorId", w.generation, w.created_at as "createdAt"`;

const placeColumn = { project: 'project_id', channel: 'channel_id' } as const;

/** Of the places whose webhooks the person may manage, by the copy of memberships. */
export const listWebhooks = (database: DataSource, userId: string): Promise<WebhookRow[]> =>
  selectRows(
    database,
    `select ${columns} from scope_members m join scopes s on s.scope_id = m.scope_id and s.kind = 'project' join webhooks w on w.project_id = s.place_id
     where m.user_id = $1 and m.role in ('OWNER', 'MAINTAINER') and w.deleted_at is null
     union all
     select ${columns} from channel_members m join webhooks w on w.channel_id = m.channel_id
     where m.user_id = $1 and m.role in ('OWNER', 'MODERATOR') and w.deleted_at is null
     order by "createdAt", id`,
    [userId],
  );

export async function findWebhook(database: DataSource, id: string): Promise<WebhookRow | null> {
  const [row] = await selectRows<WebhookRow>(database, `select ${columns} from webhooks w where w.id = $1 and w.deleted_at is null`, [id]);
  return row ?? null;
}

export async function countWebhooks(tx: WriteTransaction, { kind, id }: WebhookPlace): Promise<number> {
  const [row] = await tx.query<{ count: number }>(`select count(*)::int as count from webhooks where ${placeColumn[kind]} = $1 and deleted_at is null`, [id]);
  return row?.count ?? 0;
}

export async function insertWebhook(tx: WriteTransaction, webhook: Omit<WebhookRow, 'active' | 'disabledReason' | 'generation' | 'createdAt'>): Promise<WebhookRow> {
  const { id, projectId, channelId, url, format, events, creatorId } = webhook;
  const [row] = await tx.query<WebhookRow>(
    `insert into webhooks as w (id, project_id, channel_id, url, format, events, creator_id) values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
    [id, projectId, channelId, url, format, events, creatorId],
  );
  return row as WebhookRow;
}

export interface WebhookChange {
  url?: string;
  events?: WebhookEvent[];
  active?: boolean;
}

/** Null where it is no more. Turned on again, an endpoint has its five days anew. */
export async function changeWebhook(tx: WriteTransaction, id: string, { url, events, active }: WebhookChange): Promise<WebhookRow | null> {
  const [row] = await tx.query<WebhookRow>(
    `update webhooks w set url = coalesce($2, url), events = coalesce($3, events), active = coalesce($4, active),
       disabled_reason = case when $4 then null else disabled_reason end, failing_since = case when $4 then null else failing_since end,
       tell_at = case when $4 then null else tell_at end, disabled_at = case when $4 then null else disabled_at end
     where w.id = $1 and deleted_at is null returning ${columns}`,
    [id, url ?? null, events ?? null, active ?? null],
  );
  return row ?? null;
}

export async function nextGeneration(tx: WriteTransaction, id: string): Promise<WebhookRow | null> {
  const [row] = await tx.query<WebhookRow>(`update webhooks w set generation = generation + 1, rotated_at = now() where w.id = $1 and deleted_at is null returning ${columns}`, [id]);
  return row ?? null;
}

export async function buryWebhook(tx: WriteTransaction, id: string): Promise<boolean> {
  return (await tx.query('update webhooks set deleted_at = now(), active = false, tell_at = null where id = $1 and deleted_at is null returning 1', [id])).length > 0;
}

export async function findListening(tx: WriteTransaction, { kind, id }: WebhookPlace, event: WebhookEvent): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(`select id from webhooks where ${placeColumn[kind]} = $1 and deleted_at is null and active and $2 = any(events)`, [id, event]);
  return rows.map((row) => row.id);
}

export const markWell = (database: DataSource, id: string): Promise<unknown> =>
  database.query('update webhooks set failing_since = null where id = $1 and failing_since is not null', [id]);

/** Answers whether every post has failed for five days. */
export async function markFailing(database: DataSource, id: string): Promise<boolean> {
  const [row] = await selectRows<{ tired: boolean }>(
    database,
    `update webhooks set failing_since = coalesce(failing_since, clock_timestamp()) where id = $1 and active
     returning failing_since <= clock_timestamp() - interval '5 days' as tired`,
    [id],
  );
  return row?.tired ?? false;
}

/** Turns it off and has its maker told. */
export const disableWebhook = (database: DataSource, id: string, reason: string): Promise<unknown> =>
  database.query(
    'update webhooks set active = false, disabled_reason = $2, disabled_at = clock_timestamp(), tell_at = clock_timestamp() where id = $1 and active and deleted_at is null',
    [id, reason],
  );

/** A webhook whose maker is to hear that it was disabled. */
export interface Untold {
  id: string;
  creatorId: string;
  projectId: string | null;
  channelId: string | null;
  host: string;
  reason: string;
  disabledAt: Date;
  email: string | null;
  emailVerified: boolean | null;
  contactActive: boolean | null;
}

/** Takes those that are due, for a minute: should the mail fail, they come again. */
export const takeUntold = (database: DataSource): Promise<Untold[]> =>
  selectRows(
    database,
    `with taken as (
       update webhooks set tell_at = clock_timestamp() + interval '1 minute' where id in (
         select id from webhooks where tell_at <= clock_timestamp() order by tell_at limit 20 for update skip locked
       ) returning *
     )
     select w.id, w.creator_id as "creatorId", w.project_id as "projectId", w.channel_id as "channelId", substring(w.url from '^[a-z]+://([^/?#]+)') as host,
            w.disabled_reason as reason, w.disabled_at as "disabledAt", c.email, c.email_verified as "emailVerified", c.active as "contactActive"
     from taken w left join contacts c on c.user_id = w.creator_id`,
  );

export const markTold = (database: DataSource, id: string): Promise<unknown> => database.query('update webhooks set tell_at = null where id = $1', [id]);
