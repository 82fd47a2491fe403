// A peer for tests of one subgraph: a real HTTP server that speaks the event feed and the membership route, fed by the test.
import { eventModels, type EventPayload, type EventType } from '../contracts/events.js';
import type { MembershipAnswer } from '../contracts/membership.js';
import { createHttpServer } from '../http-server.js';
import { createIdentityVerifier } from '../identity.js';
import { newId } from '../ids.js';
import { createLogger } from '../logger.js';
import type { TestIdentities } from './identity.js';

export interface TestPeer {
  url: string;
  /** Appends an event, as its owner's log would tell it. */
  publish<T extends EventType>(type: T, aggregateId: string, payload: EventPayload<T>, actorId?: string): void;
  /** Sets what the membership route answers for one person and place; null forgets it. */
  setMember(placeId: string, userId: string, answer: Omit<MembershipAnswer, 'id'> | null): void;
  /** Makes the routes that resolve handles know one; their address is <handle>@example.org. */
  setHandle(handle: string, id: string): void;
  /** Makes somebody's account one that may not act. */
  deactivate(id: string): void;
  /** How often the membership route was asked. */
  asked(): number;
  /** Answers 503 to everything while true. */
  setAway(away: boolean): void;
  stop(): Promise<void>;
}

export async function startTestPeer(name: 'user' | 'project' | 'task' | 'channel', identities: TestIdentities): Promise<TestPeer> {
  const events: object[] = [];
  const members = new Map<string, MembershipAnswer>();
  const handles = new Map<string, string>();
  const inactive = new Set<string>();
  let asked = 0;
  let away = false;
  const verify = createIdentityVerifier({ service: name, publicKeys: identities.publicKeys });
  const app = createHttpServer({ logger: createLogger({ service: `test ${name}`, level: 'error' }), missing: async () => [] });
  app.addHook('onRequest', async (request, reply) => {
    if (away) return reply.code(503).send({ error: 'away' });
    if (!(await verify(request.headers.authorization))) return reply.code(401).send({ error: 'no identity' });
  });
  app.get<{ Querystring: { after?: string; types?: string; limit?: string } }>('/internal/events', async (request) => {
    const from = Number((request.query.after ?? '').split('.')[1] ?? 0);
    const wanted = (request.query.types ?? '').split(',');
    const next = `1.${events.length}.0`;
    const page = events.slice(from).filter((event) => wanted.includes((event as { type: string }).type));
    // Like the real feed an idle one answers soon, so that its reader's `asOf` stays young.
    if (page.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    return { events: page, next, more: false, asOf: new Date().toISOString() };
  });
  app.get<{ Querystring: { place: string; user: string } }>('/internal/memberships', async (request) => {
    asked += 1;
    const { place, user } = request.query;
    return members.get(`${place} ${user}`) ?? { role: null, version: 0, id: place, key: null, writable: true };
  });
  app.get<{ Querystring: { handles?: string; emails?: string; ids?: string; handlesOf?: string } }>('/internal/users', async (request) => {
    const people = [...handles].map(([handle, id]) => ({ id, handle, email: `${handle}@example.org`, active: !inactive.has(id) }));
    const asked = (list: string | undefined) => list?.split(',') ?? [];
    const { handles: named, emails, ids, handlesOf } = request.query;
    // Somebody without a handle exists all the same.
    if (ids !== undefined) return asked(ids).map((id) => ({ id, active: !inactive.has(id) }));
    return people.filter((person) => asked(named).includes(person.handle) || asked(emails).includes(person.email) || asked(handlesOf).includes(person.id));
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    publish(type, aggregateId, payload, actorId) {
      const position = events.length + 1;
      const checked = eventModels[type]?.parse(payload);
      const version = (payload as { version: number }).version;
      events.push({
        place: `1.${position}.0`, id: newId(), type, aggregateId, seq: version, version, payload: checked, actorId: actorId ?? null,
        traceId: null, scopeId: null, at: new Date().toISOString(),
      });
    },
    setMember(placeId, userId, answer) {
      if (answer) members.set(`${placeId} ${userId}`, { ...answer, id: placeId });
      else members.delete(`${placeId} ${userId}`);
    },
    setHandle: (handle, id) => void handles.set(handle, id),
    deactivate: (id) => void inactive.add(id),
    asked: () => asked,
    setAway: (value) => void (away = value),
    stop: () => app.close(),
  };
}
