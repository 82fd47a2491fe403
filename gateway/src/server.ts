// Composition root of the gateway: everything is made here, and undone in reverse order by `stop`.
import type { AddressInfo } from 'node:net';
import { createHttpServer } from '@taskgraph/shared/http-server';
import { createIdentitySigner } from '@taskgraph/shared/identity';
import { createReleasers } from '@taskgraph/shared/shutdown';
import { StartError } from '@taskgraph/shared/start-error';
import { createWaitingLine } from '@taskgraph/shared/waiting-line';
import type { Logger } from 'pino';
import { createAdmit } from './admission.js';
import { createFindApiToken } from './api-tokens.js';
import { createAuthenticate } from './authentication.js';
import { subgraphNames, type Config } from './config.js';
import { createCache } from './caching/cache.js';
import { createDataSource } from './data-source.js';
import { startGraphQLServer } from './graphql-server.js';
import { addDegraded, missingParts } from './health.js';
import { addHttpRoutes } from './http-routes.js';
import { createLimits } from './limits/limits.js';
import { readTrustedDocuments } from './limits/trusted-documents.js';
import { createKeySet } from './key-set.js';
import { landingPage } from './landing-page.js';
import { measured, tellOfGateway } from './metrics.js';
import { createCounters } from './rate-limits/counters.js';
import { createRateLimits } from './rate-limits/rate-limits.js';
import { watchLoad } from './resilience/load.js';
import { createRevocations } from './revocations.js';
import { allowedOrigins } from './origins.js';
import { createSubgraphClient } from './subgraph-client.js';
import { createLive } from './subscriptions/live.js';
import { createEventStreams } from './subscriptions/event-stream.js';
import { createImportWakeups } from './subscriptions/import-wakeups.js';
import { createLogWakeups } from './subscriptions/log-wakeups.js';
import { createRunningSubscriptions } from './subscriptions/running-subscriptions.js';
import { createWakeups } from './subscriptions/wake-sources.js';
import { serveWebSocket } from './subscriptions/websocket.js';
import { followSupergraphFile, readSupergraph } from './supergraph/supergraph-file.js';
import { traced } from './tracing.js';
import { createTransfers } from './transfers.js';
import { createUnsubscribe } from './unsubscribe.js';
import { watchUnused } from './unused-connections.js';

export interface RunningGateway {
  url: string;
  stop: () => Promise<void>;
}

