// What TypeORM knows of this subgraph's schema.
import { migrate } from '@taskgraph/shared/database';
import { prepareEventLog } from '@taskgraph/shared/event-log-schema';
import { ProjectMemberEntity } from './entities/project-member.js';
import { ProjectEntity } from './entities/project.js';
import { CreateProjects1763600000000 } from './migrations/1763600000000-create-projects.js';
import { CreateInvites1763700000021 } from './migrations/1763700000021-create-invites.js';
import { ReportDeadLetters1763800000031 } from './migrations/1763800000031-report-dead-letters.js';
import { FollowTraces1763800000121 } from './migrations/1763800000121-follow-traces.js';

export const entities = [ProjectEntity, ProjectMemberEntity];

/** Brings the schema up to date; safe with several replicas starting at once. */
export const migrateDatabase = (ownerUrl: string): Promise<void> =>
  migrate(ownerUrl, [CreateProjects1763600000000, CreateInvites1763700000021, ReportDeadLetters1763800000031, FollowTraces1763800000121], prepareEventLog);
