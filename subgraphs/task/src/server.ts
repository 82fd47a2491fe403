// Composition root of the task subgraph: one HTTP server, with the API and the background work as ROLES say.
import { createAccess } from '@taskgraph/shared/access/access';
import { createCursorCodec } from '@taskgraph/shared/cursor';
import { databaseAnswers, openDatabase } from '@taskgraph/shared/database';
import { addEventFeed, watchLog } from '@taskgraph/shared/event-feed';
import { createAsOfSampler } from '@taskgraph/shared/event-reader';
import { createHttpServer } from '@taskgraph/shared/http-server';
import { createIdentitySigner, createIdentityVerifier } from '@taskgraph/shared/identity';
import { createPeer } from '@taskgraph/shared/peer';
import { createReleasers, type Releasers } from '@taskgraph/shared/shutdown';
import { startSubgraph } from '@taskgraph/shared/subgraph-server';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Config } from './config.js';
import { createContext } from './context.js';
import { entities, migrateDatabase } from './database.js';
import { onAccessLost } from './events/on-access-lost.js';
import { addDownloadRoute } from './exports/download-route.js';
import { createHandles } from './handles.js';
import { addImportMoves } from './import-moves.js';
import { makeDirectory } from './imports/files.js';
import { addUploadRoute } from './imports/upload-route.js';
import { resolvers } from './resolvers/index.js';
import { addScopeViewers } from './scope-viewers.js';
import { createSignedLinks } from './signed-links.js';
import { addWakeups } from './wakeups.js';
import { accessConsumer, startWorker } from './worker.js';

/** Starts the roles and answers the address; `stop` releases everything in reverse. */
export async function startServer(config: Config, log: Logger): Promise<{ url: string; stop: () => Promise<void> }> {
  const releasers = createReleasers(log);
  try {
    await migrateDatabase(config.OWNER_DATABASE_URL);
    const databases: DataSource[] = [];
    let worker: Awaited<ReturnType<typeof startWorker>> | undefined;
    const missing = async () => {
      const [there, ofQueue] = await Promise.all([Promise.all(databases.map(databaseAnswers)), worker?.queue.missing() ?? []]);
      return [...(there.every(Boolean) ? [] : ['database']), ...ofQueue];
    };
    if (config.ROLES.includes('worker')) {
      worker = await startWorker(config, log, releasers);
      databases.push(worker.database);
    }
    const url = config.ROLES.includes('api')
      ? await startApi(config, log, releasers, databases, missing)
      : await startProbes(config, log, releasers, missing);
    log.info({ url, roles: config.ROLES }, 'listening');
    return { url, stop: () => releasers.releaseAll() };
  } catch (error) {
    await releasers.releaseAll();
    throw error;
  }
}

async function startApi(config: Config, log: Logger, releasers: Releasers, databases: DataSource[], missing: () => Promise<string[]>): Promise<string> {
  const database = await openDatabase({ url: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE, entities, applicationName: 'task', log });
  releasers.add('database', () => database.destroy());
  databases.push(database);
  const watcher = watchLog(database);
  releasers.add('log watcher', () => watcher.stop());
  const signer = createIdentitySigner({ service: 'task', privateKey: config.IDENTITY_PRIVATE_KEY });
  const users = createPeer({ name: 'user', url: config.USER_URL, signer });
  releasers.add('peer user', () => users.close());
  const peers = {
    project: createPeer({ name: 'project', url: config.PROJECT_URL, signer }),
    channel: createPeer({ name: 'channel', url: config.CHANNEL_URL, signer }),
  };
  releasers.add('peers', () => Promise.all([peers.project.close(), peers.channel.close()]));
  const access = createAccess({ database, consumer: accessConsumer, peers, accessLost: onAccessLost });
  const links = createSignedLinks(config.SECRET_KEY);
  await makeDirectory(config.UPLOAD_DIR);
  const { url } = await startSubgraph({
    name: 'task',
    schemaPath: new URL('../schema.graphql', import.meta.url),
    resolvers,
    context: createContext({
      database,
      secretKey: config.SECRET_KEY,
      access,
      pageLimits: { defaultSize: config.DEFAULT_PAGE_SIZE, maxSize: config.MAX_PAGE_SIZE },
      listCursors: createCursorCodec(config.SECRET_KEY, 'tasks'),
      logCursors: createCursorCodec(config.SECRET_KEY, 'task log'),
      handles: createHandles(users),
      links,
      publicUrl: config.PUBLIC_URL,
      watcher,
      sampler: createAsOfSampler(),
    }),
    routes: (app) => {
      addEventFeed(app, database, watcher);
      addWakeups(app, database, watcher);
      addImportMoves(app, database);
      addScopeViewers(app, { database, access, consumer: accessConsumer });
      addUploadRoute(app, { database, links, directory: config.UPLOAD_DIR, limit: config.UPLOAD_LIMIT_MB * 1_048_576 });
      addDownloadRoute(app, { database, links, users, directory: config.UPLOAD_DIR });
    },
    verify: createIdentityVerifier({ service: 'task', publicKeys: config.IDENTITY_PUBLIC_KEYS }),
    missing,
    logger: log,
    releasers,
    host: config.HOST,
    port: config.PORT,
  });
  return url;
}

/** A worker alone has no routes but the probes. */
async function startProbes(config: Config, log: Logger, releasers: Releasers, missing: () => Promise<string[]>): Promise<string> {
  const app = createHttpServer({ logger: log, missing });
  releasers.add('http server', () => app.close());
  return app.listen({ host: config.HOST, port: config.PORT });
}
