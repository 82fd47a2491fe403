import type { ChannelRole } from '@taskgraph/shared/contracts/channel-events';
import type { PageRequest } from '@taskgraph/shared/pagination';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { EntityManager } from 'typeorm';
import { ChannelMemberEntity, type ChannelMemberRow } from '../entities/channel-member.js';

/** One person's role in each of the channels, in their order; null where not a member. */
export async function findRoles(manager: EntityManager, userId: string, channelIds: readonly string[]): Promise<(ChannelRole | null)[]> {
  const rows = await manager
    .createQueryBuilder(ChannelMemberEntity, 'm')
    .where('m.userId = :userId and m.channelId = any(:ids::uuid[])', { userId, ids: [...channelIds] })
    .getMany();
  const roles = new Map(rows.map((row) => [row.channelId, row.role]));
  return channelIds.map((id) => roles.get(id) ?? null);
}

export const findMember = (manager: EntityManager, channelId: string, userId: string): Promise<ChannelMemberRow | null> =>
  manager.findOneBy(ChannelMemberEntity, { channelId, userId });

export const insertMember = (manager: EntityManager, member: ChannelMemberRow): Promise<unknown> => manager.insert(ChannelMemberEntity, member);

export const deleteMember = (manager: EntityManager, channelId: string, userId: string): Promise<unknown> =>
  manager.delete(ChannelMemberEntity, { channelId, userId });

export const updateRole = (manager: EntityManager, { channelId, userId, role }: ChannelMemberRow): Promise<unknown> =>
  manager.update(ChannelMemberEntity, { channelId, userId }, { role });

/** Owner and moderators. */
export async function findStaffIds(tx: WriteTransaction, channelId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(`select user_id as id from channel_members where channel_id = $1 and role in ('OWNER', 'MODERATOR')`, [channelId]);
  return rows.map((row) => row.id);
}

export interface MemberPageRequest {
  channelId: string;
  page: PageRequest;
}

/** Sorts before every member. */
const beforeAll = ['-infinity', '00000000-0000-0000-0000-000000000000'];

/** One page per request in one statement, in the order in which they joined, each with a row more than asked for where the list goes on. */
export async function findMemberPages(manager: EntityManager, requests: readonly MemberPageRequest[]): Promise<ChannelMemberRow[][]> {
  const after = requests.map(({ page }) => page.after ?? beforeAll);
  const rows = await manager.query<(ChannelMemberRow & { request: string })[]>(
    `select q.request, m.channel_id as "channelId", m.user_id as "userId", m.role, m.joined_at as "joinedAt"
     from unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::uuid[])
       with ordinality as q (channel_id, size, joined_at, user_id, request)
     cross join lateral (
       select * from channel_members m
       where m.channel_id = q.channel_id and (m.joined_at, m.user_id) > (q.joined_at, q.user_id)
       order by m.joined_at, m.user_id limit q.size
     ) m
     order by q.request, m.joined_at, m.user_id`,
    [
      requests.map(({ channelId }) => channelId), requests.map(({ page }) => page.size + 1),
      after.map(([joinedAt]) => joinedAt), after.map(([, userId]) => userId),
    ],
  );
  const pages: ChannelMemberRow[][] = requests.map(() => []);
  for (const { request, ...row } of rows) pages[Number(request) - 1]?.push(row);
  return pages;
}

/** Whether somebody else than `userId` is OWNER. */
export async function hasOtherOwner(manager: EntityManager, channelId: string, userId: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `select from channel_members where channel_id = $1 and role = 'OWNER' and user_id <> $2 limit 1`,
    [channelId, userId],
  );
  return rows.length > 0;
}

export const countMemberships = (manager: EntityManager, userId: string): Promise<number> => manager.countBy(ChannelMemberEntity, { userId });
