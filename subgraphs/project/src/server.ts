// Composition root of the project subgraph's API.
import { createCursorCodec } from '@taskgraph/shared/cursor';
import { databaseAnswers, openDatabase } from '@taskgraph/shared/database';
import { addEventFeed, watchLog } from '@taskgraph/shared/event-feed';
import { createIdentitySigner, createIdentityVerifier } from '@taskgraph/shared/identity';
import { createPeer } from '@taskgraph/shared/peer';
import { createReleasers } from '@taskgraph/shared/shutdown';
import { startSubgraph } from '@taskgraph/shared/subgraph-server';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { createContext } from './context.js';
import { entities, migrateDatabase } from './database.js';
import { addInternalRoutes } from './internal-routes.js';
import { createInviteCodes } from './invite-codes.js';
import { resolvers } from './resolvers/index.js';

/** What voids cached answers of the gateway (docs/caching.md). */
const gatewayReads: ReadonlySet<string> = new Set([
  'project.created', 'project.updated', 'project.archived', 'project.restored', 'project.member-added', 'project.member-changed', 'project.member-removed',
]);

/** Starts the API and answers its address; `stop` releases everything in reverse. */
export async function startServer(config: Config, log: Logger): Promise<{ url: string; stop: () => Promise<void> }> {
  const releasers = createReleasers(log);
  try {
    await migrateDatabase(config.OWNER_DATABASE_URL);
    const database = await openDatabase({ url: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE, entities, applicationName: 'project', log });
    releasers.add('database', () => database.destroy());
    const watcher = watchLog(database);
    releasers.add('log watcher', () => watcher.stop());
    const signer = createIdentitySigner({ service: 'project', privateKey: config.IDENTITY_PRIVATE_KEY });
    const users = createPeer({ name: 'user', url: config.USER_URL, signer });
    releasers.add('user peer', () => users.close());
    const channels = createPeer({ name: 'channel', url: config.CHANNEL_URL, signer });
    releasers.add('channel peer', () => channels.close());

    const { url } = await startSubgraph({
      name: 'project',
      schemaPath: new URL('../schema.graphql', import.meta.url),
      resolvers,
      context: createContext({
        database,
        secretKey: config.SECRET_KEY,
        inviteCodes: createInviteCodes(config.SECRET_KEY),
        users,
        channels,
        pageLimits: { defaultSize: config.DEFAULT_PAGE_SIZE, maxSize: config.MAX_PAGE_SIZE },
        cursors: { projects: createCursorCodec(config.SECRET_KEY, 'projects'), members: createCursorCodec(config.SECRET_KEY, 'project members') },
        committed: () => watcher.poke(),
      }),
      routes: (app) => {
        addEventFeed(app, database, watcher, gatewayReads);
        addInternalRoutes(app, database);
      },
      verify: createIdentityVerifier({ service: 'project', publicKeys: config.IDENTITY_PUBLIC_KEYS }),
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
