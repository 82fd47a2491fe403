// Composition root of the stats subgraph's API.
import { createAccess } from '@taskgraph/shared/access/access';
import { databaseAnswers, openDatabase } from '@taskgraph/shared/database';
import { addEventFeed, watchLog } from '@taskgraph/shared/event-feed';
import { createIdentitySigner, createIdentityVerifier } from '@taskgraph/shared/identity';
import { createPeer } from '@taskgraph/shared/peer';
import { createReleasers } from '@taskgraph/shared/shutdown';
import { startSubgraph } from '@taskgraph/shared/subgraph-server';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { createContext } from './context.js';
import { migrateDatabase } from './database.js';
import { consumer } from './feeds.js';
import { resolvers } from './resolvers/index.js';

/** Starts the API and answers its address; `stop` releases everything in reverse. */
export async function startServer(config: Config, log: Logger): Promise<{ url: string; stop: () => Promise<void> }> {
  const releasers = createReleasers(log);
  try {
    await migrateDatabase(config.OWNER_DATABASE_URL);
    const database = await openDatabase({ url: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE, applicationName: 'stats', log });
    releasers.add('database', () => database.destroy());
    const watcher = watchLog(database);
    releasers.add('log watcher', () => watcher.stop());
    const signer = createIdentitySigner({ service: 'stats', privateKey: config.IDENTITY_PRIVATE_KEY });
    const project = createPeer({ name: 'project', url: config.PROJECT_URL, signer });
    releasers.add('project peer', () => project.close());
    const channel = createPeer({ name: 'channel', url: config.CHANNEL_URL, signer });
    releasers.add('channel peer', () => channel.close());

    const { url } = await startSubgraph({
      name: 'stats',
      schemaPath: new URL('../schema.graphql', import.meta.url),
      resolvers,
      context: createContext({ database, access: createAccess({ database, consumer, peers: { project, channel } }) }),
      routes: (app) => addEventFeed(app, database, watcher),
      verify: createIdentityVerifier({ service: 'stats', publicKeys: config.IDENTITY_PUBLIC_KEYS }),
      missing: async () => ((await databaseAnswers(database)) ? [] : ['database']),
      logger: log,
      releasers,
      host: config.HOST,
      port: config.PORT,
    });
    log.info({ url }, 'listening');
    return { url, stop: () => releasers.releaseAll() };
  } catch (error) {
    await releasers.releaseAll();
    throw error;
  }
}
