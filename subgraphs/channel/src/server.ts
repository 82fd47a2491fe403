// Composition root of the channel subgraph's API.
import { createAccess } from '@taskgraph/shared/access/access';
import { createCursorCodec } from '@taskgraph/shared/cursor';
import { databaseAnswers, openDatabase } from '@taskgraph/shared/database';
import { addEventFeed, watchLog } from '@taskgraph/shared/event-feed';
import { createIdentitySigner, createIdentityVerifier } from '@taskgraph/shared/identity';
import { createPeer } from '@taskgraph/shared/peer';
import { createReleasers } from '@taskgraph/shared/shutdown';
import { startSubgraph } from '@taskgraph/shared/subgraph-server';
import type { Logger } from 'pino';
import { addCodeLookupRoutes } from './code-lookup-routes.js';
import type { Config } from './config.js';
import { createContext } from './context.js';
import { entities, migrateDatabase } from './database.js';
import { resolvers } from './resolvers/index.js';
import { addMembershipRoute } from './routes.js';
import { addUnsubscribeRoutes } from './unsubscribe-routes.js';
import { addWakeups } from './wakeups.js';

/** Name under which the worker follows the other logs. */
const consumer = 'channel';

/** What voids cached answers of the gateway (docs/caching.md). */
const gatewayReads: ReadonlySet<string> = new Set([
  'channel.created', 'channel.updated', 'channel.joined', 'channel.left', 'channel.member-changed', 'channel.member-removed', 'channel.deleted',
]);

/** Starts the API and answers its address; `stop` releases everything in reverse. */
export async function startServer(config: Config, log: Logger): Promise<{ url: string; stop: () => Promise<void> }> {
  const releasers = createReleasers(log);
  try {
    await migrateDatabase(config.OWNER_DATABASE_URL);
    const database = await openDatabase({ url: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE, entities, applicationName: 'channel', log });
    releasers.add('database', () => database.destroy());
    const watcher = watchLog(database);
    releasers.add('log watcher', () => watcher.stop());
    const project = createPeer({ name: 'project', url: config.PROJECT_URL, signer: createIdentitySigner({ service: 'channel', privateKey: config.IDENTITY_PRIVATE_KEY }) });
    releasers.add('peer project', () => project.close());
    const cursors = (kind: string) => createCursorCodec(config.SECRET_KEY, kind);

    const { url } = await startSubgraph({
      name: 'channel',
      schemaPath: new URL('../schema.graphql', import.meta.url),
      resolvers,
      context: createContext({
        database,
        secretKey: config.SECRET_KEY,
        pageLimits: { defaultSize: config.DEFAULT_PAGE_SIZE, maxSize: config.MAX_PAGE_SIZE },
        cursors: { deadLetters: cursors('dead letters'), channels: cursors('channels'), members: cursors('channel members'), notifications: cursors('notifications'), feed: cursors('feed'), webhookDeliveries: cursors('webhook deliveries') },
        // Only projects are asked about. The worker keeps this copy under the same name.
        access: createAccess({ database, consumer, peers: { project, channel: project } }),
        committed: () => watcher.poke(),
      }),
      routes: (app) => {
        addEventFeed(app, database, watcher, gatewayReads);
        addWakeups(app, database);
        addMembershipRoute(app, database);
        addUnsubscribeRoutes(app, database, config.SECRET_KEY);
        addCodeLookupRoutes(app, { database, secretKey: config.SECRET_KEY });
      },
      verify: createIdentityVerifier({ service: 'channel', publicKeys: config.IDENTITY_PUBLIC_KEYS }),
      // The queue is the worker's: requests are served without it.
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
