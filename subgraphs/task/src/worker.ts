// Composition root of the task subgraph's background work: the copy of memberships, follow-ups, imports.
import { createAccess } from '@taskgraph/shared/access/access';
import { forgetPlaces } from '@taskgraph/shared/access/copy';
import { channelReactions, projectReactions } from '@taskgraph/shared/access/reactions';
import { openDatabase } from '@taskgraph/shared/database';
import { onRedriveRequested, redriveParked, startDeadLetters, type Redrive } from '@taskgraph/shared/dead-letters';
import { startTail, type Reaction, type Rebuild } from '@taskgraph/shared/event-tail';
import { createIdentitySigner } from '@taskgraph/shared/identity';
import { tellOfWork } from '@taskgraph/shared/metrics/work-figures';
import { createPeer } from '@taskgraph/shared/peer';
import { createQueueBackend, type QueueBackend } from '@taskgraph/shared/queue';
import type { Releasers } from '@taskgraph/shared/shutdown';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Config } from './config.js';
import { entities } from './database.js';
import { onAccessLost } from './events/on-access-lost.js';
import { onChannelDeleted } from './events/on-channel-deleted.js';
import { startImports } from './imports/start-imports.js';
import { startFollowUps } from './jobs/follow-up.js';
import { startPeriodic } from './jobs/periodic.js';
import { startJobs } from './jobs/start-jobs.js';
import { tellRestoredLosses } from './jobs/tell-restored-losses.js';
import { runningImports } from './repositories/import-repository.js';
import { keepMembers } from './repositories/restore-repository.js';

/** Name of the read model that memberships are copied into. */
export const accessConsumer = 'access';

/** Starts following the owners of memberships and all other background work. Answers pool and queue, for readiness. */
export async function startWorker(config: Config, log: Logger, releasers: Releasers): Promise<{ database: DataSource; queue: QueueBackend }> {
  const dataSource = await openDatabase({ url: config.WORKER_DATABASE_URL, poolSize: 8, applicationName: 'task worker', entities, log });
  releasers.add('worker database', () => dataSource.destroy());
  const signer = createIdentitySigner({ service: 'task', privateKey: config.IDENTITY_PRIVATE_KEY });
  const copyOfChannels = channelReactions(onAccessLost);
  const sources = [
    { name: 'project', url: config.PROJECT_URL, reactions: projectReactions(onAccessLost) },
    { name: 'channel', url: config.CHANNEL_URL, reactions: { ...copyOfChannels, 'channel.deleted': onChannelDeleted(copyOfChannels['channel.deleted'] as Reaction), 'dead-letters.redrive-requested': onRedriveRequested } },
  ] as const;
  const redrives: Record<string, Redrive> = {};
  for (const { name, url, reactions } of sources) {
    redrives[`${accessConsumer}<${name}`] = redriveParked(reactions);
    const source = createPeer({ name, url, signer });
    releasers.add(`peer ${name}`, () => source.close());
    const onNewEpoch: Rebuild = async (tx) => {
      await keepMembers(tx.query, name);
      await forgetPlaces(tx.query, name);
    };
    const tail = startTail({ consumer: accessConsumer, source, reactions, onNewEpoch, dataSource, log });
    releasers.add(`tail of ${name}`, () => tail.stop());
  }
  const deadLetters = startDeadLetters({ owner: 'task', database: dataSource, redrives, log });
  releasers.add('dead letters', () => deadLetters.stop());
  const restored = startPeriodic({ name: 'telling of what a restore took away', everyMs: 1_000, turn: () => tellRestoredLosses(dataSource, accessConsumer, onAccessLost) }, log);
  releasers.add('telling of what a restore took away', () => restored.stop());
  const followUps = startFollowUps(dataSource, log);
  releasers.add('follow-ups', () => followUps.stop());
  startJobs(dataSource, config.TASK_LOG_RETENTION_DAYS, log, releasers);

  const openPeer = (name: string, url: string) => {
    const peer = createPeer({ name, url, signer });
    releasers.add(`peer ${name} of imports`, () => peer.close());
    return peer;
  };
  const backend = createQueueBackend({
    owner: 'task', redisUrl: config.REDIS_URL, databaseUrl: config.QUEUE_DATABASE_URL, memoryMarkPercent: config.REDIS_MEMORY_MARK_PERCENT, log,
  });
  releasers.add('queue', () => backend.close());
  await startImports({
    database: dataSource, backend, directory: config.UPLOAD_DIR, log, releasers, users: openPeer('user', config.USER_URL),
    access: createAccess({ database: dataSource, consumer: accessConsumer, accessLost: onAccessLost, peers: { project: openPeer('project', config.PROJECT_URL), channel: openPeer('channel', config.CHANNEL_URL) } }),
    load: config.TASKS_CSV && config.TASKS_CSV_OWNER ? { file: config.TASKS_CSV, owner: config.TASKS_CSV_OWNER } : null,
  });
  const figures = tellOfWork({ schema: 'task', database: dataSource, waiting: [{ queue: 'imports', rows: runningImports }] });
  releasers.add('figures', figures.stop);
  return { database: dataSource, queue: backend };
}
