// What is known of this subgraph's schema.
import { migrate } from '@taskgraph/shared/database';
import { prepareEventLog } from '@taskgraph/shared/event-log-schema';
import { CreateFigures1763600000000 } from './migrations/1763600000000-create-figures.js';
import { CountTrash1763700000050 } from './migrations/1763700000050-count-trash.js';
import { CountDays1763800000050 } from './migrations/1763800000050-count-days.js';
import { KnowTimeZones1763800000051 } from './migrations/1763800000051-know-time-zones.js';
import { ReportDeadLetters1763800000033 } from './migrations/1763800000033-report-dead-letters.js';
import { FollowTraces1763800000124 } from './migrations/1763800000124-follow-traces.js';

const migrations = [CreateFigures1763600000000, CountTrash1763700000050, CountDays1763800000050, KnowTimeZones1763800000051, ReportDeadLetters1763800000033, FollowTraces1763800000124];

/** Brings the schema up to date; safe with several replicas starting at once. */
export const migrateDatabase = (ownerUrl: string): Promise<void> => migrate(ownerUrl, migrations, prepareEventLog);
