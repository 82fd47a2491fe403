import type { ChannelField, ChannelRole } from '@taskgraph/shared/contracts/channel-events';
import type { EventPayload } from '@taskgraph/shared/contracts/events';
import { selectRows } from '@taskgraph/shared/database';
import type { PageRequest } from '@taskgraph/shared/pagination';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource, EntityManager } from 'typeorm';
import { ChannelEntity, type ChannelRow } from '../entities/channel.js';
import { ChannelMemberEntity } from '../entities/channel-member.js';

/** Answers in the order of `ids`, null where there is none: the shape DataLoader needs. */
export async function findChannelsByIds(manager: EntityManager, ids: readonly string[]): Promise<(ChannelRow | null)[]> {
  const rows = await manager.createQueryBuilder(ChannelEntity, 'c').where('c.id = any(:ids::uuid[])', { ids: [...ids] }).getMany();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

export const findChannel = (manager: EntityManager, id: string): Promise<ChannelRow | null> => manager.findOneBy(ChannelEntity, { id });

export const findChannelByCode = (manager: EntityManager, code: string): Promise<ChannelRow | null> =>
  manager.findOneBy(ChannelEntity, { code });

/** Writes a new channel unless its code is taken; answers whether it did. */
export async function insertChannel(tx: WriteTransaction, channel: ChannelRow): Promise<boolean> {
  const { id, name, nameKey, description, code, creatorId, createdAs, memberCount, createdAt, version, eventSeq } = channel;
  const rows = await tx.query(
    `insert into channels (id, name, name_key, description, code, creator_id, created_as, member_count, created_at, version, event_seq)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (code) do nothing returning id`,
    [id, name, nameKey, description, code, creatorId, createdAs, memberCount, createdAt, version, eventSeq],
  );
  return rows.length > 0;
}

export type ChannelChange = Partial<Pick<ChannelRow, 'name' | 'nameKey' | 'description' | 'code' | 'memberCount'>>;

/** Writes a change of the channel or its members: one version and one event more. The caller holds its lock. Answers the row after it. */
export async function nextVersion(manager: EntityManager, channel: ChannelRow, change: ChannelChange): Promise<ChannelRow> {
  const written = { ...change, version: channel.version + 1, eventSeq: channel.eventSeq + 1 };
  await manager.update(ChannelEntity, { id: channel.id }, written);
  return { ...channel, ...written };
}

/** Deletes the channel with its members and keeps what tells its id from a new one; `channel` is its last state. */
export async function buryChannel(tx: WriteTransaction, { id, creatorId, createdAs, version }: ChannelRow, at: Date): Promise<void> {
  await tx.query('insert into deleted_channels (id, creator_id, created_as, version, deleted_at) values ($1, $2, $3, $4, $5)', [
    id, creatorId, createdAs, version, at,
  ]);
  await tx.manager.delete(ChannelEntity, { id });
}

export async function findDeletedChannel(tx: WriteTransaction, id: string): Promise<Pick<ChannelRow, 'creatorId' | 'createdAs'> | null> {
  const [row] = await tx.query<Pick<ChannelRow, 'creatorId' | 'createdAs'>>(
    'select creator_id as "creatorId", created_as as "createdAs" from deleted_channels where id = $1',
    [id],
  );
  return row ?? null;
}

/** The event that was just written of this channel. */
export async function findLastEvent(tx: WriteTransaction, { id, eventSeq }: ChannelRow): Promise<{ id: string; at: string }> {
  const [event] = await tx.query<{ id: string; at: Date }>(`select id, date_trunc('milliseconds', at) as at from events where aggregate_id = $1 and seq = $2`, [id, eventSeq]);
  if (!event) throw new Error('a channel without its event');
  return { id: event.id, at: event.at.toISOString() };
}

/** Fields that others than `viewerId` changed after `version`; null when the log does not reach back that far. */
export async function fieldsChangedSince(tx: WriteTransaction, channel: ChannelRow, version: number, viewerId: string): Promise<ChannelField[] | null> {
  // Number and version of a channel's events are the same: the first condition lets the index skip what is older.
  const rows = await tx.query<{ version: number; type: string; payload: EventPayload<'channel.updated'>; actorId: string }>(
    'select version, type, payload, actor_id as "actorId" from events where aggregate_id = $1 and seq > $2 and version > $2',
    [channel.id, version],
  );
  if (new Set(rows.map((row) => row.version)).size < channel.version - version) return null;
  const others = rows.filter((row) => row.type === 'channel.updated' && row.actorId !== viewerId);
  return [...new Set(others.flatMap((row) => row.payload.fields))];
}

/** Channels a person belongs to, by name. */
export async function listChannels(manager: EntityManager, userId: string, page: PageRequest): Promise<ChannelRow[]> {
  const query = manager
    .createQueryBuilder(ChannelEntity, 'c')
    .innerJoin(ChannelMemberEntity.options.name, 'm', 'm.channelId = c.id and m.userId = :userId', { userId })
    .orderBy('c.nameKey')
    .addOrderBy('c.id')
    .limit(page.size + 1);
  if (page.after) query.where('(c.name_key, c.id) > (:name, :id)', { name: page.after[0], id: page.after[1] });
  return query.getMany();
}

export interface OwnerAnswer {
  role: ChannelRole | null;
  version: number;
}

/** One membership and the channel's version, seen at one moment; version 0 where there is no such channel. */
export async function readMembership(database: DataSource, channelId: string, userId: string): Promise<OwnerAnswer> {
  const [row] = await selectRows<OwnerAnswer>(
    database,
    `select m.role, c.version from channels c left join channel_members m on m.channel_id = c.id and m.user_id = $2 where c.id = $1`,
    [channelId, userId],
  );
  return row ?? { role: null, version: 0 };
}
