// Speaks what this subgraph asks of the channel subgraph over real HTTP, behind the same identity check: the budget of guesses
// at codes, and the log with the events a test appends.
import { lookupAsker, type LookupAsker } from '@taskgraph/shared/contracts/code-lookup';
import { createHttpServer } from '@taskgraph/shared/http-server';
import { createIdentityVerifier } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import type { TestIdentities } from '@taskgraph/shared/testing/identity';

export interface ChannelPeer {
  url: string;
  /** Look-ups counted and not given back, by person. Over 30 there is no other, as the channel subgraph counts. */
  misses: Map<string, number>;
  /** Everybody it was asked for, in order. */
  askers: LookupAsker[];
  /** While true it answers 503. */
  away: boolean;
  append: (type: string, payload: object) => void;
  stop: () => Promise<unknown>;
}

export async function startChannelPeer(identities: TestIdentities): Promise<ChannelPeer> {
  const verify = createIdentityVerifier({ service: 'channel', publicKeys: identities.publicKeys });
  const log: { type: string }[] = [];
  const app = createHttpServer({ logger: createLogger({ service: 'peer', level: 'silent' }), missing: async () => [] });
  const peer: ChannelPeer = {
    url: '',
    misses: new Map(),
    askers: [],
    away: false,
    append(type, payload) {
      const id = newId();
      log.push({ type, place: `1.${log.length + 1}.0`, id, aggregateId: id, seq: 1, version: 1, payload, actorId: null, traceId: null, scopeId: null, at: new Date().toISOString() } as never);
    },
    stop: () => app.close(),
  };
  app.addHook('onRequest', async (request, reply) => {
    const identity = await verify(request.headers.authorization);
    if (identity?.caller !== 'project' || identity.viewer) return reply.code(401).send({});
    if (peer.away) return reply.code(503).send({});
  });
  app.post('/internal/code-lookups', async ({ body }) => {
    const asker = lookupAsker.parse(body);
    peer.askers.push(asker);
    const misses = (peer.misses.get(asker.user) ?? 0) + 1;
    peer.misses.set(asker.user, misses);
    return { retryAfter: misses > 30 ? 900 : null };
  });
  app.post('/internal/code-lookups/found', async ({ body }) => {
    const { user } = lookupAsker.parse(body);
    peer.misses.set(user, (peer.misses.get(user) ?? 1) - 1);
    return {};
  });
  app.get<{ Querystring: { after: string; types: string } }>('/internal/events', async ({ query }) => {
    const from = query.after === '' ? 0 : Number(query.after.split('.')[1]);
    for (let waited = 0; log.length === from && waited < 20; waited += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    const events = log.slice(from).filter((event) => query.types.split(',').includes(event.type));
    return { events, next: `1.${log.length}.2147483647`, more: false, asOf: new Date().toISOString(), epoch: 1 };
  });
  peer.url = await app.listen({ host: '127.0.0.1', port: 0 });
  return peer;
}
