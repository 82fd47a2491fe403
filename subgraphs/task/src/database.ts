// What TypeORM knows of this subgraph's schema, and reading as a viewer.
import { migrate } from '@taskgraph/shared/database';
import { prepareEventLog } from '@taskgraph/shared/event-log-schema';
import { isUuid } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import type { DataSource } from 'typeorm';
import { CommentEntity } from './entities/comment.js';
import { LabelEntity } from './entities/label.js';
import { ImportEntity } from './entities/task-import.js';
import { TaskEntity } from './entities/task.js';
import { TaskTemplateEntity } from './entities/task-template.js';
import { CreateTasks1763600000000 } from './migrations/1763600000000-create-tasks.js';
import { ExtendTasks1763700000001 } from './migrations/1763700000001-extend-tasks.js';
import { IndexTaskLists1763700000010 } from './migrations/1763700000010-index-task-lists.js';
import { PlaceAttachments1763700000020 } from './migrations/1763700000020-place-attachments.js';
import { LinkTasks1763700000030 } from './migrations/1763700000030-link-tasks.js';
import { CreateImports1763700000040 } from './migrations/1763700000040-create-imports.js';
import { FollowEpochs1763700000060 } from './migrations/1763700000060-follow-epochs.js';
import { TrashChannels1763700000061 } from './migrations/1763700000061-trash-channels.js';
import { ShortenWrites1763800000020 } from './migrations/1763800000020-shorten-writes.js';
import { TellWhatChanged1763800000021 } from './migrations/1763800000021-tell-what-changed.js';
import { ReportDeadLetters1763800000032 } from './migrations/1763800000032-report-dead-letters.js';
import { TurnSortKeys1763800000080 } from './migrations/1763800000080-turn-sort-keys.js';
import { FollowTraces1763800000122 } from './migrations/1763800000122-follow-traces.js';

export const entities = [TaskEntity, ImportEntity, LabelEntity, CommentEntity, TaskTemplateEntity];

const migrations = [CreateTasks1763600000000, ExtendTasks1763700000001, IndexTaskLists1763700000010, PlaceAttachments1763700000020, LinkTasks1763700000030, CreateImports1763700000040, FollowEpochs1763700000060, TrashChannels1763700000061, ShortenWrites1763800000020, TellWhatChanged1763800000021, ReportDeadLetters1763800000032, TurnSortKeys1763800000080, FollowTraces1763800000122];

/** Brings the schema up to date; safe with several replicas starting at once. */
export const migrateDatabase = (ownerUrl: string): Promise<void> => migrate(ownerUrl, migrations, prepareEventLog);

/** Runs a statement and answers its rows. */
export type Rows = <R>(sql: string, parameters?: unknown[]) => Promise<R[]>;

/** Statement that tells row level security who is looking; lasts until the end of the transaction. */
export function becomeViewer(viewerId: string): string {
  if (!isUuid(viewerId)) throw new Error('a viewer id must be a UUID');
  return `select set_config('app.viewer', '${viewerId}', true), set_config('app.personal_scope', '${scopeId('user', viewerId)}', true)`;
}

/** Reads inside one short transaction in which row level security shows what this viewer may see. */
export async function readAs<T>(database: DataSource, viewerId: string, work: (rows: Rows) => Promise<T>): Promise<T> {
  const runner = database.createQueryRunner();
  try {
    // One round trip: the viewer id is a checked UUID, so it can stand in the text.
    await runner.query(`start transaction read only; ${becomeViewer(viewerId)}`);
    try {
      return await work(async <R>(sql: string, parameters?: unknown[]) => (await runner.query(sql, parameters ?? [])) as R[]);
    } finally {
      await runner.query('rollback').catch(() => undefined);
    }
  } finally {
    await runner.release();
  }
}
