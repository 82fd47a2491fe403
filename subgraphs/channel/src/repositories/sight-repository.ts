import { selectRows } from '@taskgraph/shared/database';
import type { DataSource } from 'typeorm';

/** Whether the copy says of each, in their order, that the person is a member. */
export async function areKnownMembers(database: DataSource, asked: readonly { scopeId: string; userId: string }[]): Promise<boolean[]> {
  const rows = await selectRows<{ member: boolean }>(
    database,
    `select m.role is not null as member from unnest($1::uuid[], $2::uuid[]) with ordinality q (scope_id, user_id, position)
     left join scope_members m on m.scope_id = q.scope_id and m.user_id = q.user_id order by q.position`,
    [asked.map(({ scopeId }) => scopeId), asked.map(({ userId }) => userId)],
  );
  return rows.map((row) => row.member);
}

/** Whether each, in their order, belongs to a channel. */
export async function areChannelMembers(database: DataSource, asked: readonly { channelId: string; userId: string }[]): Promise<boolean[]> {
  const rows = await selectRows<{ member: boolean }>(
    database,
    `select m.user_id is not null as member from unnest($1::uuid[], $2::uuid[]) with ordinality q (channel_id, user_id, position)
     left join channel_members m on m.channel_id = q.channel_id and m.user_id = q.user_id order by q.position`,
    [asked.map(({ channelId }) => channelId), asked.map(({ userId }) => userId)],
  );
  return rows.map((row) => row.member);
}
