// The other subgraphs as this one meets them: real HTTP servers that speak the feed protocol, with the events a test appends.
import { createHttpServer } from '@taskgraph/shared/http-server';
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import type { Role } from '@taskgraph/shared/access/copy';

export interface AppendedEvent {
  type: string;
  aggregateId: string;
  payload: object;
  actorId: string | null;
  at?: Date;
}

export interface TestPeer {
  url: string;
  append: (event: AppendedEvent) => string;
  /** What /internal/memberships answers; nobody else is a member. */
  setRole: (placeId: string, userId: string, role: Role | null) => void;
  /** What a restore from a backup leaves: everything but the last `lost` events, under the next epoch. */
  restore: (lost: number) => void;
  stop: () => Promise<unknown>;
}

export async function startPeer(): Promise<TestPeer> {
  const log: { place: string; id: string; type: string }[] = [];
  const roles = new Map<string, Role | null>();
  let version = 1;
  let epoch = 1;
  /** How many events lie in older epochs. */
  let older = 0;
  const app = createHttpServer({ logger: createLogger({ service: 'peer', level: 'silent' }), missing: async () => [] });
  app.get<{ Querystring: { after: string; limit: string; types: string } }>('/internal/events', async ({ query }) => {
    const [inEpoch, number] = query.after.split('.').map(Number) as [number, number];
    const from = query.after === '' ? 0 : inEpoch < epoch ? Math.min(number, older) : number;
    const types = query.types.split(',');
    const after = () => log.slice(from).filter((event) => types.includes(event.type));
    for (let waited = 0; after().length === 0 && waited < 20; waited += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    const events = after().slice(0, Number(query.limit));
    return { events, next: `${epoch}.${log.length}.2147483647`, more: false, asOf: new Date().toISOString(), epoch };
  });
  app.get<{ Querystring: { place: string; user: string } }>('/internal/memberships', async ({ query }) => {
    const role = roles.get(`${query.place} ${query.user}`) ?? null;
    return { id: query.place, role, version, key: null, writable: true };
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    append({ at = new Date(), ...event }) {
      const id = newId();
      log.push({ ...event, place: `${epoch}.${log.length + 1}.0`, id, seq: 1, version: 1, traceId: null, scopeId: null, at: at.toISOString() } as never);
      return id;
    },
    setRole(placeId, userId, role) {
      roles.set(`${placeId} ${userId}`, role);
      version = Math.max(version, 1_000) + 1;
    },
    restore(lost) {
      log.splice(log.length - lost);
      older = log.length;
      epoch += 1;
    },
    stop: () => app.close(),
  };
}
