// Webhooks: who has which, and how their endpoints fare.
import { selectRows } from '@taskgraph/shared/database';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import type { WebhookEvent, WebhookPlace, WebhookRow } from '../entities/webhook.js';

const keeper = 'coalesce(w.keeper_id, w.creator_id)';

const columns = `w.id, w.project_id as "projectId", w.channel_id as "channelId", w.url, w.format, w.events, w.active, w.disabled_reason as "disabledReason",
  ${keeper} as "keeperId", w.generation, w.created_at as "createdAt"`;

const placeColumn = { project: 'project_id', channel: 'channel_id' } as const;

/** Whether the keeper of `w` manages its place, by the copy of projects or the channel's own members. */
export const isKept = `case when w.project_id is not null
  then exists (select from scope_members m join scopes s on s.scope_id = m.scope_id and s.kind = 'project'
               where m.user_id = ${keeper} and s.place_id = w.project_id and m.role in ('OWNER', 'MAINTAINER'))
  else exists (select from channel_members m where m.channel_id = w.channel_id and m.user_id = ${keeper} and m.role in ('OWNER', 'MODERATOR')) end`;

const notKept = 'Whoever kept it does not manage this place any more.';
const deactivated = 'The account of whoever kept it was deactivated.';

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
  const { id, projectId, channelId, url, format, events, keeperId } = webhook;
  const [row] = await tx.query<WebhookRow>(
    `insert into webhooks as w (id, project_id, channel_id, url, format, events, creator_id) values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
    [id, projectId, channelId, url, format, events, keeperId],
  );
  return row as WebhookRow;
}

export interface WebhookChange {
  url?: string;
  events?: WebhookEvent[];
  active?: boolean;
}

/** Null where it is no more. Turned on again, an endpoint has its five days anew, and `changerId` for its keeper. */
export async function changeWebhook(tx: WriteTransaction, id: string, { url, events, active }: WebhookChange, changerId: string): Promise<WebhookRow | null> {
  const [row] = await tx.query<WebhookRow>(
    `update webhooks w set url = coalesce($2, url), events = coalesce($3, events), active = coalesce($4, active),
       disabled_reason = case when $4 then null else disabled_reason end, failing_since = case when $4 then null else failing_since end,
       tell_at = case when $4 then null else tell_at end, disabled_at = case when $4 then null else disabled_at end,
       keeper_id = case when $4 and not w.active then $5::uuid else keeper_id end
     where w.id = $1 and deleted_at is null returning ${columns}`,
    [id, url ?? null, events ?? null, active ?? null, changerId],
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

/** With a channel go its webhooks: the trashing of its tasks is posted nowhere. */
export const buryWebhooksOf = (tx: WriteTransaction, channelId: string): Promise<unknown> =>
  tx.query('update webhooks set deleted_at = now(), active = false, tell_at = null where channel_id = $1 and deleted_at is null', [channelId]);

const turnedOff = 'active = false, disabled_reason = $1, disabled_at = clock_timestamp(), tell_at = null';

/** Turns off what somebody kept in a place that they manage no more. They are told nothing: it is not theirs to see. */
export const turnOffKept = (tx: WriteTransaction, { kind, id }: WebhookPlace, keeperId: string): Promise<unknown> =>
  tx.query(`update webhooks w set ${turnedOff} where ${keeper} = $2 and ${placeColumn[kind]} = $3 and active and deleted_at is null and not (${isKept})`, [notKept, keeperId, id]);

/** Turns off all that a deactivated account kept. */
export const turnOffAllKept = (tx: WriteTransaction, keeperId: string): Promise<unknown> =>
  tx.query(`update webhooks w set ${turnedOff} where ${keeper} = $2 and active and deleted_at is null`, [deactivated, keeperId]);

/** The same of one webhook, found at a post; nothing where it has another keeper by now. */
export const turnOffUnkept = (database: DataSource, id: string, keeperId: string): Promise<unknown> =>
  database.query(`update webhooks w set ${turnedOff} where id = $2 and ${keeper} = $3 and active and deleted_at is null`, [notKept, id, keeperId]);

/** The webhooks that hear of an event in a place, of each that is asked about, in their order. */
export async function findListening(tx: WriteTransaction, asked: readonly { place: WebhookPlace; event: WebhookEvent }[]): Promise<string[][]> {
  const listening = (column: string) => `select id::text from webhooks where ${column} = q.${column} and deleted_at is null and active and q.event = any(events)`;
  const inPlaces = (kind: WebhookPlace['kind']) => asked.map(({ place }) => (place.kind === kind ? place.id : null));
  const rows = await tx.query<{ ids: string[] }>(
    `select array(${listening(placeColumn.project)} union all ${listening(placeColumn.channel)}) as ids
     from unnest($1::uuid[], $2::uuid[], $3::text[]) with ordinality q (${placeColumn.project}, ${placeColumn.channel}, event, position) order by q.position`,
    [inPlaces('project'), inPlaces('channel'), asked.map(({ event }) => event)],
  );
  return rows.map((row) => row.ids);
}

export const markWell = (database: DataSource, ids: readonly string[]): Promise<unknown> =>
  database.query('update webhooks set failing_since = null where id in (select id from webhooks where id = any($1::uuid[]) and failing_since is not null order by id for update)', [ids]);

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

/** Turns it off and has its keeper told. */
export const disableWebhook = (database: DataSource, id: string, reason: string): Promise<unknown> =>
  database.query(
    'update webhooks set active = false, disabled_reason = $2, disabled_at = clock_timestamp(), tell_at = clock_timestamp() where id = $1 and active and deleted_at is null',
    [id, reason],
  );

/** A webhook whose keeper is to hear that it was disabled. */
export interface Untold {
  id: string;
  keeperId: string;
  projectId: string | null;
  channelId: string | null;
  url: string;
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
     select w.id, ${keeper} as "keeperId", w.project_id as "projectId", w.channel_id as "channelId", w.url,
            w.disabled_reason as reason, w.disabled_at as "disabledAt", c.email, c.email_verified as "emailVerified", c.active as "contactActive"
     from taken w left join contacts c on c.user_id = ${keeper}`,
  );

export const markTold = (database: DataSource, id: string): Promise<unknown> => database.query('update webhooks set tell_at = null where id = $1', [id]);
