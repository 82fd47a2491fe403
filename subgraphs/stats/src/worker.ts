// Composition root of the stats subgraph's background work: it follows four logs, and makes the figures anew when asked to.
import { forgetPlaces } from '@taskgraph/shared/access/copy';
import { channelReactions, projectReactions } from '@taskgraph/shared/access/reactions';
import { databaseAnswers, openDatabase } from '@taskgraph/shared/database';
import { onRedriveRequested, redriveParked, startDeadLetters } from '@taskgraph/shared/dead-letters';
import { startTail, type BatchReaction, type Reaction, type Rebuild } from '@taskgraph/shared/event-tail';
import { createHttpServer } from '@taskgraph/shared/http-server';
import { createIdentitySigner } from '@taskgraph/shared/identity';
import { tellOfWork } from '@taskgraph/shared/metrics/work-figures';
import { createPeer } from '@taskgraph/shared/peer';
import { createReleasers } from '@taskgraph/shared/shutdown';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { migrateDatabase } from './database.js';
import { onTaskChanged, onTasksChanged } from './events/on-task-changed.js';
import { onUserChanged } from './events/on-user-changed.js';
import { consumer, sources } from './feeds.js';
import { startRebuilds } from './jobs/rebuild.js';
import { serveEmpty } from './repositories/generation-repository.js';
import { forgetPeople } from './repositories/person-repository.js';

/** Every event this subgraph reacts to, by the log it comes from. */
export const reactions: Record<(typeof sources)[number], Record<string, Reaction>> = {
  task: {
    'task.created': onTaskChanged,
    'task.updated': onTaskChanged,
    'task.assigned': onTaskChanged,
    'task.completed': onTaskChanged,
    'task.reopened': onTaskChanged,
    'task.moved': onTaskChanged,
    'task.deleted': onTaskChanged,
    'task.restored': onTaskChanged,
    'task.purged': onTaskChanged,
  },
  project: projectReactions(),
  channel: { ...channelReactions(), 'dead-letters.redrive-requested': onRedriveRequested },
  user: {
    'user.registered': onUserChanged,
    'user.updated': onUserChanged,
    'user.deactivated': onUserChanged,
    'user.reactivated': onUserChanged,
  },
};

/** What is emptied when a log has begun a new epoch and is read again from its start (RULES §4). */
const rebuilds: Record<(typeof sources)[number], Rebuild> = {
  task: serveEmpty,
  project: (tx) => forgetPlaces(tx.query, 'project'),
  channel: (tx) => forgetPlaces(tx.query, 'channel'),
  user: forgetPeople,
};

/** What is applied a batch at a time: task events are by far the most. */
const together: Partial<Record<(typeof sources)[number], BatchReaction>> = { task: onTasksChanged };

/** A transaction of these lasts far less than 200 ms (RULES §4). */
const batchSize = 250;

/** Starts following. `probes` opens a server for /livez and /readyz, for a process that plays no other role. */
export async function startWorker(config: Config, log: Logger, { probes }: { probes: boolean }): Promise<{ url: string | null; stop: () => Promise<void> }> {
  const releasers = createReleasers(log);
  try {
    await migrateDatabase(config.OWNER_DATABASE_URL);
    const database = await openDatabase({ url: config.WORKER_DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE, applicationName: 'stats worker', log });
    releasers.add('database', () => database.destroy());
    const signer = createIdentitySigner({ service: 'stats', privateKey: config.IDENTITY_PRIVATE_KEY });
    const urls = { task: config.TASK_URL, project: config.PROJECT_URL, channel: config.CHANNEL_URL, user: config.USER_URL };
    for (const name of sources) {
      const source = createPeer({ name, url: urls[name], signer });
      releasers.add(`${name} peer`, () => source.close());
      const atOnce = together[name];
      const tail = startTail({
        consumer, source, reactions: reactions[name], ...(atOnce ? { together: atOnce, batchSize } : {}), onNewEpoch: rebuilds[name], dataSource: database, log,
      });
      releasers.add(`tail of ${name}`, () => tail.stop());
      if (name === 'task') releasers.add('rebuilds', startRebuilds({ database, source, log }).stop);
    }
    const redrives = Object.fromEntries(sources.map((name) => [`${consumer}<${name}`, redriveParked(reactions[name])]));
    releasers.add('dead letters', startDeadLetters({ owner: 'stats', database, redrives, log }).stop);
    releasers.add('figures', tellOfWork({ schema: 'stats', database, waiting: [] }).stop);
    if (!probes) return { url: null, stop: () => releasers.releaseAll() };

    const app = createHttpServer({ logger: log, missing: async () => ((await databaseAnswers(database)) ? [] : ['database']) });
    const url = await app.listen({ host: config.HOST, port: config.PORT });
    releasers.add('http server', () => app.close());
    log.info({ url }, 'following');
    return { url, stop: () => releasers.releaseAll() };
  } catch (error) {
    await releasers.releaseAll();
    throw error;
  }
}
