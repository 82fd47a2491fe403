// A subgraph's log behind its real route, which can go away and come back on the same port.
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import { addEventFeed, watchLog } from '../src/event-feed.js';
import { createHttpServer } from '../src/http-server.js';
import { createIdentityVerifier } from '../src/identity.js';
import { createPeer, type Peer } from '../src/peer.js';
import { createTestIdentities } from '../src/testing/identity.js';
import { freePort } from '../src/testing/ports.js';
import { writeTransaction } from '../src/write-transaction.js';
import type { NewEvent } from '../src/event-log.js';
import { silentLog } from './log-database.js';

export interface LogSource {
  url: string;
  peer: Peer;
  /** Writes events as the owner does, in one transaction. */
  emit: (...events: NewEvent[]) => Promise<void>;
  /** The route as another service sees it. */
  fetch: (query: string, caller?: 'stats' | 'gateway') => Promise<Response>;
  goAway: () => Promise<void>;
  comeBack: () => Promise<void>;
  stop: () => Promise<void>;
}

export async function startLogSource(database: DataSource): Promise<LogSource> {
  const identities = createTestIdentities();
  const verify = createIdentityVerifier({ service: 'channel', publicKeys: identities.publicKeys });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const watcher = watchLog(database);
  const peer = createPeer({ name: 'channel', url, signer: identities.signer('stats') });
  let app: FastifyInstance | null = null;

  async function comeBack(): Promise<void> {
    app = createHttpServer({ logger: silentLog, missing: async () => [] });
    app.addHook('onRequest', async (request, reply) => {
      const identity = await verify(request.headers.authorization);
      if (!identity) return reply.code(401).send({});
      request.identity = identity;
    });
    addEventFeed(app, database, watcher);
    await app.listen({ host: '127.0.0.1', port });
  }
  async function goAway(): Promise<void> {
    app?.server.closeAllConnections();
    await app?.close();
    app = null;
  }

  await comeBack();
  return {
    url, peer, comeBack, goAway,
    emit: (...events) =>
      writeTransaction(database, { lock: [], committed: () => watcher.poke() }, async (tx) => {
        for (const event of events) await tx.emit(event);
      }),
    fetch: async (query, caller = 'stats') => fetch(`${url}/internal/events${query}`, { headers: { authorization: `Bearer ${await identities.signer(caller).tokenFor('channel')}` } }),
    async stop() {
      await peer.close();
      watcher.stop();
      await goAway();
    },
  };
}
