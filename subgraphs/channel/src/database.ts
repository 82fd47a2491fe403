// What TypeORM knows of this subgraph's schema.
import { migrate } from '@taskgraph/shared/database';
import { prepareEventLog } from '@taskgraph/shared/event-log-schema';
import { ChannelEntity } from './entities/channel.js';
import { ChannelMemberEntity } from './entities/channel-member.js';
import { NotificationEntity } from './entities/notification.js';
import { CreateChannels1763600000000 } from './migrations/1763600000000-create-channels.js';
import { CompleteChannels1763700000040 } from './migrations/1763700000040-complete-channels.js';
import { ListDeadLetters1763800000034 } from './migrations/1763800000034-list-dead-letters.js';
import { WidenNotifications1763800000060 } from './migrations/1763800000060-widen-notifications.js';
import { AddNotificationSettings1763800000061 } from './migrations/1763800000061-add-notification-settings.js';
import { AddActivities1763800000062 } from './migrations/1763800000062-add-activities.js';
import { AddWebhooks1763800000064 } from './migrations/1763800000064-add-webhooks.js';
import { KeepWebhooks1763800000065 } from './migrations/1763800000065-keep-webhooks.js';
import { FollowNotifications1763800000070 } from './migrations/1763800000070-follow-notifications.js';
import { KeepDeliveriesForATime1763800000100 } from './migrations/1763800000100-keep-deliveries-for-a-time.js';
import { FollowTraces1763800000123 } from './migrations/1763800000123-follow-traces.js';

export const entities = [ChannelEntity, ChannelMemberEntity, NotificationEntity];

const migrations = [CreateChannels1763600000000, CompleteChannels1763700000040, ListDeadLetters1763800000034, WidenNotifications1763800000060, AddNotificationSettings1763800000061, AddActivities1763800000062, AddWebhooks1763800000064, KeepWebhooks1763800000065, FollowNotifications1763800000070, KeepDeliveriesForATime1763800000100, FollowTraces1763800000123];

/** Brings the schema up to date; safe with several replicas starting at once. */
export const migrateDatabase = (ownerUrl: string): Promise<void> => migrate(ownerUrl, migrations, prepareEventLog);
