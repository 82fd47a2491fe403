import { addEpochToPositions } from '@taskgraph/shared/event-log-schema';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Positions know the epoch of the log they lie in, and the copy of memberships can be emptied for a rebuild. */
export class FollowEpochs1763700000060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addEpochToPositions(runner, 'task');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: positions would lose their epochs');
  }
}
