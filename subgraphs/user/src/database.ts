// What TypeORM knows of this subgraph's schema.
import { prepareEventLog } from '@taskgraph/shared/event-log-schema';
import { migrate } from '@taskgraph/shared/database';
import { ApiTokenEntity } from './entities/api-token.js';
import { SessionEntity } from './entities/session.js';
import { UserEntity } from './entities/user.js';
import { CreateAccounts1763600000000 } from './migrations/1763600000000-create-accounts.js';
import { CompleteAccounts1763700000010 } from './migrations/1763700000010-complete-accounts.js';
import { ReportDeadLetters1763800000030 } from './migrations/1763800000030-report-dead-letters.js';
import { FollowTraces1763800000120 } from './migrations/1763800000120-follow-traces.js';

export const entities = [UserEntity, SessionEntity, ApiTokenEntity];

/** Brings the schema up to date; safe with several replicas starting at once. */
export const migrateDatabase = (ownerUrl: string): Promise<void> =>
  migrate(ownerUrl, [CreateAccounts1763600000000, CompleteAccounts1763700000010, ReportDeadLetters1763800000030, FollowTraces1763800000120], prepareEventLog);
