// What TypeORM knows of this subgraph's schema.
import { migrate } from '@taskgraph/shared/database';
import { prepareEventLog } from '@taskgraph/shared/event-log-schema';
import { ChannelEntity } from './entities/channel.js';
import { ChannelMemberEntity } from './entities/channel-member.js';
import { NotificationEntity } from './entities/notification.js';
import { CreateChannels1763600000000 } from './migrations/1763600000000-create-channels.js';
import { CompleteChannels1763700000040 } from './migrations/1763700000040-complete-channels.js';

export const entities = [ChannelEntity, ChannelMemberEntity, NotificationEntity];

const migrations = [CreateChannels1763600000000, CompleteChannels1763700000040];

/** Brings the schema up to date; safe with several replicas starting at once. */
export const migrateDatabase = (ownerUrl: string): Promise<void> => migrate(ownerUrl, migrations, prepareEventLog);
