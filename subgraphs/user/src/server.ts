// Composition root of the user subgraph's API.
import { createCursorCodec } from '@taskgraph/shared/cursor';
import { databaseAnswers, openDatabase } from '@taskgraph/shared/database';
import { addEventFeed, watchLog } from '@taskgraph/shared/event-feed';
import { createIdentityVerifier } from '@taskgraph/shared/identity';
import { createReleasers } from '@taskgraph/shared/shutdown';
import { startSubgraph } from '@taskgraph/shared/subgraph-server';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { createContext } from './context.js';
import { entities, migrateDatabase } from './database.js';
import { addApiTokenRoute } from './api-token-route.js';
import { addInternalRoutes } from './internal-routes.js';
import { resolvers } from './resolvers/index.js';
import { warmUp } from './passwords.js';
import { cookieSettings } from './refresh-cookie.js';
import { openSigningKeys } from './signing-keys.js';

/** What the gateway ends sessions, sockets and roles by. */
const gatewayReads: ReadonlySet<string> = new Set(['user.sessions-revoked', 'user.deactivated', 'user.reactivated', 'user.updated']);

/** Starts the API and answers its address; `stop` releases everything in reverse. */
export async function startServer(config: Config, log: Logger): Promise<{ url: string; stop: () => Promise<void> }> {
  const releasers = createReleasers(log);
  try {
    await migrateDatabase(config.OWNER_DATABASE_URL);
    const database = await openDatabase({ url: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE, entities, applicationName: 'user', log });
    releasers.add('database', () => database.destroy());
    const watcher = watchLog(database);
    releasers.add('log watcher', () => watcher.stop());
    const keys = await openSigningKeys({
      database, log,
      secretKey: config.SECRET_KEY,
      accessMinutes: config.ACCESS_TOKEN_EXPIRE_MINUTES,
      rotateDays: config.SIGNING_KEY_ROTATE_DAYS,
      checkSeconds: config.SIGNING_KEY_CHECK_SECONDS,
    });
    releasers.add('signing keys', () => keys.stop());
    await warmUp();
    const production = config.NODE_ENV === 'production';

    const { url } = await startSubgraph({
      name: 'user',
      schemaPath: new URL('../schema.graphql', import.meta.url),
      resolvers,
      context: createContext({
        database,
        secretKey: config.SECRET_KEY,
        cookie: cookieSettings(config.PUBLIC_URL, production),
        tokens: { keys, accessMinutes: config.ACCESS_TOKEN_EXPIRE_MINUTES, sessionDays: config.SESSION_EXPIRE_DAYS, secretKey: config.SECRET_KEY },
        bootstrapToken: config.BOOTSTRAP_TOKEN ?? null,
        production,
        pageLimits: { defaultSize: config.DEFAULT_PAGE_SIZE, maxSize: config.MAX_PAGE_SIZE },
        cursors: createCursorCodec(config.SECRET_KEY, 'users'),
        committed: () => watcher.poke(),
      }),
      routes: (app) => {
        addEventFeed(app, database, watcher, gatewayReads);
        addInternalRoutes(app, database);
        addApiTokenRoute(app, database);
        app.get('/internal/jwks', async () => keys.jwks());
      },
      verify: createIdentityVerifier({ service: 'user', publicKeys: config.IDENTITY_PUBLIC_KEYS }),
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
