import type { ChannelRole } from '@taskgraph/shared/contracts/channel-events';
import type { Connection } from '@taskgraph/shared/pagination';
import { EntitySchema } from 'typeorm';

export interface ChannelMemberRow {
  channelId: string;
  userId: string;
  role: ChannelRole;
  joinedAt: Date;
}

export type ChannelMemberPage = Connection<ChannelMemberRow>;

export const ChannelMemberEntity = new EntitySchema<ChannelMemberRow>({
  name: 'ChannelMember',
  tableName: 'channel_members',
  columns: {
    channelId: { type: 'uuid', primary: true, name: 'channel_id' },
    userId: { type: 'uuid', primary: true, name: 'user_id' },
    role: { type: 'text' },
    joinedAt: { type: 'timestamptz', name: 'joined_at' },
  },
});
