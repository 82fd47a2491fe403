// The periodic work of the task worker, listed by hand.
import type { Logger } from 'pino';
import type { Releasers } from '@taskgraph/shared/shutdown';
import type { DataSource } from 'typeorm';
import { tellDueTasks } from './due-notices.js';
import { expireRecords } from './expire-records.js';
import { forgetPurged } from './forget-purged.js';
import { createPace, taskBatch } from './pace.js';
import { startPeriodic, type Periodic } from './periodic.js';
import { purgeTrash } from './purge-trash.js';
import { tellRenames } from './tell-renames.js';
import { trashChannels } from './trash-channels.js';

export function startJobs(dataSource: DataSource, retentionDays: number, log: Logger, releasers: Releasers): void {
  const paces = { due: createPace(taskBatch), trash: createPace(taskBatch), purge: createPace(taskBatch), renames: createPace(taskBatch) };
  const jobs: Periodic[] = [
    { name: 'due notices', everyMs: 2_000, turn: () => tellDueTasks(dataSource, paces.due) },
    { name: 'trashing of deleted channels', everyMs: 500, turn: () => trashChannels(dataSource, paces.trash) },
    { name: 'telling of renamed labels', everyMs: 500, turn: () => tellRenames(dataSource, paces.renames) },
    { name: 'purge of the trash', everyMs: 60_000, turn: () => purgeTrash(dataSource, paces.purge) },
    { name: 'forgetting of purged tasks', everyMs: 600_000, turn: () => forgetPurged(dataSource, retentionDays) },
    { name: 'expiry of resends and undo tokens', everyMs: 600_000, turn: () => expireRecords(dataSource) },
  ];
  for (const job of jobs) {
    const running = startPeriodic(job, log);
    releasers.add(job.name, () => running.stop());
  }
}
