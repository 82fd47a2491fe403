// Composition root of the gateway: everything is made here, and undone in reverse order by `stop`.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createHttpServer } from '@taskgraph/shared/http-server';
import { createIdentitySigner } from '@taskgraph/shared/identity';
import { createReleasers } from '@taskgraph/shared/shutdown';
import { StartError } from '@taskgraph/shared/start-error';
import type { Logger } from 'pino';
import { createFindApiToken } from './api-tokens.js';
import { createAuthenticate } from './authentication.js';
import { subgraphNames, type Config } from './config.js';
import { createDataSource } from './data-source.js';
import { startGraphQLServer } from './graphql-server.js';
import { addDegraded, missingParts } from './health.js';
import { addHttpRoutes } from './http-routes.js';
import { createKeySet } from './key-set.js';
import { landingPage } from './landing-page.js';
import { createRevocations } from './revocations.js';
import { allowedOrigins } from './origins.js';
import { createSubgraphClient } from './subgraph-client.js';
import { createLive } from './subscriptions/live.js';
import { createEventStreams } from './subscriptions/event-stream.js';
import { createImportWakeups } from './subscriptions/import-wakeups.js';
import { createLogWakeups } from './subscriptions/log-wakeups.js';
import { createWakeups } from './subscriptions/wake-sources.js';
import { serveWebSocket } from './subscriptions/websocket.js';
import { createTransfers } from './transfers.js';
import { createUnsubscribe } from './unsubscribe.js';
import { watchUnused } from './unused-connections.js';

export interface RunningGateway {
  url: string;
  stop: () => Promise<void>;
}

const committedSupergraph = new URL('../supergraph.graphql', import.meta.url);

/** `supergraphSdl` is for tests that bring subgraphs of their own. */
export async function startGateway(config: Config, logger: Logger, supergraphSdl = readFileSync(committedSupergraph, 'utf8')): Promise<RunningGateway> {
  const releasers = createReleasers(logger);
  try {
    const signer = createIdentitySigner({ service: 'gateway', privateKey: config.identityPrivateKey });
    const clients = new Map(
      subgraphNames.map((name) => {
        const client = createSubgraphClient({ name, url: config.subgraphUrls[name], timeoutMs: config.subgraphTimeoutMs, connections: config.subgraphConnections, logger });
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
    const askUser = async (path: string, timeoutMs: number) => {
      const authorization = `Bearer ${await signer.tokenFor('user')}`;
      return clientOf('user').send({ method: 'GET', path, headers: { authorization }, repeatable: true, quiet: true, timeoutMs });
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
    const findApiToken = createFindApiToken((path) => askUser(path, config.subgraphTimeoutMs));
    const authenticate = createAuthenticate({ keys, findApiToken, revocations });

    const { apollo, schema } = await startGraphQLServer({
      supergraphSdl,
      dataSource: (name, graph) => createDataSource({ client: clientOf(name), signer, schema: graph, logger }),
      introspection: config.introspection,
      ...(config.sandbox ? { landingPage } : {}),
      logger,
    });
    releasers.add('graphql server', () => apollo.stop());

    const tasks = createLogWakeups({ name: 'task', url: config.subgraphUrls.task, identity: () => signer.tokenFor('task'), logger });
    releasers.add('wake-ups', tasks.stop);
    const notifications = createLogWakeups({ name: 'channel', url: config.subgraphUrls.channel, onDemand: true, identity: () => signer.tokenFor('channel'), logger });
    releasers.add('wake-ups of notifications', notifications.stop);
    const imports = createImportWakeups({ url: config.subgraphUrls.task, identity: (viewer) => signer.tokenFor('task', viewer) });
    releasers.add('wake-ups of imports', imports.stop);
    const wakeups = createWakeups({ tasks, imports, notifications, client: clientOf('task'), signer });
    const live = createLive({ apollo, schema, wakeups, limits: config.live, logger });

    const streams = createEventStreams({ apollo, schema, live, revocations, limits: config.live });
    const transfers = createTransfers({ url: config.subgraphUrls.task, signer, limit: config.uploadLimit });
    releasers.add('transfers', transfers.close);
    const unsubscribe = createUnsubscribe({ url: config.subgraphUrls.channel, signer });
    releasers.add('unsubscribing', unsubscribe.close);

    const app = createHttpServer({ logger, missing: () => missingParts(keys), bodyLimit: config.bodyLimit });
    const closeUnused = watchUnused(app.server);
    let origins = new Set<string>();
    addDegraded(app, [...clients.values()]);
    await addHttpRoutes(app, { apollo, authenticate, keys, origins: () => origins, production: config.production, trustedProxies: config.trustedProxies, transfers, unsubscribe, streams });
    const url = await app.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' ? new StartError(`Port ${config.port} is taken: stop what listens there or set PORT to another one.`) : error;
    });
    releasers.add('http server', () => {
      const closed = app.close();
      closeUnused();
      return closed;
    });
    origins = allowedOrigins(config, (app.server.address() as AddressInfo).port);

    const sockets = serveWebSocket({ server: app.server, path: '/graphql', origins, authenticate, revocations, apollo, schema, live, limits: config.live, trustedProxies: config.trustedProxies, logger });
    releasers.add('web sockets', sockets.close);
    logger.info({ url }, 'the gateway listens');
    return { url, stop: releasers.releaseAll };
  } catch (error) {
    await releasers.releaseAll();
    throw error;
  }
}