/** `supergraphSdl` is for tests that bring subgraphs of their own: it stands in for the file. */
export async function startGateway(config: Config, logger: Logger, supergraphSdl?: string): Promise<RunningGateway> {
  const releasers = createReleasers(logger);
  try {
    const signer = createIdentitySigner({ service: 'gateway', privateKey: config.identityPrivateKey });
    const clients = new Map(
      subgraphNames.map((name) => {
        const client = traced(measured(createSubgraphClient({ name, url: config.subgraphUrls[name], timeoutMs: config.subgraphTimeoutMs, connections: config.subgraphConnections, guard: config.guard, logger })));
        releasers.add(`connections to ${name}`, client.close);
        return [name as string, client];
      }),
    );
    const clientOf = (name: string) => {
      const client = clients.get(name);
      if (!client) throw new Error(`the supergraph names the subgraph ${name}, which has no address`);
      return client;
    };

    const keys = createKeySet({
      logger,
      fetchJwks: async () => {
        const authorization = `Bearer ${await signer.tokenFor('user')}`;
        return (await clientOf('user').send({ method: 'GET', path: '/internal/jwks', headers: { authorization }, repeatable: true, quiet: true })).body;
      },
    });
    releasers.add('signing keys', keys.stop);
    const askUser = async (path: string, timeoutMs: number, guarded = false) => {
      const authorization = `Bearer ${await signer.tokenFor('user')}`;
      return clientOf('user').send({ method: 'GET', path, headers: { authorization }, repeatable: true, quiet: true, guarded, timeoutMs });
    };
    const revocations = createRevocations({
      logger,
      ask: async (path) => {
        const { status, body } = await askUser(path, 15_000);
        if (status !== 200) throw new Error(`the user subgraph answered ${status}`);
        return body;
      },
    });
    releasers.add('revocations', revocations.stop);
    // A lane of their own: whoever makes tokens up keeps waiting only those who come with one that is not known yet.
    const lookUps = createWaitingLine({ limit: 8, queue: 500, retryAfter: 2 });
    const counters = createCounters({ redisUrl: config.redisUrl, logger });
    releasers.add('rate limits', counters.close);
    const rateLimits = createRateLimits({ settings: config.rateLimits, counters });
    const findApiToken = createFindApiToken({ guess: rateLimits.guess, ask: (path) => lookUps.run(() => askUser(path, config.subgraphTimeoutMs, true), performance.now() + 2_000) });
    const authenticate = createAuthenticate({ keys, findApiToken, revocations });
    const load = watchLoad({ settings: config.load, logger });
    releasers.add('load watch', load.stop);
    const admit = createAdmit({ rateLimits, load });
    releasers.add('metrics', tellOfGateway({ clients: [...clients.values()], rateLimits, load }));

    const { mode, path } = config.trustedDocuments;
    const bounds = createLimits({ settings: config.limits, trusted: readTrustedDocuments(path, mode) });
    const askLog = async (name: string, path: string) => {
      const authorization = `Bearer ${await signer.tokenFor(name)}`;
      const { status, body } = await clientOf(name).send({ method: 'GET', path, headers: { authorization }, repeatable: true, quiet: true, timeoutMs: 15_000 });
      if (status !== 200) throw new Error(`the ${name} subgraph answered ${status}`);
      return body;
    };
    const cache = config.cache && createCache({ settings: config.cache, ask: askLog, logger });
    if (cache) releasers.add('cache', cache.stop);
    const subscribed = createRunningSubscriptions();
    const { apollo, schema, take } = await startGraphQLServer({
      supergraphSdl: supergraphSdl ?? (await readSupergraph(config.supergraphPath)),
      follower: subscribed,
      limits: bounds,
      cache,
      ...(config.mergeFetches === undefined ? {} : { mergeFetches: config.mergeFetches }),
      ...(config.shareQueries === undefined ? {} : { shareQueries: config.shareQueries }),
      dataSource: (name) => createDataSource({ client: clientOf(name), signer, cache, logger }),
      introspection: config.introspection,
      ...(config.sandbox ? { landingPage } : {}),
      logger,
    });
    releasers.add('graphql server', () => apollo.stop());
    const file = supergraphSdl === undefined ? followSupergraphFile({ path: config.supergraphPath, take, logger }) : undefined;
    if (file) releasers.add('supergraph file', file.stop);

    const tasks = createLogWakeups({ name: 'task', url: config.subgraphUrls.task, identity: () => signer.tokenFor('task'), logger });
    releasers.add('wake-ups', tasks.stop);
    const notifications = createLogWakeups({ name: 'channel', url: config.subgraphUrls.channel, onDemand: true, identity: () => signer.tokenFor('channel'), logger });
    releasers.add('wake-ups of notifications', notifications.stop);
    const imports = createImportWakeups({ url: config.subgraphUrls.task, identity: (viewer) => signer.tokenFor('task', viewer) });
    releasers.add('wake-ups of imports', imports.stop);
    const wakeups = createWakeups({ tasks, imports, notifications, client: clientOf('task'), signer });
    const live = createLive({ apollo, schema, wakeups, subscribed, limits: config.live, logger });

    const streams = createEventStreams({ apollo, schema, live, bounds, revocations, limits: config.live });
    const transfers = createTransfers({ url: config.subgraphUrls.task, signer, limit: config.uploadLimit });
    releasers.add('transfers', transfers.close);
    const unsubscribe = createUnsubscribe({ url: config.subgraphUrls.channel, signer });
    releasers.add('unsubscribing', unsubscribe.close);

    const app = createHttpServer({ logger, missing: () => missingParts(keys), bodyLimit: config.bodyLimit, tracesFrom: config.trustTraceparent ? 'proxy' : 'never' });
    const closeUnused = watchUnused(app.server);
    let origins = new Set<string>();
    addDegraded(app, [...clients.values()], () => (file?.refused() ? ['supergraph'] : []));
    await addHttpRoutes(app, { apollo, bounds, authenticate, admit, keys, origins: () => origins, production: config.production, trustedProxies: config.trustedProxies, transfers, unsubscribe, streams });
    const url = await app.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' ? new StartError(`Port ${config.port} is taken: stop what listens there or set PORT to another one.`) : error;
    });
    const closeHttp = () => {
      const closed = app.close();
      closeUnused();
      return closed;
    };
    releasers.add('http server', closeHttp);
    origins = allowedOrigins(config, (app.server.address() as AddressInfo).port);

    const sockets = serveWebSocket({ server: app.server, path: '/graphql', origins, authenticate, admit, isOverloaded: () => load.reason() !== null, revocations, apollo, schema, live, bounds, limits: config.live, trustedProxies: config.trustedProxies, logger });
    // Both at once: what is under way has the same time on either.
    releasers.add('web sockets', () => Promise.all([sockets.close(), closeHttp()]));
    logger.info({ url }, 'the gateway listens');
    return { url, stop: releasers.releaseAll };
  } catch (error) {
    await releasers.releaseAll();
    throw error;
  }
}
