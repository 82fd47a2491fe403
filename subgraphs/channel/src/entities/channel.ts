import type { Connection } from '@taskgraph/shared/pagination';
import { EntitySchema } from 'typeorm';

export interface ChannelRow {
  id: string;
  name: string;
  /** Name folded to lower case, for the order of lists. */
  nameKey: string;
  description: string | null;
  /** Eight letters of Crockford's base 32; unique. */
  code: string;
  creatorId: string;
  /** What was sent when it was made; tells a repeated create from another one. */
  createdAs: string;
  memberCount: number;
  createdAt: Date;
  /** Counts changes of the channel and its members. */
  version: number;
  /** Number of events written about this channel. */
  eventSeq: number;
}

export type ChannelPage = Connection<ChannelRow>;

export const ChannelEntity = new EntitySchema<ChannelRow>({
  name: 'Channel',
  tableName: 'channels',
  columns: {
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    nameKey: { type: 'text', name: 'name_key' },
    description: { type: 'text', nullable: true },
    code: { type: 'text' },
    creatorId: { type: 'uuid', name: 'creator_id' },
    createdAs: { type: 'text', name: 'created_as' },
    memberCount: { type: 'integer', name: 'member_count' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    version: { type: 'integer' },
    eventSeq: { type: 'integer', name: 'event_seq' },
  },
});
